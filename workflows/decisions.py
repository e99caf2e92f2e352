"""Decision tables: which rules answer in a case, and which two would answer in the same one.

An input is a fact or an expression of our language (see `expressions`), a condition on it is a cell (see `cells`),
and an output is again an expression. Tables come from files (see `dmn`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice
from typing import TypeAlias

from workflows.cells import Cell, ColumnType, witnesses
from workflows.expressions import Expression
from workflows.refusals import GatheredError
from workflows.values import ExpressionError, Value
from workflows.xml import XmlError

MAX_COMPARED = 5_000_000

_Facts: TypeAlias = Mapping[str, Value]


class DecisionError(GatheredError):
    """The table cannot be read or does not decide; the message names the table, the rule or column, and why."""


class HitPolicy(StrEnum):
    """How many rules answer: the only one that may match, the first that matches, or all that match."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    COLLECT = "COLLECT"


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions on a fact or expression."""

    name: str
    type: ColumnType
    expression: Expression


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class Rule:
    """A row, counted from 1: its conditions by column index, the empty ones left out, and its results by name."""

    id: str
    row: int
    cells: Mapping[int, Cell]
    outputs: Mapping[str, Expression]
    annotation: str

    def __str__(self) -> str:
        return f"rule {self.row} ({self.id})"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and what it says."""

    rule_id: str
    row: int
    outputs: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A compiled decision table."""

    id: str
    name: str
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the facts that the table reads."""
        asked = [column.expression for column in self.inputs]
        said = [expression for rule in self.rules for expression in rule.outputs.values()]
        return frozenset().union(*[expression.names for expression in asked + said])

    def decide(self, facts: _Facts) -> Mapping[str, Value] | None:
        """Return what the rule that answers says, none if no rule does; raise DecisionError as `hits`."""
        if self.hit_policy is HitPolicy.COLLECT:
            raise DecisionError(f"table '{self.id}': COLLECT has many answers; ask for its hits")
        hits = self.hits(facts)
        return hits[0].outputs if hits else None

    def hits(self, facts: _Facts) -> tuple[Hit, ...]:
        """Return the rules that answer, in their order; raise DecisionError on facts it cannot judge."""
        with located(f"table '{self.id}'"):
            matching = self._matching([_value(column, column.expression, facts) for column in self.inputs])
            rules = list(islice(matching, 1) if self.hit_policy is HitPolicy.FIRST else matching)
            if self.hit_policy is HitPolicy.UNIQUE and len(rules) > 1:
                raise DecisionError(f"{rules[0]} and {rules[1]} both match, but the table is UNIQUE")
            return tuple([self._hit(rule, facts) for rule in rules])

    def overlaps(self) -> Iterator[tuple[Rule, Rule]]:
        """Yield the pairs of rules that single values (no lists) can match at once, where that is decidable."""
        # Inputs that share a fact do not vary freely, so nothing is claimed about them before a case is judged.
        names = [name for column in self.inputs for name in column.expression.names]
        if len(names) > len(set(names)):
            return
        reaches = [self._reach(index) for index in range(len(self.inputs))]
        for one, other in combinations(self.rules, 2):
            if not any(reach[one.row - 1].isdisjoint(reach[other.row - 1]) for reach in reaches):
                yield one, other

    def _matching(self, values: list[Value]) -> Iterator[Rule]:
        for rule in self.rules:
            for index, cell in rule.cells.items():
                if not cell.matches(values[index]):
                    break
            else:
                yield rule

    def _hit(self, rule: Rule, facts: _Facts) -> Hit:
        with located(str(rule)):
            said = {column.name: _value(column, rule.outputs[column.name], facts) for column in self.outputs}
        return Hit(rule.id, rule.row, said)

    def _reach(self, index: int) -> list[set[int]]:
        """Return for each rule which witnesses of the input it matches."""
        cells = [rule.cells.get(index) for rule in self.rules]
        literals = {literal for cell in cells if cell is not None for literal in cell.literals}
        values = witnesses(self.inputs[index].type, literals)
        if len(values) * len(cells) > MAX_COMPARED:
            raise DecisionError(
                f"column '{self.inputs[index].name}' has too many literals to look for overlaps"
            )
        return [{n for n, one in enumerate(values) if cell is None or cell.matches(one)} for cell in cells]


def _value(column: Input | Output, expression: Expression, facts: _Facts) -> Value:
    try:
        value = expression.evaluate(facts)
    except ExpressionError as error:
        raise DecisionError(f"column '{column.name}': {error}") from None
    for one in value if isinstance(value, tuple) else (value,):
        if not column.type.fits(one):
            raise DecisionError(f"column '{column.name}': {one!r} is not of type {column.type}")
    return value


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put the place before the message of what is refused inside, as a DecisionError."""
    try:
        yield
    except (DecisionError, ExpressionError, XmlError) as error:
        located_error = DecisionError(f"{where}: {error}")
        if isinstance(error, DecisionError):
            located_error.others = tuple(DecisionError(f"{where}: {other}") for other in error.others)
        raise located_error from None
