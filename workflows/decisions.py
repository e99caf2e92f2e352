"""Decision tables: which rules answer in a case, and which two would answer in the same one.

An input is a fact or an expression of our language (see `expressions`), a condition on it is a cell (see `cells`),
and an output is again an expression. Tables come from files (see `dmn`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import islice
from operator import and_
from typing import TypeAlias

from workflows.cells import Cell, ColumnType, witnesses
from workflows.expressions import Expression
from workflows.refusals import GatheredError
from workflows.values import ExpressionError, Value
from workflows.xml import XmlError

# A value is looked at in every rule: a hundred times what the tables that ship need, and a twentieth of a second.
MAX_COMPARED = 400_000

_Facts: TypeAlias = Mapping[str, Value]


class DecisionError(GatheredError):
    """The table cannot be read or does not decide; the message names the table, the rule or column, and why.

    One that a file is refused with has the `element` (the rule, else the table) and its `line` there.
    """

    def __init__(self, reason: str, element: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.element = element
        self.line = line


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
            hits = tuple([self._hit(rule, facts) for rule in rules])
        for listener in _listeners:
            listener(self, rules, facts)
        return hits

    def overlaps(self) -> Iterator[tuple[Rule, Rule]]:
        """Yield the pairs of rules that single values (no lists) can match at once, where that is decidable."""
        # Inputs that share a fact do not vary freely, so nothing is claimed about them before a case is judged.
        names = [name for column in self.inputs for name in column.expression.names]
        if len(names) > len(set(names)):
            return
        columns = self._meeting()
        for one in self.rules:
            meeting = reduce(and_, (column[one.row - 1] for column in columns), -1)
            yield from ((one, other) for other in self.rules[one.row :] if meeting >> other.row & 1)

    def _matching(self, values: list[Value]) -> Iterator[Rule]:
        for rule in self.rules:
            for index, cell in rule.cells.items():
                if not cell.matches(values[index]):
                    break
            else:
                yield rule

    def _hit(self, rule: Rule, facts: _Facts) -> Hit:
        try:
            said = {column.name: _value(column, rule.outputs[column.name], facts) for column in self.outputs}
        except DecisionError as error:
            raise DecisionError(f"{rule}: {error}") from None
        return Hit(rule.id, rule.row, said)

    def _meeting(self) -> list[list[int]]:
        """Return for each input and rule the rules, as bits by row, that some value of the input matches too."""
        left = MAX_COMPARED
        columns = []
        for index, column in enumerate(self.inputs):
            cells = [rule.cells.get(index) for rule in self.rules]
            values = witnesses(column.type, {literal for cell in cells if cell for literal in cell.literals})
            left -= len(values) * len(cells)
            if left < 0:
                raise DecisionError(f"column '{column.name}' has too many literals to look for overlaps")
            columns.append(_met(cells, values))
        return columns


Listener: TypeAlias = Callable[[DecisionTable, Sequence[Rule], _Facts], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener of every table that this process asks within the block, which of its rules answered, and in
    which case.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def _met(cells: Sequence[Cell | None], values: Iterable[Value]) -> list[int]:
    """Return for each cell the cells, as bits from 1 on, that match a value which it matches."""
    met = [0] * len(cells)
    for value in values:
        rows = [row for row, cell in enumerate(cells) if cell is None or cell.matches(value)]
        together = sum(2 << row for row in rows)
        for row in rows:
            met[row] |= together
    return met


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
def located(where: str, element: str | None = None, line: int | None = None) -> Iterator[None]:
    """Put the place before the message of what is refused inside, as a DecisionError.

    It is about this element in this line, unless it is known already to be about one in it.
    """

    def of_this(error: Exception) -> DecisionError:
        if isinstance(error, DecisionError) and error.element:
            return DecisionError(f"{where}: {error}", error.element, error.line)
        return DecisionError(f"{where}: {error}", element, line)

    try:
        yield
    except (DecisionError, ExpressionError, XmlError) as error:
        located_error = of_this(error)
        others = error.others if isinstance(error, DecisionError) else ()
        located_error.others = tuple(of_this(other) for other in others)
        raise located_error from None
