"""What the files say reaches the definition; files that are no process are refused by name."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.catalogue import DEFINITIONS
from tests.workflows.diagrams import SEAT, a_definition, a_process, a_table, bpmn, holding, refusal
from workflows.definition import DefinitionError, read_definition

CHAIN = a_process("main", "start > a > end")
TABLE = {"rules.dmn": a_table("levels", "scope", "steps", {"-": 1})}


def test_a_step_carries_what_its_task_says():
    in_county = {
        "seat": "转入县级",
        "role": "handler",
        "form": "review",
        "due": "10",
        "skip_when": "same_authority",
        "outcomes": "approve hold",
        "mode": "single",
        "bulk": "true",
        "separate_from": "in_school",
        "blocking": "false",
    }
    step = a_definition("start > in_school > in_county > end", in_county=in_county).steps["in_county"]
    assert (step.seat, step.roles, step.form, step.outcomes) == (
        "转入县级",
        ("handler",),
        "review",
        ("approve", "hold"),
    )
    assert (step.due.text, step.skip_when.text) == ("10", "same_authority")
    assert (step.mode, step.bulk, step.separate_from, step.blocking) == (
        "single",
        True,
        ("in_school",),
        False,
    )


def test_a_step_that_says_little_is_a_blocking_approval_without_limit():
    step = a_definition("start > a > end").steps["a"]
    assert (step.seat, step.roles, step.form, step.outcomes) == (SEAT, ("registrar",), "", ("approve",))
    assert (step.due, step.skip_when, step.mode, step.bulk, step.blocking) == (
        None,
        None,
        "single",
        False,
        True,
    )


def test_what_the_engine_does_not_run_but_people_read_is_let_through():
    notes = "<bpmn:documentation>Look at <b>all</b> papers</bpmn:documentation>"
    drawing = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di"/>'
        '<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="main"/></bpmn:collaboration>'
    )
    file = holding(CHAIN, "main", '<bpmn:textAnnotation id="n"/><bpmn:association id="t"/>')
    file = holding(file, "a", notes).replace(
        b"</bpmn:definitions>", drawing.encode() + b"</bpmn:definitions>"
    )
    assert read_definition({"main.bpmn": file}, "main").steps["a"].documentation.startswith("Look at")


def test_steps_of_called_processes_stand_behind_the_ids_of_their_calls():
    inner = a_process("inner", "start > a > b > end", b={"separate_from": "a"})
    outer = a_process("outer", "start > call_2 > end", call_2={"calledElement": "inner"})
    steps = a_definition(
        "start > call_1 > c > end",
        call_1={"calledElement": "outer"},
        c={"separate_from": "call_1/call_2/a"},
        files={"outer.bpmn": outer, "inner.bpmn": inner},
    ).steps
    assert set(steps) == {"call_1/call_2/a", "call_1/call_2/b", "c"}
    assert steps["call_1/call_2/b"].separate_from == ("call_1/call_2/a",)


@pytest.mark.parametrize(
    ("drawn", "walked"),
    [
        (("b > c > end", "start > a > b"), "a b c"),
        (("call > c > end", "start > a > call"), "a call/d call/e c"),
        (("p_2 > c > end", "b > p_2", "p > b", "p > a > p_2", "start > p"), "b a c"),
        (
            ("b > c > x", "x > b if outcome('c') == 'again'", "x > d else", "d > end", "start > a > b"),
            "a b c d",
        ),
    ],
)
def test_steps_come_in_the_order_of_the_diagram_however_its_file_lists_them(drawn, walked):
    called = a_process("called", "e > end", "start > d > e")
    again = {"outcomes": "approve again"}
    definition = a_definition(
        *drawn, c=again, call={"calledElement": "called"}, files={"called.bpmn": called}
    )
    assert list(definition.steps) == walked.split()


def test_a_refusal_names_file_line_and_element():
    with pytest.raises(DefinitionError) as refused:
        read_definition({"转学.bpmn": a_process("main", "start > a > b > end", b={"role": ""})}, "main")
    assert str(refused.value) == "转学.bpmn, line 4: b: the step has no role"
    place = refused.value.place
    assert (place.source, place.line, place.element) == ("转学.bpmn", 4, "b")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no process has the id 'main'"),
        ({"other.bpmn": a_process("other", "start > end")}, "other.bpmn: no process has the id 'main'"),
        (
            {"main.bpmn": CHAIN, "again.bpmn": CHAIN},
            "again.bpmn, line 1: main: main.bpmn, line 1: main has the same",
        ),
        ({"main.bpmn": CHAIN, "notes.txt": b""}, "notes.txt: neither a .bpmn nor a .dmn file"),
        ({"main.bpmn": b"<bpmn"}, "main.bpmn"),
        ({"main.bpmn": b""}, "main.bpmn"),
        ({"main.bpmn": b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>"}, "DOCTYPE"),
        ({"main.bpmn": bpmn("")}, "<definitions> has one <process>, not 0"),
        ({"main.bpmn": bpmn('<bpmn:process id="a"/><bpmn:process id="b"/>')}, "has one <process>, not 2"),
        ({"main.bpmn": CHAIN, "rules.dmn": b"<dmn"}, "rules.dmn"),
        ({"main.bpmn": CHAIN, "rules.dmn": CHAIN}, "rules.dmn"),
        (
            {"main.bpmn": CHAIN, "b.dmn": TABLE["rules.dmn"], **TABLE},
            "rules.dmn: another file has a decision 'levels'",
        ),
    ],
)
def test_files_that_are_no_process_are_refused_by_name(files, said):
    assert said in refusal(files)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    files, definition = DEFINITIONS[data.draw(st.sampled_from(sorted(DEFINITIONS)))]
    name = data.draw(st.sampled_from(sorted(files)))
    words = re.findall(rb'[^<>="\s]+|["<>=]', files[name])
    old, new = data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, b"", "学".encode()]))
    damaged = files[name].replace(old, new, data.draw(st.sampled_from([1, -1])))
    with suppress(DefinitionError):
        assert read_definition({**files, name: damaged}, definition.key).key == definition.key
