"""The operators of the expression language: which types each takes, what comes out, and what computes it."""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import TypeAlias

from workflows.values import TYPES, ExpressionError, Value, ValueType, type_of

_Cases: TypeAlias = dict[tuple[type, ...], tuple[ValueType, Callable[..., Value]]]


@dataclass(frozen=True, slots=True)
class Sign:
    """An operator: for each choice of operand types, the type that comes out and what computes it."""

    spelling: str
    cases: _Cases

    def apply(self, *values: Value) -> Value:
        """Return what comes out for these operands; raise ExpressionError on types that do not go together."""
        case = self.cases.get(tuple(map(type, values)))
        if case is None:
            raise self._misfit(map(type_of, values))
        try:
            return case[1](*values)
        except (TypeError, ArithmeticError) as error:
            raise ExpressionError(f"'{self.spelling}' cannot be computed: {error}") from None

    def infer(self, *given: ValueType) -> ValueType:
        """Return the type that comes out for operands of these types; raise ExpressionError if none can."""
        found = {
            result
            for wanted, (result, _) in self.cases.items()
            if all(one in (TYPES[other], ValueType.ANY) for one, other in zip(given, wanted, strict=True))
        }
        if not found:
            raise self._misfit(given)
        return found.pop() if len(found) == 1 else ValueType.ANY

    def _misfit(self, given: Iterable[ValueType]) -> ExpressionError:
        return ExpressionError(f"'{self.spelling}' does not go with {' and '.join(given)}")


def _within(item: Value, items: tuple[Value, ...]) -> bool:
    return any(SIGNS[ast.Eq].apply(item, one) for one in items)


def _cases(result: ValueType, compute: Callable[..., Value], *operands: str) -> _Cases:
    """Return what a sign does with operands of each choice of types, named like "date number"."""
    choices = [[_PYTHON[ValueType(name)] for name in names.split()] for names in operands]
    return {types: (result, compute) for choice in choices for types in product(*choice)}


_PYTHON = {kind: [python for python in TYPES if TYPES[python] == kind] for kind in ValueType}
_BOOLEAN, _NUMBER, _DATE = ValueType.BOOLEAN, ValueType.NUMBER, ValueType.DATE
_ALIKE = [
    f"{one} {other}" for one, other in product(ValueType, repeat=2) if one == other or "none" in (one, other)
]
_ORDERED = ["number number", "date date"]
_LISTED = [f"{kind} list" for kind in ValueType if kind != "list"]
SIGNS: Mapping[type[ast.AST], Sign] = {
    ast.Eq: Sign("==", _cases(_BOOLEAN, operator.eq, *_ALIKE)),
    ast.NotEq: Sign("!=", _cases(_BOOLEAN, operator.ne, *_ALIKE)),
    ast.Lt: Sign("<", _cases(_BOOLEAN, operator.lt, *_ORDERED)),
    ast.LtE: Sign("<=", _cases(_BOOLEAN, operator.le, *_ORDERED)),
    ast.Gt: Sign(">", _cases(_BOOLEAN, operator.gt, *_ORDERED)),
    ast.GtE: Sign(">=", _cases(_BOOLEAN, operator.ge, *_ORDERED)),
    ast.In: Sign("in", _cases(_BOOLEAN, _within, *_LISTED)),
    ast.NotIn: Sign("not in", _cases(_BOOLEAN, lambda item, items: not _within(item, items), *_LISTED)),
    ast.Add: Sign(
        "+",
        _cases(_NUMBER, operator.add, "number number")
        | _cases(_DATE, lambda day, days: day + timedelta(days=days), "date number"),
    ),
    ast.Sub: Sign(
        "-",
        _cases(_NUMBER, operator.sub, "number number")
        | _cases(_DATE, lambda day, days: day - timedelta(days=days), "date number")
        | _cases(_NUMBER, lambda later, earlier: (later - earlier).days, "date date"),
    ),
    ast.USub: Sign("-", _cases(_NUMBER, operator.neg, "number")),
    ast.Not: Sign("not", _cases(_BOOLEAN, operator.not_, "boolean")),
    ast.And: Sign("and", _cases(_BOOLEAN, bool, "boolean")),
    ast.Or: Sign("or", _cases(_BOOLEAN, bool, "boolean")),
}
