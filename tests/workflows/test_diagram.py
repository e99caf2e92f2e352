"""What a diagram names must exist and fit together; what does not is refused by name."""

import pytest

from tests.workflows.diagrams import a_process, a_table, refusal


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        (["a > end"], "main: a process has one start event, not 0"),
        (["start1 > a > end", "start2 > a"], "main: a process has one start event, not 2"),
        (["start > a > b > a"], "main: a process has at least one end event"),
        (["start > a > end", "a > start"], "start: a flow leads back to the start event"),
        (["start > a > end > a"], "end: a flow leaves this end event"),
        (["start > a > end", "b > a"], "b: no flow leads here"),
        (["start > x", "x > a > end if skip", "x > b else"], "b: no flow leads on from here"),
        (["start > a > end1", "a > end2"], "a: 2 flows leave; only a gateway may split the way"),
        (["start > a > end1", "start > end2"], "start: 2 flows leave; only a gateway may split the way"),
        (
            ["start > a > end if skip"],
            "start-a: only a flow out of an exclusive gateway may have a condition",
        ),
        (["start > p", "p > a if skip", "a > end"], "p-a: only a flow out of an exclusive gateway may have"),
        (
            ["start > x > a > end", "x > end if skip"],
            "x-a: the flow has no condition and is not the default of",
        ),
        (["start > x", "x > a > end if skip and", "x > end else"], "x-a: "),
        (
            ["start > x", "x > a > end if outcome('b') == 'approve'", "x > end else"],
            "x-a: outcome('b') names no",
        ),
        (["start > " + " > ".join(f"s{n}" for n in range(499)) + " > end"], "main: 501 nodes; at most 500"),
    ],
)
def test_flows_that_do_not_fit_together_are_refused_by_name(ways, said):
    assert said in refusal({"main.bpmn": a_process("main", *ways)})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": ""}, "b: the step has no role"),
        ({"seat": ""}, "b: the step stands in no lane that names its seat (岗位)"),
        ({"due": "10 *"}, "b: "),
        ({"skip_when": "__import__('os')"}, "b: "),
        ({"skip_when": "outcome('c') == 'approve'"}, "b: outcome('c') names no step that somebody decides"),
        ({"separate_from": "a c"}, "b: separate_from names 'c', which is no other step"),
        ({"separate_from": "b"}, "b: separate_from names 'b', which is no other step"),
        ({"outcomes": ""}, "b: the outcomes are not a list of different words"),
        ({"outcomes": "yes yes"}, "b: the outcomes are not a list of different words"),
        ({"bulk": "yes"}, "b: bulk is 'true' or 'false', not 'yes'"),
        ({"blocking": "False"}, "b: blocking is 'true' or 'false', not 'False'"),
        ({"mode": "some"}, "b: there is no mode 'some'; there are single, all, any, sequence"),
        ({"mode": "all"}, "b: 2 to 10 roles sign a step of the mode 'all', not 1"),
        ({"mode": "any", "role": "lead " * 11}, "b: 2 to 10 roles sign a step of the mode 'any', not 11"),
        ({"role": "chief lead"}, "b: 2 roles decide it; say how in mode (all, any, sequence)"),
        (
            {"mode": "sequence", "role": "chief lead", "outcomes": "approve hold"},
            "b: the mode 'sequence' is for a decision with a single outcome",
        ),
        (
            {"mode": "all", "role": "chief lead", "blocking": "false"},
            "b: the mode 'all' is for a decision with a single outcome",
        ),
    ],
)
def test_a_step_that_says_what_cannot_be_is_refused_by_name(given, said):
    assert said in refusal({"main.bpmn": a_process("main", "start > a > b > end", b=given)})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "it asks no decision; name one in ref"),
        ({"ref": " "}, "it asks no decision; name one in ref"),
        ({"ref": "limits"}, "no file has a decision 'limits'"),
        ({"ref": "levels limits"}, "no file has a decision 'limits'"),
    ],
)
def test_a_decision_that_does_not_exist_is_refused_by_name(given, said):
    levels = {"rules.dmn": a_table("levels", "scope", "steps", {"-": 1})}
    file = a_process("main", "start > rule > end", rule=given)
    assert f"rule: {said}" in refusal({"main.bpmn": file, **levels})


@pytest.mark.parametrize("given", [{}, {"calledElement": "other"}])
def test_a_called_process_that_does_not_exist_is_refused_by_name(given):
    file = a_process("main", "start > call > end", call=given)
    assert f"call: it calls '{given.get('calledElement', '')}', and no file" in refusal({"main.bpmn": file})


def test_a_process_that_calls_itself_is_refused_by_name():
    file = a_process("main", "start > call > end", call={"calledElement": "main"})
    assert "call: it calls 'main', which leads back here" in refusal({"main.bpmn": file})


def test_a_default_flow_that_belongs_elsewhere_is_refused_by_name():
    file = a_process("main", "start > x", "x > a if skip", "x > end else", "a > end")
    elsewhere = file.replace(b'default="x-end"', b'default="a-end"')
    assert "x: the default flow 'a-end' does not leave this gateway" in refusal({"main.bpmn": elsewhere})
    conditional = file.replace(b'default="x-end"', b'default="x-a"')
    assert "x-a: the default flow may not have a condition" in refusal({"main.bpmn": conditional})


def test_two_flows_between_the_same_nodes_are_refused_by_name():
    file = a_process("main", "start > p_1 > a > p_2 > end", "p_1 > p_2").replace(
        b'sourceRef="a"', b'sourceRef="p_1"'
    )
    assert "p_1-p_2: a second flow from 'p_1' to 'p_2'" in refusal({"main.bpmn": file})


def test_calls_in_a_circle_are_refused_by_name():
    files = {
        f"{key}.bpmn": a_process(key, "start > call > end", call={"calledElement": called})
        for key, called in [("main", "b"), ("b", "c"), ("c", "b")]
    }
    assert refusal(files).startswith("c.bpmn, line 3: call: it calls 'b', which leads back here")


def test_calls_that_multiply_are_refused_before_they_do():
    twice = "start > call_1 > call_2 > end"
    files = {
        f"p{n}.bpmn": a_process(
            f"p{n}", twice, call_1={"calledElement": f"p{n + 1}"}, call_2={"calledElement": f"p{n + 1}"}
        )
        for n in range(40)
    }
    files["p40.bpmn"] = a_process("p40", "start > end")
    assert "more than 500 nodes, each called process counted once for each call" in refusal(files, "p0")


def test_an_outcome_of_a_filing_is_refused_by_name():
    ways = ["start > a > x", "x > a if outcome('a') == 'approve'", "x > end else"]
    file = a_process("main", *ways, a={"blocking": "false"})
    assert "x-a: outcome('a') names no step that somebody decides" in refusal({"main.bpmn": file})


def test_a_rule_that_may_have_many_answers_is_refused_by_name():
    collect = {"rules.dmn": a_table("levels", "scope", "steps", {"-": 1}, policy="COLLECT")}
    file = a_process("main", "start > rule > end", rule={"ref": "levels"})
    assert "rule: the decision 'levels' is COLLECT" in refusal({"main.bpmn": file, **collect})
