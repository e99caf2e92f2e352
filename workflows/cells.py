"""The cells of a decision table (unary tests), in a subset of S-FEEL: from their text to their test.

A cell is empty or `-` (anything), or a list, with or without `not(…)` around it, of literals (`"a"`, `12`, `3.5`,
`true`, `date("2026-01-01")`, `null`), comparisons (`< 3`, `>= 3`) and intervals (`[1..3]`, `(1..3)` or `]1..3[`).
A value that is unknown (none) matches only `-` and `null`; one that is a list matches where any element does, and
`not(…)` where none does.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeAlias

from workflows.expressions import compile_expression
from workflows.values import ExpressionError, Value

MAX_CELL = 1_000

_Test: TypeAlias = Callable[[Value], bool]


class ColumnType(StrEnum):
    """What the values of a column are, or the elements of those that are lists."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"

    def fits(self, value: Value) -> bool:
        """Say whether the value is of this type, or none."""
        return value is None or type(value) in _PYTHON_TYPES[self]


_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, Decimal),
    "integer": (int,),
    "boolean": (bool,),
    "date": (date,),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One condition: its test, the literals it is written with, and its text."""

    matches: _Test
    literals: tuple[Value, ...]
    text: str = ""


_LITERAL = r"""(?:"[^"]*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null|date\(\s*"[^"]*"\s*\))"""
_ITEM = re.compile(
    rf"""\s*(?:
        (?P<value>{_LITERAL})
        | (?P<sign><=|>=|<|>)\s*(?P<bound>{_LITERAL})
        | (?P<opens>[\[(\]])\s*(?P<low>{_LITERAL})\s*\.\.\s*(?P<high>{_LITERAL})\s*(?P<closes>[\])\[])
    )\s*,""",
    re.VERBOSE,
)
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_cell(text: str, kind: ColumnType) -> Cell | None:
    """Return the condition that the text spells, none if anything matches; raise ExpressionError on a misfit."""
    if text in {"", "-"}:
        return None
    negated = _NOT.fullmatch(text)
    cell = _list(negated[1] if negated else text, kind)
    test = cell.matches

    def matches(value: Value) -> bool:
        return any(map(test, value)) if isinstance(value, tuple) else test(value)

    def differs(value: Value) -> bool:
        return value is not None and not matches(value)

    return Cell(differs if negated else matches, cell.literals, text)


def with_a_bound_moved(text: str, kind: ColumnType) -> Iterator[str]:
    """Yield the text of a cell with each bound of its comparisons and intervals moved: by one, or a day, either way.

    What nothing would lie in is left out.
    """
    negated = _NOT.fullmatch(text)
    start, listed = (negated.start(1), negated[1]) if negated else (0, text)
    for item in _items(listed):
        for bound in [name for name in ("bound", "low", "high") if item[name]]:
            low, high = (start + end for end in item.span(bound))
            for step in (-1, 1):
                moved = text[:low] + _moved(item[bound], kind, step) + text[high:]
                with suppress(ExpressionError):
                    compile_cell(moved, kind)
                    yield moved


def _moved(literal: str, kind: ColumnType, step: int) -> str:
    value = _literal(literal, kind)
    if isinstance(value, date):
        return f'date("{value + timedelta(days=step)}")'
    assert isinstance(value, int | Decimal), "nothing else has an order"
    return str(value + step)


def witnesses(kind: ColumnType, literals: set[Any]) -> list[Value]:
    """Return values that stand for all: any other one matches the same cells as one of these."""
    known = sorted(literals - {None})
    match kind:
        case ColumnType.STRING:
            return [None, *known, "".join(known) + "?"]
        case ColumnType.BOOLEAN:
            return [None, False, True]
        case ColumnType.DATE:
            days = {day.toordinal() + step for day in known or [date(2000, 1, 1)] for step in (-1, 0, 1)}
            return [None, *[date.fromordinal(day) for day in days if 1 <= day <= date.max.toordinal()]]
    steps = {number + step for number in known or [0] for step in (-1, 0, 1)}
    between = [Decimal(low + high) / 2 for low, high in pairwise(known) if kind is ColumnType.NUMBER]
    return [None, *steps, *between]


def _list(text: str, kind: ColumnType) -> Cell:
    constants, ranges = [], []
    for item in _items(text):
        if item["value"]:
            constants.append(_literal(item["value"], kind))
        else:
            ranges.append(_range(item, kind))
    literals = (*constants, *[literal for one in ranges for literal in one.literals])
    tests: list[_Test] = [one.matches for one in ranges]
    if constants:
        tests.append(frozenset(constants).__contains__)
    return Cell(tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests), literals)


def _items(text: str) -> Iterator[re.Match[str]]:
    if len(text) > MAX_CELL:
        raise ExpressionError(f"a cell has at most {MAX_CELL:,} characters, this one has {len(text):,}")
    position, text = 0, f"{text},"
    while position < len(text):
        item = _ITEM.match(text, position)
        if item is None:
            raise ExpressionError(
                f'{text[position:-1][:40]!r} is not a list of literals ("a", 12, true, date("2026-01-01"), null),'
                " comparisons (< 3) and intervals ([1..3])"
            )
        yield item
        position = item.end()


def _range(item: re.Match[str], kind: ColumnType) -> Cell:
    if item["sign"]:
        sign, bound = _SIGNS[item["sign"]], _bound(item["bound"], kind)
        return Cell(lambda value: value is not None and sign(value, bound), (bound,))
    low, high = _bound(item["low"], kind), _bound(item["high"], kind)
    above = _SIGNS[">=" if item["opens"] == "[" else ">"]
    below = _SIGNS["<=" if item["closes"] == "]" else "<"]
    if not (above(high, low) and below(low, high)):
        raise ExpressionError(f"no value lies in {item[0].strip(' ,')}")
    return Cell(lambda value: value is not None and above(value, low) and below(value, high), (low, high))


def _bound(text: str, kind: ColumnType) -> Value:
    if text == "null" or kind in {ColumnType.STRING, ColumnType.BOOLEAN}:
        raise ExpressionError(f"{text} has no order; only numbers and dates have one")
    return _literal(text, kind)


def _literal(text: str, kind: ColumnType) -> Value:
    value = None if text == "null" else compile_expression(text).evaluate({})
    if not kind.fits(value):
        raise ExpressionError(f"{text} is not of type {kind}")
    return value
