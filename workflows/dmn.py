"""DMN 1.3 files, as dmn-js writes them, read into decision tables; what would be left unread is refused by name.

An output entry that is empty or `null` is none. The note on a rule is its `description`: that, and not DMN's
`annotationEntry`, is what dmn-js shows and edits as annotation. A UNIQUE table whose rules overlap is refused.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from lxml import etree

from workflows.cells import Cell, ColumnType, compile_cell
from workflows.decisions import DecisionError, DecisionTable, HitPolicy, Input, Output, Rule, located
from workflows.expressions import Expression, check_types, compile_expression
from workflows.refusals import Refusals
from workflows.values import ValueType
from workflows.xml import attribute, line_of, read_xml, refuse_unread

MAX_RULES = 1_000
FILES_REMEMBERED = 32  # A check reads each several times, and most processes share them.

_Choice = TypeVar("_Choice", bound=StrEnum)
_Item = TypeVar("_Item")
_Read = TypeVar("_Read")
_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DMN = f"{{{_NAMESPACE}}}"
_READ: Mapping[str, str] = {
    parent: f"{children} description extensionElements"
    for parent, children in {
        "definitions": "decision inputData knowledgeSource textAnnotation association",
        "decision": "decisionTable variable informationRequirement authorityRequirement",
        "informationRequirement": "requiredInput",
        "decisionTable": "input output rule",
        "input": "inputExpression",
        "inputExpression": "text",
        "output": "",
        "rule": "inputEntry outputEntry",
        "inputEntry": "text",
        "outputEntry": "text",
    }.items()
}


def read_decisions(data: bytes, source: str) -> dict[str, DecisionTable]:
    """Return the tables of a DMN file by decision id; raise XmlError or DecisionError, naming the source."""
    return {table.id: table for table in _tables(data, source)}


@lru_cache(maxsize=FILES_REMEMBERED)
def _tables(data: bytes, source: str) -> Sequence[DecisionTable]:
    root = read_xml(data, source)
    with located(source):
        if root.tag != f"{_DMN}definitions":
            raise DecisionError(f"{root.tag} is not the definitions element of DMN 1.3")
        refuse_unread(root, _NAMESPACE, _READ)
        _refuse_other_languages(root)
        tables = _each(_table, root.iterfind(f"{_DMN}decision"))
        _refuse_doubles("decision", [table.id for table in tables])
    return tables


def _refuse_other_languages(root: etree._Element) -> None:
    for element in root.iterfind(".//*[@expressionLanguage]"):
        language = element.get("expressionLanguage")
        raise DecisionError(f"line {element.sourceline}: expressionLanguage {language} is not supported")


def _refuse_doubles(what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise DecisionError(f"{what} '{name}' is there {count} times")


def _table(decision: etree._Element) -> DecisionTable:
    key = attribute(decision, "id")
    with located(f"table '{key}'", key, line_of(decision)):
        grid = _child(decision, "decisionTable")
        inputs = tuple(_each(_input, grid.iterfind(f"{_DMN}input")))
        outputs = tuple(_each(_output, grid.iterfind(f"{_DMN}output")))
        rows = grid.findall(f"{_DMN}rule")
        if not outputs or len(rows) > MAX_RULES:
            raise DecisionError(f"a table has an output and at most {MAX_RULES:,} rules")
        rules = tuple(_each(lambda row: _rule(*row, inputs, outputs), enumerate(rows, 1)))
        table = DecisionTable(key, decision.get("name", ""), _hit_policy(grid), inputs, outputs, rules)
        _refuse_ambiguity(table, [line_of(row) for row in rows])
    return table


def _refuse_ambiguity(table: DecisionTable, lines: Sequence[int | None]) -> None:
    _refuse_doubles("input", [column.expression.text for column in table.inputs])
    _refuse_doubles("output", [column.name for column in table.outputs])
    _refuse_doubles("rule", [rule.id for rule in table.rules])
    if table.hit_policy is HitPolicy.UNIQUE:
        for one, other in table.overlaps():
            said = f"{one} and {other} overlap, but the table is UNIQUE"
            raise DecisionError(said, other.id, lines[other.row - 1])


def _each(read: Callable[[_Item], _Read], items: Iterable[_Item]) -> list[_Read]:
    """Read all of them; what is wrong with several is told together."""
    refusals = Refusals(DecisionError)
    found = []
    for item in items:
        with refusals.gathered():
            found.append(read(item))
    refusals.refuse()
    return found


def _hit_policy(grid: etree._Element) -> HitPolicy:
    if aggregation := grid.get("aggregation"):
        raise DecisionError(f"aggregation {aggregation} is not supported")
    return _choice(HitPolicy, grid.get("hitPolicy", HitPolicy.UNIQUE), "hit policy")


def _choice(choices: type[_Choice], text: str, what: str) -> _Choice:
    if text not in list(choices):
        raise DecisionError(f"{what} '{text}' is not supported; take one of {' '.join(choices)}")
    return choices(text)


def _input(element: etree._Element) -> Input:
    asked = _child(element, "inputExpression")
    text = _text(asked)
    name = element.get("label") or text
    with located(f"column '{name}'", element.get("id"), line_of(element)):
        column = Input(
            name, _choice(ColumnType, asked.get("typeRef", ""), "typeRef"), compile_expression(text)
        )
        _refuse_misfit(column.expression, column.type)
    return column


def _output(element: etree._Element) -> Output:
    name = attribute(element, "name")
    with located(f"column '{name}'", element.get("id"), line_of(element)):
        if compile_expression(name).names != {name}:
            raise DecisionError("an output is named like a fact")
        return Output(name, _choice(ColumnType, element.get("typeRef", ""), "typeRef"))


def _rule(row: int, element: etree._Element, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> Rule:
    conditions, results = element.findall(f"{_DMN}inputEntry"), element.findall(f"{_DMN}outputEntry")
    with located(f"line {line_of(element)}, rule {row}", element.get("id"), line_of(element)):
        if (len(conditions), len(results)) != (len(inputs), len(outputs)):
            raise DecisionError("a rule has one entry for each input and each output")
        cells = [_condition(column, entry) for column, entry in zip(inputs, conditions, strict=True)]
        return Rule(
            id=attribute(element, "id"),
            row=row,
            cells={index: cell for index, cell in enumerate(cells) if cell is not None},
            outputs={
                column.name: _result(column, entry) for column, entry in zip(outputs, results, strict=True)
            },
            annotation=_text(element, "description"),
        )


def _condition(column: Input, entry: etree._Element) -> Cell | None:
    with located(f"column '{column.name}'"):
        return compile_cell(_text(entry), column.type)


def _result(column: Output, entry: etree._Element) -> Expression:
    text = _text(entry)
    with located(f"column '{column.name}'"):
        expression = compile_expression("none" if text in {"", "null"} else text)
        _refuse_misfit(expression, column.type)
    return expression


def _refuse_misfit(expression: Expression, kind: ColumnType) -> None:
    if expression.outcomes:
        raise DecisionError("a table knows facts, not the outcome of a step")
    if expression.names:
        found = check_types(expression, dict.fromkeys(expression.names, ValueType.ANY))
        wanted = ValueType.NUMBER if kind is ColumnType.INTEGER else ValueType(kind)
        fits = found in {wanted, ValueType.NONE, ValueType.ANY}
    else:
        fits = kind.fits(expression.evaluate({}))
    if not fits:
        raise DecisionError(f"{expression.text} is not of type {kind}")


def _child(element: etree._Element, name: str) -> etree._Element:
    child = element.find(f"{_DMN}{name}")
    if child is None:
        raise DecisionError(f"line {element.sourceline}: there is no {name}")
    return child


def _text(element: etree._Element, name: str = "text") -> str:
    return (element.findtext(f"{_DMN}{name}") or "").strip()
