"""The only expression language of diagrams and decision tables; safe by grammar, not by limits.

What parses, and nothing else:

- names of facts (`[a-z][a-z0-9_]*`) and `true false none` (also `True False None`);
- numbers of at most 12 digits (`12`, an int), without leading zeros, and 3 after the point (`3.5`, an exact Decimal);
- text of at most 200 characters in 'single' or "double" quotes, without backslashes;
- `== != < <= > >=`, one at a time; `in` and `not in` before a list `["a", name]` or a fact that is one;
- `and or not`, parentheses, `+` and `-` on numbers, `date + days`, `date - days`, `date - date` (whole days);
- `outcome("step")`: how that step was decided, none if it was not; `date("2026-01-01")`.

Every sign takes only the types that `SIGNS` lists for it: `check_types` looks there when a diagram is saved,
evaluation looks again, so a fact that is unknown or of another type is an error and never a silent "no".
A further function is one more row of `_FUNCTIONS`.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from workflows.grammar import ALLOWED, MAX_LENGTH, parse
from workflows.signs import SIGNS, Sign
from workflows.values import ExpressionError, Value, ValueType, type_of

_Facts: TypeAlias = Mapping[str, Value]
_Outcomes: TypeAlias = Mapping[str, str]
_Types: TypeAlias = Mapping[str, ValueType]
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class _Part:
    """One construct of an expression: how it is evaluated, and what type it has."""

    run: Callable[[_Facts, _Outcomes], Value]
    infer: Callable[[_Types], ValueType]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the facts it names and the steps whose outcome it asks for."""

    text: str
    names: frozenset[str]
    outcomes: frozenset[str]
    _whole: _Part = field(repr=False, compare=False)

    def evaluate(self, names: _Facts, outcomes: _Outcomes = MappingProxyType({})) -> Value:
        """Return the value for these facts and outcomes by step id; raise ExpressionError on a misfit."""
        try:
            return self._whole.run(names, outcomes)
        except ExpressionError as error:
            raise ExpressionError(f"{error}, in: {self.text}") from None


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return the expression that the text spells; raise ExpressionError if it is not of this language."""
    try:
        tree = parse(text)
        whole = _part(tree)
    except ExpressionError as error:
        raise ExpressionError(f"{error}, in: {text[:MAX_LENGTH]}") from None
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - _FUNCTIONS.keys() - _WORDS.keys()
    calls = [_spelled(node) for node in nodes if isinstance(node, ast.Call)]
    asked = frozenset(argument for function, argument in calls if function == "outcome")
    return Expression(text, frozenset(names), asked, whole)


def check_types(expression: Expression, types: _Types) -> ValueType:
    """Return the type the expression has for facts of these types; raise ExpressionError on a misfit."""
    try:
        return expression._whole.infer(types)
    except ExpressionError as error:
        raise ExpressionError(f"{error}, in: {expression.text}") from None


# --- From the tree to closures. What is not in the tables at the end does not compile.


def _part(node: ast.expr) -> _Part:
    if type(node) not in _GRAMMAR:
        raise ExpressionError(f"{ast.unparse(node)} ({type(node).__name__}) is not allowed; {ALLOWED}")
    return _GRAMMAR[type(node)](node)


def _sign(kind: ast.AST) -> Sign:
    if type(kind) not in SIGNS:
        raise ExpressionError(f"the sign {type(kind).__name__} is not allowed; {ALLOWED}")
    return SIGNS[type(kind)]


def _before(kind: ast.AST, operand: _Part) -> _Part:
    sign, run = _sign(kind), operand.run
    return _Part(
        lambda names, outcomes: sign.apply(run(names, outcomes)),
        lambda types: sign.infer(operand.infer(types)),
    )


def _between(kind: ast.AST, left: _Part, right: _Part) -> _Part:
    sign, one, other = _sign(kind), left.run, right.run
    return _Part(
        lambda names, outcomes: sign.apply(one(names, outcomes), other(names, outcomes)),
        lambda types: sign.infer(left.infer(types), right.infer(types)),
    )


def _comparison(node: ast.Compare) -> _Part:
    if len(node.ops) > 1:
        raise ExpressionError("comparisons in a chain are not allowed; write a < b and b < c")
    kind, left, right = node.ops[0], _part(node.left), node.comparators[0]
    match kind, right:
        case ast.In(), ast.List(elts=[*choices]) if choices:
            return _junction(ast.Or(), [_between(ast.Eq(), left, _part(choice)) for choice in choices])
        case ast.NotIn(), ast.List(elts=[*choices]) if choices:
            return _junction(ast.And(), [_between(ast.NotEq(), left, _part(choice)) for choice in choices])
    return _between(kind, left, _part(right))


def _junction(kind: ast.boolop, parts: list[_Part]) -> _Part:
    sign, decisive, operands = _sign(kind), isinstance(kind, ast.Or), [part.run for part in parts]

    def run(names: _Facts, outcomes: _Outcomes) -> Value:
        for operand in operands:
            if sign.apply(operand(names, outcomes)) is decisive:
                return decisive
        return not decisive

    def infer(types: _Types) -> ValueType:
        for part in parts:
            sign.infer(part.infer(types))
        return ValueType.BOOLEAN

    return _Part(run, infer)


def _name(node: ast.Name) -> _Part:
    name = node.id
    if name in _WORDS:
        return _fixed(_WORDS[name])
    if name in _FUNCTIONS:
        raise ExpressionError(f'{name} is a function; write {name}("…")')

    def read(names: Mapping[str, _Found]) -> _Found:
        try:
            return names[name]
        except KeyError:
            raise ExpressionError(f"unknown name {name}") from None

    return _Part(lambda names, outcomes: read(names), read)


def _constant(node: ast.Constant) -> _Part:
    value: Any = node.value
    # A float of at most 15 digits prints as it was written, so the Decimal is exact.
    return _fixed(Decimal(repr(value)) if isinstance(value, float) else value)


def _fixed(value: Value) -> _Part:
    kind = type_of(value)
    return _Part(lambda names, outcomes: value, lambda types: kind)


def _spelled(node: ast.Call) -> tuple[str, str]:
    match node:
        case ast.Call(ast.Name(function), [ast.Constant(str(argument))], []) if function in _FUNCTIONS:
            return function, argument
    raise ExpressionError(f"{ast.unparse(node)} is not allowed; {ALLOWED}")


def _call(node: ast.Call) -> _Part:
    function, argument = _spelled(node)
    return _FUNCTIONS[function](argument)


def _outcome(step: str) -> _Part:
    return _Part(lambda names, outcomes: outcomes.get(step), lambda types: ValueType.STRING)


def _date(text: str) -> _Part:
    # fromisoformat also takes weeks and days without hyphens.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ExpressionError(f"{text!r} is not a day written like 2026-01-01")
    try:
        return _fixed(date.fromisoformat(text))
    except ValueError:
        raise ExpressionError(f"{text!r} is not a day of the calendar") from None


_GRAMMAR: Mapping[type[ast.expr], Callable[[Any], _Part]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: _call,
    ast.Compare: _comparison,
    ast.BoolOp: lambda node: _junction(node.op, [_part(value) for value in node.values]),
    ast.BinOp: lambda node: _between(node.op, _part(node.left), _part(node.right)),
    ast.UnaryOp: lambda node: _before(node.op, _part(node.operand)),
}
_FUNCTIONS: Mapping[str, Callable[[str], _Part]] = {"outcome": _outcome, "date": _date}
_WORDS: _Facts = {"true": True, "false": False, "none": None}
