"""Does an expression name facts that exist, use them by their type, and ask for values that they can have?"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from workflows.check.report import Code
from workflows.check.vocabulary import Fact
from workflows.expressions import Expression, check_types
from workflows.grammar import parse
from workflows.refusals import did_you_mean
from workflows.values import ExpressionError, Value, ValueType

Misuse = tuple[Code, str]


def misuses(
    expression: Expression,
    wanted: ValueType,
    facts: Mapping[str, Fact],
    outcomes: Mapping[str, Iterable[str]],
) -> Iterator[Misuse]:
    """Yield what is wrong with an expression that is to yield `wanted`; `outcomes` are those of each step."""
    if unknown := sorted(expression.names - facts.keys()):
        for name in unknown:
            yield (
                Code.NAME_UNKNOWN,
                f"there is no fact '{name}', in: {expression.text}{did_you_mean(name, facts)}",
            )
        return
    try:
        found = check_types(expression, {name: facts[name].type for name in expression.names})
    except ExpressionError as error:
        yield Code.TYPE_WRONG, str(error)
        return
    if found not in (wanted, ValueType.ANY):
        yield Code.TYPE_WRONG, f"{expression.text} is a {found}, where a {wanted} is needed"
    for what, known, value in comparisons(expression, facts, outcomes):
        if value not in known:
            yield Code.VALUE_UNKNOWN, unknown_value(what, value, known)


def unknown_value(what: str, value: Value, known: Iterable[Value]) -> str:
    """Say that something never has a value, and which it may be meant for."""
    words = [one for one in known if isinstance(one, str)]
    guess = did_you_mean(value, words) if isinstance(value, str) else ""
    return f"{what} is never {value!r}{guess}"


def comparisons(
    expression: Expression, facts: Mapping[str, Fact], outcomes: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, frozenset[Value], Value]]:
    """Yield (what, its values, a literal it is compared with) for whatever has a closed list of values."""
    for node in ast.walk(parse(expression.text.strip())):
        if isinstance(node, ast.Compare):
            sides = [node.left, *_sides(node.comparators[0])]
            known = [found for side in sides if (found := _known(side, facts, outcomes))]
            literals = [side.value for side in sides if isinstance(side, ast.Constant)]
            values = [literal for literal in literals if isinstance(literal, str | int)]
            yield from ((*found, value) for found in known for value in values)


def _sides(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.List) else [node]


def _known(
    node: ast.expr, facts: Mapping[str, Fact], outcomes: Mapping[str, Iterable[str]]
) -> tuple[str, frozenset[Value]] | None:
    match node:
        case ast.Name(name) if name in facts and facts[name].words:
            return f"'{name}'", facts[name].words
        case ast.Call(ast.Name("outcome"), [ast.Constant(str(step))]) if step in outcomes:
            return f"the outcome of '{step}'", frozenset(outcomes[step])
    return None
