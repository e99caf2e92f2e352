"""Decisions that cannot be and cases that cannot go on are refused, and say why."""

from datetime import date

import pytest

from tests.workflows.catalogue import ALL_SEATS, COUNTY, DEFINITIONS, SCHOOL_ONLY, log_of
from tests.workflows.diagrams import a_definition, a_process, a_table
from workflows.engine import CaseStuck, TaskNotOpen, UnknownOutcome, complete, fold, open_tasks, start
from workflows.state import StateError


@pytest.mark.parametrize("key", ["b:1", "a:2", "a", "a:01", "", "x:1", "call/a:1"])
def test_a_task_that_is_not_open_is_refused_by_its_key(key):
    definition = a_definition("start > a > b > end")
    with pytest.raises(TaskNotOpen, match=f"'{key}' is not open; open are: a:1"):
        complete(definition, start(definition, ALL_SEATS).state, key, "approve", ALL_SEATS)


def test_a_task_is_decided_once():
    definition = a_definition("start > a > b > end")
    advance = complete(definition, start(definition, ALL_SEATS).state, "a:1", "approve", ALL_SEATS)
    with pytest.raises(TaskNotOpen):
        complete(definition, advance.state, "a:1", "approve", ALL_SEATS)


def test_an_outcome_the_step_does_not_offer_is_refused_by_name():
    definition = DEFINITIONS["choice"][1]
    with pytest.raises(UnknownOutcome, match="'a:1' is decided by approve or again, not by 'reject'"):
        complete(definition, start(definition, ALL_SEATS).state, "a:1", "reject", ALL_SEATS)


def test_a_log_the_diagram_does_not_allow_is_refused():
    with pytest.raises(TaskNotOpen):
        fold(DEFINITIONS["sequence"][1], ALL_SEATS, log_of("b:1"))
    with pytest.raises(UnknownOutcome):
        fold(DEFINITIONS["sequence"][1], ALL_SEATS, log_of("a:1=again"))


def test_a_state_of_another_process_is_refused():
    other = start(DEFINITIONS["loop"][1], ALL_SEATS).state
    with pytest.raises(StateError):
        complete(DEFINITIONS["sequence"][1], other, "a:1", "approve", ALL_SEATS)
    with pytest.raises(StateError):
        open_tasks(DEFINITIONS["sequence"][1], other)


@pytest.mark.parametrize(
    ("ways", "nodes", "facts", "said"),
    [
        (
            ["start > x", "x > a if kind == 'a'", "x > end if kind == 'b'", "a > end"],
            {},
            {"kind": "c"},
            "x: no cond",
        ),
        (["start > x", "x > a if kind == 'a'", "x > end else", "a > end"], {}, {}, "x: "),
        (
            ["start > x", "x > a if kind", "x > end else", "a > end"],
            {},
            {"kind": "yes"},
            "x: kind is neither true",
        ),
        (
            ["start > a > end"],
            {"a": {"skip_when": "kind"}},
            {"kind": None},
            "a: kind is neither true nor false",
        ),
        (["start > a > end"], {"a": {"skip_when": "kind"}}, {}, "a: "),
        (
            ["start > a > end"],
            {"a": {"due": "limit"}},
            {"limit": "ten"},
            "a: due yields 'ten', which is no number",
        ),
        (["start > a > end"], {"a": {"due": "limit"}}, {"limit": -1}, "a: due yields -1"),
        (["start > a > end"], {"a": {"due": "limit"}}, {"limit": True}, "a: due yields True"),
        (["start > a > end"], {"a": {"due": "limit"}}, {"limit": date(2026, 1, 1)}, "a: due yields"),
        (
            ["start > rule > end"],
            {"rule": {"ref": "levels"}},
            {"scope": "moon"},
            "rule: no rule of the decision",
        ),
        (["start > rule > end"], {"rule": {"ref": "levels"}}, {"scope": 1}, "rule: "),
        (
            ["start > call > end"],
            {"call": {"calledElement": "ruled"}},
            {"scope": "moon"},
            "call/rule: no rule of",
        ),
        (
            ["start > x", "x > a > p > end if scope == 'city'", "x > b > p else"],
            {"a": COUNTY},
            {},
            "p: the token waits",
        ),
        (
            ["start > x > a > x_1", "x_1 > x if scope == 'city'", "x_1 > end else"],
            {"a": COUNTY},
            {},
            "goes round in",
        ),
    ],
)
def test_a_case_that_cannot_go_on_says_where_and_why(ways, nodes, facts, said):
    moon = a_table("levels", "scope", "steps", {'"city"': 1})
    ruled = a_process("ruled", "start > rule > end", rule={"ref": "levels"})
    definition = a_definition(*ways, files={"rules.dmn": moon, "ruled.bpmn": ruled}, **nodes)
    with pytest.raises(CaseStuck) as stuck:
        start(definition, SCHOOL_ONLY | facts)
    assert said in str(stuck.value)


def test_facts_without_seats_are_refused():
    with pytest.raises(CaseStuck, match="do not name the seats"):
        start(DEFINITIONS["sequence"][1], {"skip": False})


def test_a_token_too_many_is_not_lost_at_a_join():
    ways = ["start > p_1", "p_1 > a > x > p_2", "p_1 > b > x", "p_1 > c > p_2", "p_2 > d > end"]
    definition = a_definition(*ways)
    joined = fold(definition, ALL_SEATS, log_of("a:1 b:1 c:1"))
    assert open_tasks(definition, joined.state) == ("d:1",)
    with pytest.raises(CaseStuck, match="p_2: the token waits for another that can never come"):
        complete(definition, joined.state, "d:1", "approve", ALL_SEATS)
