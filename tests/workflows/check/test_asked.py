"""The tables that the application asks have what it reads, in both languages, for every case that it asks about."""

from dataclasses import replace

import pytest

from tests.workflows.check.drawings import FACTS, VOCABULARY, drawn, found
from tests.workflows.tables import a_file
from workflows.check import Asked, Fact, check
from workflows.values import ValueType

TEXT = Fact(ValueType.STRING)
OUTPUTS = {"severity": Fact(ValueType.STRING, ("block", "warn")), "message_zh": TEXT, "message_en": TEXT}
COLUMNS = tuple((name, "string") for name in OUTPUTS)
INPUTS = [("stage", "string")]
BLOCK = ['"block"', '"不行"', '"No."']
ALL = [["-", *BLOCK]]


def codes(file, *, must_answer=False):
    asked = {"t": Asked({"stage": FACTS["stage"]}, OUTPUTS, must_answer=must_answer, many=True)}
    files = {"main.bpmn": drawn("start > a > end"), **({"t.dmn": file} if file else {})}
    checked = check(files, replace(VOCABULARY, asked=asked))
    return found(checked)


def test_a_table_that_has_all_is_clean():
    assert codes(a_file(INPUTS, ALL, outputs=COLUMNS), must_answer=True) == []


def test_a_table_that_is_not_there_is_told():
    assert codes(None) == [("table_missing", "t")]


@pytest.mark.parametrize("lacking", ["severity", "message_zh", "message_en"])
def test_a_column_that_is_not_there_is_told(lacking):
    kept = [name for name in OUTPUTS if name != lacking]
    row = ["-", *[cell for name, cell in zip(OUTPUTS, BLOCK, strict=True) if name != lacking]]
    found = codes(a_file(INPUTS, [row], outputs=[(name, "string") for name in kept]))
    assert ("output_missing", "t") in found
    assert (("not_translated", "t") in found) == lacking.startswith("message")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["-", '"stop"', '"不行"', '"No."'], "value_unknown"),
        (["-", '"block"', '""', '"No."'], "not_translated"),
        (["-", '"block"', '"不行"', "null"], "not_translated"),
        (["-", "null", '"不行"', '"No."'], "value_unknown"),
        (['"college"', *BLOCK], "value_unknown"),
        (["-", "stadium", '"不行"', '"No."'], "name_unknown"),
    ],
)
def test_a_cell_that_does_not_say_what_it_must_is_told_with_its_row(row, code):
    file = a_file(INPUTS, [["-", *BLOCK], row], outputs=COLUMNS)
    assert codes(file) == [(code, "r2")]


def test_a_gap_is_a_defect_only_where_there_must_be_an_answer():
    file = a_file(INPUTS, [['"vocational"', *BLOCK]], outputs=COLUMNS)
    assert codes(file) == []
    assert codes(file, must_answer=True) == [("gap", "t")]


def test_a_fact_of_the_application_is_none_of_the_diagram():
    asked = {"t": Asked({"stage": FACTS["stage"], "age": Fact(ValueType.NUMBER)}, OUTPUTS)}
    file = a_file([("age", "number")], ALL, outputs=COLUMNS, policy="FIRST")
    diagram = drawn("start > a > rule > end", rule={"ref": "t"})
    checked = check({"main.bpmn": diagram, "t.dmn": file}, replace(VOCABULARY, asked=asked))
    assert found(checked) == [("name_unknown", "t")]


def test_a_step_and_a_row_without_a_source_are_warned_of():
    diagram = drawn("start > a > rule > end", rule={"ref": "t"})
    file = a_file(INPUTS, [["-", '"x"']], outputs=[("reason", "string")], policy="FIRST")
    checked = check({"main.bpmn": diagram, "t.dmn": file}, VOCABULARY)
    assert [(one.severity, one.code, one.element) for one in checked.findings] == [
        ("warning", "no_source", "a"),
        ("warning", "no_source", "r1"),
    ]
    assert checked.publishable


def test_a_table_of_many_answers_cannot_give_the_one_that_is_needed():
    asked = {"t": Asked({"stage": FACTS["stage"]}, OUTPUTS)}
    files = {"main.bpmn": drawn("start > a > end"), "t.dmn": a_file(INPUTS, ALL, outputs=COLUMNS)}
    assert found(check(files, replace(VOCABULARY, asked=asked))) == [("table", "t")]
