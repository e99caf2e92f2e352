"""What cannot be read is told all at once, each element by itself."""

from dataclasses import replace

from tests.workflows.check.drawings import VOCABULARY, drawn, errors, found, report
from tests.workflows.diagrams import a_table, holding
from tests.workflows.tables import a_file
from workflows.check import Asked, check

GOOD = drawn("start > a > b > end")


def test_every_step_that_cannot_be_read_is_told():
    checked = report(
        "start > a > b > c > d > end",
        a={"role": ""}, b={"mode": "all"}, c={"bulk": "yes"}, d={"separate_from": "nobody"},
    )  # fmt: skip
    assert found(checked) == [("diagram", "a"), ("diagram", "b"), ("diagram", "c")]


def test_every_name_that_leads_nowhere_is_told():
    checked = report(
        "start > a > x", "x > b > end1 if outcome('c') == 'again'", "x > d > end2 else",
        a={"separate_from": "nobody"}, b={"separate_from": "b"}, d={"skip_when": "outcome('e') == 'again'"},
    )  # fmt: skip
    assert sorted(found(checked)) == [
        ("diagram", "a"),
        ("diagram", "b"),
        ("diagram", "d"),
        ("diagram", "x-b"),
    ]


def test_every_element_and_attribute_that_is_not_supported_is_told():
    file = holding(GOOD, "main", '<bpmn:scriptTask id="s"/><bpmn:dataObject id="d"/>')
    file = file.replace(b'<xj:step role="registrar"', b'<xj:step rool="registrar"')
    checked = check({"main.bpmn": file}, VOCABULARY)
    assert sorted(found(checked)) == [("diagram", "a"), ("diagram", "b"), ("diagram", "d"), ("diagram", "s")]


def test_a_misspelt_property_is_told_with_the_one_that_is_meant():
    checked = report("start > a > end", a={"seperate_from": "b"})
    assert (
        "'seperate_from' of <xj:step> is not supported; did you mean 'separate_from'?"
        in errors(checked)[0].message
    )


def test_every_flow_that_does_not_fit_is_told():
    checked = report("start > x", "x > a", "x > b > end", "x > c > d > end")
    assert {element for _, element in found(checked)} == {"a", "x-a", "x-b", "x-c"}


def test_every_file_is_read_whatever_the_others_are():
    files = {"main.bpmn": GOOD, "one.dmn": b"<dmn", "other.dmn": b"<a/>", "third.bpmn": b"", "notes.txt": b""}
    checked = check(files, VOCABULARY)
    assert sorted({finding.file for finding in errors(checked)}) == [
        "notes.txt",
        "one.dmn",
        "other.dmn",
        "third.bpmn",
    ]
    assert checked.process is None


def test_every_row_and_column_that_cannot_be_read_is_told_with_its_line():
    rows = [["< x", '"a"'], ["1", "b"], ["2", '"c"'], ["3", "4"]]
    file = a_file([("grade", "number")], rows).replace(b"<rule", b"\n<rule")
    checked = check({"main.bpmn": GOOD, "t.dmn": file}, VOCABULARY)
    assert [(one.code, one.line) for one in errors(checked)] == [("table", 2), ("table", 5)]


def test_tables_are_looked_at_though_the_diagram_cannot_be_read():
    asked = replace(VOCABULARY, asked={"levels": Asked(VOCABULARY.facts, {})})
    files = {"main.bpmn": b"<bpmn", "levels.dmn": a_table("levels", "stadium", "level", {"-": 1})}
    assert {finding.code for finding in errors(check(files, asked))} == {"unreadable", "name_unknown"}


def test_the_process_is_the_one_that_no_other_calls():
    outer = drawn("start > call > end", key="outer", call={"calledElement": "inner"})
    inner = drawn("start > a > end", key="inner")
    assert check({"i.bpmn": inner, "o.bpmn": outer}, VOCABULARY).process == "outer"


def test_of_two_processes_that_nothing_calls_one_has_to_be_named():
    files = {f"{key}.bpmn": drawn("start > a > end", key=key) for key in ("one", "two")}
    assert found(check(files, VOCABULARY)) == [("diagram", "two")]
    assert check(files, VOCABULARY, "two").process == "two"


def test_what_stands_in_a_process_that_is_called_twice_is_told_once():
    inner = drawn("start > a > end", key="inner", a={"role": "king"})
    checked = report(
        "start > call_1 > call_2 > end",
        call_1={"calledElement": "inner"}, call_2={"calledElement": "inner"}, files={"inner.bpmn": inner},
    )  # fmt: skip
    assert [(one.code, one.file, one.element) for one in errors(checked)] == [
        ("role_unknown", "inner.bpmn", "a")
    ]
    assert str(errors(checked)[0]).startswith("error role_unknown inner.bpmn:3 a: there is no role 'king'")
