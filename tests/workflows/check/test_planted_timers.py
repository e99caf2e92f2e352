"""Every defect planted in a timer is found by its code at its element; what timers may do is let through."""

import pytest

from tests.workflows.check.drawings import AGAIN, COUNTY, FILING, defined, drawn, errors, found, report
from tests.workflows.check.replays import SHOWN_BY_A_CASE, replay
from tests.workflows.diagrams import a_table
from workflows.check import Severity

AT_A = {"at": "a"}
REMINDER = {"at": "a", "interrupting": "false"}
BRANCHES = ["start > p_split", "p_split > a > x > p_join", "p_split > b > p_join"]
WAITING = ["start > a > wait > b > end"]
EDGED = ["start > a > x > end", "timer > b > x"]
LEVELS = {"levels.dmn": a_table("levels", "stage", "level", {'"vocational"': 251, "-": 250})}
INNER = {"inner.bpmn": drawn("start > a > end1", "timer > end2", key="inner", timer=AT_A)}

# name: (code, element, ways, nodes and files)
PLANTED = {
    # Words
    "a fact that there is not": ("name_unknown", "wait", WAITING, {"wait": {"working_days": "limit"}}),
    "working days that are a text": ("type_wrong", "wait", WAITING, {"wait": {"working_days": "stage"}}),
    "working days that are a day": ("type_wrong", "timer", EDGED, {"timer": AT_A | {"working_days": "opens"}}),
    "a day that is a number": ("type_wrong", "timer", EDGED, {"timer": AT_A | {"on": "grade"}}),
    # How long
    "more than a year": ("timer_too_long", "wait", WAITING, {"wait": {"working_days": "251"}}),
    "more than a year at the edge of a step": (
        "timer_too_long", "timer", EDGED, {"timer": AT_A | {"working_days": "999999999999"}},
    ),
    "more than a year for some": (
        "timer_too_long", "wait", ["start > a > rule > wait > b > end"],
        {"wait": {"working_days": "level"}, "rule": {"ref": "levels"}, "files": LEVELS},
    ),
    "less than no time": ("stuck", "wait", WAITING, {"wait": {"working_days": "3 - 4"}}),
    "until a day before all calendars": ("stuck", "timer", EDGED, {"timer": AT_A | {"on": "date('0001-01-01')"}}),
    "until a day after them": ("stuck", "timer", EDGED, {"timer": AT_A | {"on": "date('2100-01-01')"}}),
    "half a day": ("stuck", "wait", WAITING, {"wait": {"working_days": "0.5"}}),
    "a number that is none for some": (
        "stuck", "wait", ["start > a > rule > wait > b > end"],
        {
            "wait": {"working_days": "level"}, "rule": {"ref": "levels"},
            "files": {"levels.dmn": a_table("levels", "stage", "level", {'"vocational"': "null", "-": 5})},
        },
    ),
    # Nothing is approved because time has passed
    "an end when nobody decides in time": (
        "timer_decides", "timer", ["start > a > end1", "timer > end2"], {"timer": AT_A},
    ),
    "the same in a called process": (
        "timer_decides", "timer", ["start > call > end"], {"call": {"calledElement": "inner"}, "files": INNER},
    ),
    "a second time that passes": (
        "timer_decides", "timer", ["start > a > end1", "timer > wait > end2"], {"timer": AT_A},
    ),
    "a filing in the place of a decision": (
        "timer_decides", "timer", EDGED, {"timer": AT_A, "b": FILING},
    ),
    "somebody in the place who is not there for some": (
        "timer_decides", "timer", EDGED, {"timer": AT_A, "b": COUNTY},
    ),
    "another office that decides anyway": (
        "timer_decides", "timer", ["start > a > x > b > end", "timer > x"], {"timer": AT_A, "b": COUNTY},
    ),
    "another branch that decides anyway": (
        "timer_decides", "timer", [*BRANCHES, "p_join > end", "timer > x"], {"timer": AT_A},
    ),
    "one of two that nobody answers for": (
        "timer_decides", "timer_2",
        ["start > p_split", "p_split > a > x_1 > p_join", "p_split > b > x_2 > p_join", "p_join > end",
         "timer_1 > c > x_1", "timer_2 > x_2"],
        {"timer_1": AT_A, "timer_2": {"at": "b"}},
    ),
    "one of three gateways that leads past": (
        "timer_decides", "timer",
        ["start > a > x > end", "timer > x_1", "x_1 > b > x if skip", "x_1 > x else"], {"timer": AT_A},
    ),
    "a case in which nobody is asked": ("timer_decides", "wait", ["start > wait > end"], {}),
    "a case in which nobody is there": ("timer_decides", "wait", ["start > a > wait > end"], {"a": COUNTY}),
    # Circles
    "a task that is given again and again": (
        "timer_circle", "timer", ["start > x > a > end", "timer > x"], {"timer": AT_A},
    ),
    "a time that passes again and again": (
        "timer_circle", "wait", ["start > a > x_in > wait > x", "x > x_in if skip", "x > b > end else"], {},
    ),
    "reminders that never end": (
        "timer_circle", "wait", ["start > a > end", "timer > x > filing > wait > x"],
        {"timer": REMINDER, "filing": FILING},
    ),
    "a circle of two timers": (
        "timer_circle", "wait", ["start > x > a > end", "timer > wait > x"], {"timer": AT_A},
    ),
    "a circle whose only step is skipped for some": (
        "timer_circle", "wait",
        ["start > x_in > a > wait > x", "x > x_in if stage == 'senior_high'", "x > b > end else"],
        {"a": {"skip_when": "stage == 'senior_high'"}},
    ),
    # Soundness behind a timer
    "a branch that was never split": (
        "deadlock", "p_join",
        ["start > p_split", "p_split > a > p_join", "p_split > b > p_join", "p_join > end", "timer > p_join"],
        {"timer": AT_A},
    ),
    "a reminder that goes the way of its step": (
        "twice", "b", ["start > a > x > b > end", "timer > x"], {"timer": REMINDER},
    ),
    "a gateway without a way": (
        "no_way", "x_1",
        ["start > a > x > end", "timer > x_1", "x_1 > b > x if stage == 'compulsory'", "x_1 > c > x if skip"],
        {"timer": AT_A},
    ),
    "a step that nobody can leave": (
        "cannot_finish", "b", ["start > a > end", "timer > x > b > x"], {"timer": AT_A},
    ),
    "a step without a limit": ("no_deadline", "b", EDGED, {"timer": AT_A, "b": {"due": None}}),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_defect_is_found_at_its_element_and_nothing_else(name):
    code, element, ways, nodes = PLANTED[name]
    checked = report(*ways, **nodes)
    assert found(checked) == [(code, element)], [str(finding) for finding in errors(checked)]
    assert not checked.publishable


@pytest.mark.parametrize("name", [name for name, (code, *_) in PLANTED.items() if code in SHOWN_BY_A_CASE])
def test_a_defect_that_cases_show_comes_with_one_that_the_engine_replays(name):
    _, _, ways, nodes = PLANTED[name]
    (finding,) = errors(report(*ways, **nodes))
    replay(finding, defined(*ways, **nodes))


MAY = {
    "to wait after a decision": (WAITING, {}),
    "to wait before a decision takes effect": (["start > a > wait > end"], {}),
    "to tell somebody": (["start > a > end1", "timer > filing > end2"], {"timer": REMINDER, "filing": FILING}),
    "to ask somebody else as well": (["start > a > end1", "timer > b > end2"], {"timer": REMINDER}),
    "to give the task to somebody else": (EDGED, {"timer": AT_A}),
    "to give the task to another office": (
        ["start > a > x > end", "timer > b > x"], {"timer": {"at": "a"}, "a": COUNTY},
    ),
    "to let a colleague of the same office decide alone": (
        ["start > a > x > b > end", "timer > x"], {"timer": AT_A, "b": {"role": "lead"}},
    ),
    "to lead back to an earlier step": (["start > x > b > a > end", "timer > x"], {"timer": AT_A}),
    "to remind, and then to give the task to somebody else": (
        [*EDGED, "timer_2 > filing > end2"],
        {"timer": AT_A | {"working_days": "10"}, "timer_2": REMINDER | {"working_days": "5"}, "filing": FILING},
    ),
    "to wait for as long as a table says": (
        ["start > a > rule > wait > b > end"],
        {
            "rule": {"ref": "levels"}, "wait": {"working_days": "level - 1"},
            "files": LEVELS,
        },
    ),
    "to wait for a day": (EDGED, {"timer": AT_A | {"on": "opens + 30"}}),
    "to wait for nothing": (WAITING, {"wait": {"duration": "PT0S"}}),
    "to wait in a circle in which somebody decides": (
        ["start > x_in > a > x", "x > wait > x_in if outcome('a') == 'again'", "x > end else"], {"a": AGAIN},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAY)
def test_timers_may(name):
    ways, nodes = MAY[name]
    checked = report(*ways, **nodes)
    assert checked.publishable, [str(finding) for finding in errors(checked)]


def warned(*ways, **nodes):
    """Return (code, element) of every warning but that no step says why it is there."""
    checked = report(*ways, **nodes)
    assert checked.publishable, [str(finding) for finding in checked.findings]
    warnings = [one for one in checked.findings if one.severity is Severity.WARNING]
    return [(one.code.value, one.element) for one in warnings if one.code.value != "no_source"]


TWO = ["start > a > x > end", "timer > b > x", "timer_2 > filing > end2"]


@pytest.mark.parametrize(
    ("first", "second", "dead"),
    [
        ({"working_days": "5"}, {"working_days": "6"}, True),
        ({"working_days": "5"}, {"working_days": "5"}, False),
        ({"working_days": "6"}, {"working_days": "5"}, False),
        ({"duration": "P5D"}, {"duration": "PT121H"}, True),
        ({"duration": "P5D"}, {"duration": "PT120H"}, False),
        ({"working_days": "5"}, {"duration": "P90D"}, False),
        ({"on": "opens"}, {"on": "opens + 1"}, True),
        ({"working_days": "5", "interrupting": "false"}, {"working_days": "6"}, False),
    ],
)
def test_a_timer_that_another_always_forestalls_is_warned_of(first, second, dead):
    nodes = {"timer": AT_A | first, "timer_2": REMINDER | second, "filing": FILING}
    assert warned(*TWO, **nodes) == ([("dead_flow", "timer_2-filing")] if dead else [])


def test_a_timer_that_another_forestalls_only_in_some_cases_is_not_warned_of():
    levels = {"levels.dmn": a_table("levels", "stage", "level", {'"vocational"': 5, "-": 10})}
    ways = ["start > rule > a > x > end", *TWO[1:]]
    timers = {"timer": AT_A | {"working_days": "level"}, "timer_2": REMINDER | {"working_days": "8"}}
    assert warned(*ways, rule={"ref": "levels"}, filing=FILING, files=levels, **timers) == []


def test_a_flow_behind_a_timer_that_no_case_takes_is_warned_of():
    ways = [
        "start > a > x > end",
        "timer > x_1",
        "x_1 > b > x if not skip",
        "x_1 > c > x if skip",
        "x_1 > x else",
    ]
    assert warned(*ways, timer=AT_A) == [("dead_flow", "x_1-x")]


def test_behind_a_timer_what_came_before_its_step_is_decided_and_what_comes_after_is_not():
    asking = {"timer": REMINDER, "b": AGAIN, "c": {"skip_when": "outcome('b') == 'again'"}}
    assert warned("start > b > a > end1", "timer > c > end2", **asking) == []
    assert warned("start > a > b > end1", "timer > c > end2", **asking) == [("not_decided", "c")]


def test_a_timer_that_does_not_say_why_it_is_there_is_warned_of():
    warnings = {(one.code.value, one.element) for one in report(*EDGED, timer=AT_A).findings}
    assert ("no_source", "timer") in warnings
