"""What the engine makes of decisions, step by step."""

import pytest

from tests.workflows.catalogue import AGAIN, ALL_SEATS, COUNTY, DEFINITIONS, SCHOOL_ONLY, log_of
from tests.workflows.diagrams import a_definition, a_process, a_table
from workflows.engine import SkipReason, TaskNotOpen, complete, open_tasks, start


def stations(definition, decisions, facts):
    """Return the open tasks after the start and after each decision, "ended" at the end."""
    advance = start(definition, facts)
    passed = [advance]
    for key, outcome in log_of(decisions):
        advance = complete(definition, advance.state, key, outcome, facts)
        passed.append(advance)
    return ["ended" if a.ended else " ".join(open_tasks(definition, a.state)) for a in passed]


@pytest.mark.parametrize(
    ("diagram", "decisions", "expected"),
    [
        ("sequence", "a:1 b:1 c:1", "a:1, b:1, c:1, ended"),
        ("choice", "a:1", "a:1, ended"),
        ("choice", "a:1=again b:1", "a:1, b:1, ended"),
        ("merge", "b:1 c:1", "b:1, c:1, ended"),
        ("loop", "a:1 b:1=again a:2 b:2=again a:3 b:3", "a:1, b:1, a:2, b:2, a:3, b:3, ended"),
        ("parallel", "a:1 b:1 c:1", "a:1 b:1, b:1, c:1, ended"),
        ("parallel", "b:1 a:1 c:1", "a:1 b:1, a:1, c:1, ended"),
        (
            "three branches of unequal length",
            "b:1 c:1 a:1 d:1 e:1",
            "a:1 b:1 c:1, a:1 c:1, a:1 d:1, d:1, e:1, f:1",
        ),
        ("an empty branch", "b:1 a:1", "a:1 b:1, a:1, ended"),
        ("nested parallel", "d:1 b:1 a:1 c:1", "a:1 b:1 d:1, a:1 b:1, a:1, c:1, ended"),
        ("nested parallel", "a:1 b:1 c:1 d:1", "a:1 b:1 d:1, b:1 d:1, c:1 d:1, d:1, ended"),
        (
            "parallel in a loop",
            "a:1 b:1 c:1=again b:2 a:2 c:2",
            "a:1 b:1, b:1, c:1, a:2 b:2, a:2, c:2, ended",
        ),
        ("a loop in a branch", "b:1 a:1=again a:2", "a:1 b:1, a:1, a:2, ended"),
        ("ends of their own", "a:1 b:1", "a:1 b:1, b:1, ended"),
        ("ends of their own", "b:1=again c:1 a:1", "a:1 b:1, a:1 c:1, a:1, ended"),
        ("a call", "a:1 call/handler:1 call/chief:1 b:1", "a:1, call/handler:1, call/chief:1, b:1, ended"),
        (
            "a call beside a step",
            "call/out:1 a:1 call/into:1",
            "a:1 call/into:1 call/out:1, a:1 call/into:1, call/into:1, ended",
        ),
        (
            "calls in calls",
            "call_1/a:1 call_1/call/handler:1 call_1/call/chief:1",
            "call_1/a:1, call_1/call/handler:1, call_1/call/chief:1, call_2/handler:1",
        ),
        (
            "two calls of the same at once",
            "call_2/handler:1 call_1/handler:1",
            "call_1/handler:1 call_2/handler:1, call_1/handler:1 call_2/chief:1, call_1/chief:1 call_2/chief:1",
        ),
        (
            "a call in a loop",
            "call/handler:1 call/chief:1 a:1=again call/handler:2",
            "call/handler:1, call/chief:1, a:1, call/handler:2, call/chief:2",
        ),
        ("a loop in a call", "call/a:1=again call/a:2", "call/a:1, call/a:2, ended"),
        ("a rule", "b:1", "b:1, ended"),
        ("a rule in a call", "call/b:1 a:1", "call/b:1, a:1, ended"),
        ("a filing on the way", "a:1 c:1", "a:1, c:1, ended"),
        ("a filing at the end", "a:1", "a:1, ended"),
        ("a filing in a branch", "b:1", "b:1, ended"),
    ],
)
def test_tokens_go_where_the_diagram_leads(diagram, decisions, expected):
    assert ", ".join(stations(DEFINITIONS[diagram][1], decisions, ALL_SEATS)) == expected


