"""What is wrong in several places is raised as one refusal that holds the others, and names what is meant."""

import pytest

from tests.workflows.diagrams import a_process, a_table, refusal
from tests.workflows.tables import a_file
from workflows.decisions import DecisionError
from workflows.definition import DefinitionError, read_definition
from workflows.dmn import read_decisions
from workflows.engine import CaseStuck, start
from workflows.refusals import GatheredError, Refusals, did_you_mean


def test_nothing_gathered_is_nothing_refused():
    refusals = Refusals(GatheredError)
    with refusals.gathered():
        pass
    refusals.refuse()


def test_errors_of_another_kind_are_not_gathered():
    with pytest.raises(ZeroDivisionError), Refusals(GatheredError).gathered():
        raise ZeroDivisionError


def test_refusals_in_refusals_are_told_side_by_side():
    inner, outer = Refusals(GatheredError), Refusals(GatheredError)
    for word in ("one", "two"):
        with inner.gathered():
            raise GatheredError(word)
    with outer.gathered():
        inner.refuse()
    with outer.gathered():
        raise GatheredError("three")
    with pytest.raises(GatheredError, match="one") as raised:
        outer.refuse()
    assert [str(other) for other in raised.value.others] == ["two", "three"]


def test_a_definition_tells_the_first_problem_and_holds_those_of_other_files():
    files = {
        "main.bpmn": a_process("main", "start > a > b > end", a={"rool": "x"}, b={"form2": "x"}),
        "one.dmn": b"<dmn",
        "two.dmn": a_table("t", "stage", "level", {"< x": 1, "also wrong": 2, "-": 3}),
    }
    assert refusal(files).startswith("main.bpmn")
    with pytest.raises(DefinitionError) as raised:
        read_definition(files, "main")
    assert [other.place.source for other in raised.value.others] == [
        "main.bpmn",
        "one.dmn",
        "two.dmn",
        "two.dmn",
    ]


def test_every_wrong_row_of_a_table_is_told_with_the_table_before_it():
    file = a_file([("x", "number")], [["< x", ""], ["1", ""], ["?", ""]])
    with pytest.raises(DecisionError, match=r"^t\.dmn: table 't': line 1, rule 1") as raised:
        read_decisions(file, "t.dmn")
    assert [str(other)[:36] for other in raised.value.others] == ["t.dmn: table 't': line 1, rule 3: co"]


@pytest.mark.parametrize(
    ("word", "guess"), [("rool", "; did you mean 'role'?"), ("due", "; did you mean 'due'?"), ("zebra", "")]
)
def test_a_word_that_is_nearly_known_is_guessed(word, guess):
    assert did_you_mean(word, {"role", "due"}) == guess


def test_a_case_that_is_stuck_names_the_element_and_why_apart():
    inner = a_process("inner", "start > x", "x > a > end1 if skip", "x > b > end2 if skip")
    outer = a_process("main", "start > call > end", call={"calledElement": "inner"})
    definition = read_definition({"main.bpmn": outer, "inner.bpmn": inner}, "main")
    with pytest.raises(CaseStuck) as stuck:
        start(definition, {"seats": (), "skip": False})
    assert stuck.value.element == "call/x"
    assert stuck.value.why == "no condition holds, and the gateway has no default flow"
    assert str(stuck.value) == f"call/x: {stuck.value.why}"
