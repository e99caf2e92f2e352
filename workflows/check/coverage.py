"""Which values no row of a decision table answers, and which rows never answer.

Each column splits its values into a few that its cells tell apart; a value is then the set of rows that it lets
pass, as bits. What is sought is one value for each column that no row passes in all of them.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workflows.cells import ColumnType, witnesses
from workflows.check.vocabulary import Fact
from workflows.decisions import DecisionTable, Input, Rule
from workflows.values import Value, ValueType

# Hundreds of times what a table that ships needs, and a tenth of a second.
MAX_LOOKS = 300_000
_A_LOOK_AT_ALL = 10


class TooManyValuesError(Exception):
    """The columns have too many values to look at all their combinations."""

    def __str__(self) -> str:
        return "its columns have too many values to look at all their combinations"


class _Looks:
    """How often a cell was looked at, in all that is asked of one table."""

    def __init__(self) -> None:
        self._left = MAX_LOOKS

    def spend(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise TooManyValuesError


class Choice(NamedTuple):
    """A value of a column, and the rows that it lets pass."""

    value: Value
    rows: int


def gap(table: DecisionTable, facts: dict[str, Fact]) -> dict[str, Value] | None:
    """Return values, by column name, that no row answers, none if each is answered; raise TooManyValuesError.

    Inputs that share a fact do not vary freely, so nothing is claimed about them.
    """
    names = [name for column in table.inputs for name in column.expression.names]
    if len(names) > len(set(names)):
        return None
    looks = _Looks()
    columns = [_choices(table, index, facts, looks) for index in range(len(table.inputs))]
    found = _uncovered(columns, (1 << len(table.rules)) - 1, looks)
    return None if found is None else _named(table, found)


def unreachable(table: DecisionTable, facts: dict[str, Fact]) -> list[Rule]:
    """Return the rows of a FIRST table before which another always answers; raise TooManyValuesError."""
    looks = _Looks()
    columns = [_choices(table, index, facts, looks) for index in range(len(table.inputs))]
    dead = []
    for rule in table.rules:
        own = 1 << (rule.row - 1)
        passing = [[choice for choice in column if choice.rows & own] for column in columns]
        if _uncovered(passing, own - 1, looks) is None:
            dead.append(rule)
    return dead


def values_of(fact: Fact | None, kind: ColumnType, literals: Iterable[Value]) -> list[Value]:
    """Return values of a fact that stand for all: any other matches the same cells as one of these."""
    if fact is not None and fact.values:
        return [*fact.values, *([None] if fact.unknown else [])]
    if fact is not None and fact.type is ValueType.LIST:
        return [(), *[(member,) for member in fact.members]]
    known = witnesses(kind, set(literals))
    return known if fact is None or fact.unknown else [value for value in known if value is not None]


def _choices(table: DecisionTable, index: int, facts: dict[str, Fact], looks: _Looks) -> list[Choice]:
    column = table.inputs[index]
    cells = [rule.cells.get(index) for rule in table.rules]
    literals = [literal for cell in cells if cell is not None for literal in cell.literals]
    choices: dict[int, Choice] = {}
    for value in values_of(_fact(column, facts), column.type, literals):
        looks.spend(len(cells))
        rows = sum(1 << row for row, cell in enumerate(cells) if cell is None or cell.matches(value))
        choices.setdefault(rows, Choice(value, rows))
    return list(choices.values())


def _fact(column: Input, facts: dict[str, Fact]) -> Fact | None:
    return facts.get(column.expression.text)


def _uncovered(columns: Sequence[Sequence[Choice]], rows: int, looks: _Looks) -> list[Value] | None:
    """Return a value for each column so that none of the rows passes in all of them."""

    def look(index: int, left: int) -> list[Value] | None:
        if index == len(columns):
            return None if left else []
        looks.spend(_A_LOOK_AT_ALL + len(columns[index]))
        tried: set[int] = set()
        for choice in sorted(columns[index], key=lambda choice: (choice.rows & left).bit_count()):
            remaining = choice.rows & left
            if remaining in tried:
                continue
            tried.add(remaining)
            rest = look(index + 1, remaining)
            if rest is not None:
                return [choice.value, *rest]
        return None

    return look(0, rows)


def _named(table: DecisionTable, values: Iterable[Value]) -> dict[str, Value]:
    return {column.name: value for column, value in zip(table.inputs, values, strict=True)}