@pytest.mark.parametrize(
    ("diagram", "decisions", "expected"),
    [
        ("sequence", "a:1 c:1", "a:1, c:1, ended"),
        ("a branch that is skipped", "b:1 c:1", "b:1, c:1, ended"),
        ("nested parallel", "a:1 d:1 c:1", "a:1 d:1, c:1 d:1, c:1, ended"),
        ("a call", "a:1 call/handler:1 b:1", "a:1, call/handler:1, b:1, ended"),
        ("all skipped", "", "ended"),
    ],
)
def test_a_seat_that_does_not_exist_is_passed(diagram, decisions, expected):
    assert ", ".join(stations(DEFINITIONS[diagram][1], decisions, SCHOOL_ONLY)) == expected


def test_a_skipped_step_is_told_with_its_reason():
    definition = a_definition("start > a > b > c > end", a=COUNTY, b={"skip_when": "skip"})
    advance = start(definition, SCHOOL_ONLY | {"skip": True})
    assert [(task.key, task.reason) for task in advance.skipped] == [
        ("a:1", SkipReason.NO_SEAT),
        ("b:1", SkipReason.SKIP_WHEN),
    ]
    assert [task.key for task in advance.opened] == ["c:1"]


def test_a_step_can_be_skipped_for_how_another_was_decided():
    definition = DEFINITIONS["a skip by expression"][1]
    assert stations(definition, "a:1 c:1", ALL_SEATS) == ["a:1", "c:1", "ended"]
    assert stations(definition, "b:1 c:1", ALL_SEATS | {"skip": True}) == ["b:1", "c:1", "ended"]


def test_a_decision_closes_its_task_and_opens_the_next():
    definition = a_definition("start > a > b > end", b={"due": "limit + 5"})
    facts = ALL_SEATS | {"limit": 10}
    advance = complete(definition, start(definition, facts).state, "a:1", "approve", facts)
    (opened,) = advance.opened
    assert (opened.key, opened.step, opened.due) == ("b:1", definition.steps["b"], 15)
    assert (advance.closed, advance.skipped, advance.ended) == (("a:1",), (), False)


def test_a_step_without_limit_has_no_due():
    definition = a_definition("start > a > end", a={"due": "limit"})
    assert start(definition, ALL_SEATS | {"limit": None}).opened[0].due is None


def test_a_filing_is_told_and_waited_for_by_nobody():
    definition = DEFINITIONS["a filing at the end"][1]
    advance = complete(definition, start(definition, ALL_SEATS).state, "a:1", "approve", ALL_SEATS)
    assert [task.key for task in advance.opened] == ["filing:1"]
    assert advance.ended
    with pytest.raises(TaskNotOpen):
        complete(definition, advance.state, "filing:1", "approve", ALL_SEATS)


def test_what_a_rule_answers_is_a_fact_for_the_rest_of_the_case():
    limits = {"limits.dmn": a_table("limits", "scope", "limit", {'"city"': 10, "-": 5})}
    definition = a_definition(
        "start > rule > a > b > end", rule={"ref": "limits"}, b={"due": "limit"}, files=limits
    )
    advance = complete(definition, start(definition, ALL_SEATS).state, "a:1", "approve", ALL_SEATS)
    assert [task.due for task in advance.opened] == [10]


def test_of_several_tables_the_later_one_may_read_what_the_earlier_one_answers():
    files = {
        "sizes.dmn": a_table("sizes", "scope", "size", {'"city"': '"large"'}, kind="string"),
        "limits.dmn": a_table("limits", "size", "limit", {'"large"': 10, "-": 5}),
    }
    definition = a_definition(
        "start > rule > a > end", rule={"ref": "sizes limits"}, a={"due": "limit"}, files=files
    )
    assert [task.due for task in start(definition, ALL_SEATS).opened] == [10]


def test_an_outcome_in_a_called_process_is_that_of_its_own_step():
    inner = a_process(
        "inner", "start > a > x", "x > b > end if outcome('a') == 'again'", "x > end else", a=AGAIN
    )
    definition = a_definition(
        "start > call_1 > call_2 > end",
        call_1={"calledElement": "inner"},
        call_2={"calledElement": "inner"},
        files={"inner.bpmn": inner},
    )
    assert stations(definition, "call_1/a:1=again call_1/b:1 call_2/a:1", ALL_SEATS)[1:] == [
        "call_1/b:1",
        "call_2/a:1",
        "ended",
    ]
