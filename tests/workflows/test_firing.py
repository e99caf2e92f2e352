"""What the engine makes of timers: who is told for how long, and where a token goes when one fires."""

from datetime import date, timedelta

import pytest

from tests.workflows.catalogue import AGAIN, ALL_SEATS, COUNTY, DEFINITIONS, REMINDER, SCHOOL_ONLY, log_of
from tests.workflows.diagrams import a_definition, a_process, a_table
from tests.workflows.walks import go_on
from workflows.engine import (
    CaseStuck,
    TaskNotOpen,
    TimerNotArmed,
    armed_timers,
    complete,
    fire,
    fold,
    open_tasks,
    start,
)

WAYS = ["start > a > end1", "timer > b > end2"]


def stations(definition, log, facts):
    """Return open tasks and armed timers after the start and after each decision or firing, "ended" at the end."""
    advance = start(definition, facts)
    passed = [advance]
    for entry in log_of(log):
        advance = go_on(definition, advance.state, entry, facts)
        passed.append(advance)
    return ["ended" if one.ended else standing(definition, one.state) for one in passed]


def standing(definition, state):
    return " ".join(
        [*open_tasks(definition, state), *(f"({key})" for key in armed_timers(definition, state))]
    )


@pytest.mark.parametrize(
    ("diagram", "log", "expected"),
    [
        ("a wait", "a:1 wait:1! b:1", "a:1, (wait:1), b:1, ended"),
        ("a reminder", "a:1", "a:1 (timer:1), ended"),
        ("a reminder", "timer:1! a:1 b:1", "a:1 (timer:1), a:1 b:1, b:1, ended"),
        ("a reminder", "timer:1! b:1 a:1", "a:1 (timer:1), a:1 b:1, a:1, ended"),
        ("another takes over", "a:1 b:1", "a:1 (timer:1), b:1, ended"),
        ("another takes over", "timer:1! c:1 b:1", "a:1 (timer:1), c:1, b:1, ended"),
        (
            "a reminder before another takes over",
            "timer_1:1! timer_2:1! c:1",
            "a:1 (timer_1:1) (timer_2:1), a:1 b:1 (timer_2:1), b:1 c:1, b:1",
        ),
        (
            "a timer that leads back",
            "a:1 timer:1! a:2 b:2",
            "a:1, b:1 (timer:1), a:2, b:2 (timer:2), ended",
        ),
        (
            "timers in branches",
            "timer:1! wait:1! b:1 c:1",
            "a:1 b:1 (timer:1), b:1 (wait:1), b:1, c:1, ended",
        ),
        (
            "timers in two calls at once",
            "call_2/timer:1! call_1/a:1 call_2/b:1 call_1/wait:1! call_2/wait:1!",
            "call_1/a:1 call_2/a:1 (call_1/timer:1) (call_2/timer:1), call_1/a:1 call_2/b:1 (call_1/timer:1), "
            "call_2/b:1 (call_1/wait:1), (call_1/wait:1) (call_2/wait:1), (call_2/wait:1), ended",
        ),
        (
            "a reminder in a loop",
            "timer:1! a:1=again timer:2! a:2",
            "a:1 (timer:1), a:1, a:2 (timer:2), a:2, ended",
        ),
    ],
)
def test_tokens_go_where_timers_lead(diagram, log, expected):
    assert ", ".join(stations(DEFINITIONS[diagram][1], log, ALL_SEATS)) == expected


def test_a_timer_at_a_step_is_armed_when_it_opens_and_disarmed_when_it_is_decided():
    definition = a_definition(*WAYS, timer=REMINDER)
    begun = start(definition, ALL_SEATS)
    assert [(armed.key, armed.timer, armed.wait) for armed in begun.timers] == [
        ("timer:1", definition.timers["timer"], 3)
    ]
    decided = complete(definition, begun.state, "a:1", "approve", ALL_SEATS)
    assert (decided.closed, decided.disarmed, decided.timers) == (("a:1",), ("timer:1",), ())


def test_a_timer_that_has_fired_is_not_disarmed():
    definition = a_definition(*WAYS, timer=REMINDER)
    fired = fire(definition, start(definition, ALL_SEATS).state, "timer:1", ALL_SEATS)
    assert ([task.key for task in fired.opened], fired.closed, fired.disarmed) == (["b:1"], (), ())
    assert complete(definition, fired.state, "a:1", "approve", ALL_SEATS).disarmed == ()


def test_an_interrupting_timer_closes_the_task_and_disarms_the_others_there():
    definition = a_definition(*WAYS, "timer_2 > c > end3", timer={"at": "a"}, timer_2=REMINDER)
    fired = fire(definition, start(definition, ALL_SEATS).state, "timer:1", ALL_SEATS)
    assert (fired.closed, fired.disarmed, fired.ended) == (("a:1",), ("timer_2:1",), False)
    assert standing(definition, fired.state) == "b:1"


def test_a_skipped_step_has_no_timers():
    definition = a_definition("start > a > c > end1", "timer > b > end2", a=COUNTY, timer=REMINDER)
    begun = start(definition, SCHOOL_ONLY)
    assert (begun.timers, standing(definition, begun.state)) == ((), "c:1")


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ({"working_days": "limit - 1"}, 9),
        ({"working_days": "0"}, 0),
        ({"duration": "PT36H"}, timedelta(hours=36)),
        ({"on": "opens"}, date(2026, 9, 1)),
        ({"on": "opens - limit"}, date(2026, 8, 22)),
        ({"on": "date('1990-01-01')"}, date(1990, 1, 1)),
        ({"on": "date('2099-12-31')"}, date(2099, 12, 31)),
    ],
)
def test_whoever_calls_is_told_how_long_to_wait(given, wait):
    facts = ALL_SEATS | {"limit": 10, "opens": date(2026, 9, 1)}
    (armed,) = start(a_definition(*WAYS, timer={"at": "a"} | given), facts).timers
    assert (type(armed.wait), armed.wait) == (type(wait), wait)


def test_a_wait_may_depend_on_what_was_decided_and_on_what_a_table_answered():
    limits = {"limits.dmn": a_table("limits", "scope", "limit", {'"city"': 10, "-": 5})}
    definition = a_definition(
        "start > rule > a > x", "x > wait_1 > end1 if outcome('a') == 'again'", "x > wait_2 > end2 else",
        rule={"ref": "limits"}, a=AGAIN, wait_1={"working_days": "limit"}, files=limits,
    )  # fmt: skip
    decided = fold(definition, ALL_SEATS, log_of("a:1=again"))
    assert [(armed.key, armed.wait) for armed in decided.timers] == [("wait_1:1", 10)]


@pytest.mark.parametrize(
    ("given", "value", "said"),
    [
        ({"working_days": "limit"}, -1, "timer: limit yields -1, which is no number of working days"),
        ({"working_days": "limit"}, None, "timer: limit yields None, which is no number of working days"),
        ({"working_days": "limit"}, True, "timer: limit yields True, which is no number"),
        ({"working_days": "limit"}, "ten", "timer: limit yields 'ten', which is no number"),
        ({"working_days": "limit"}, date(2026, 9, 1), "which is no number of working days"),
        ({"working_days": "limit + 0.5"}, 1, "timer: limit + 0.5 yields Decimal('1.5'), which is no number"),
        ({"on": "limit"}, 10, "timer: limit yields 10, which is no day"),
        ({"on": "limit"}, None, "timer: limit yields None, which is no day"),
        ({"on": "limit + 1"}, date.max, "timer: "),
        ({"on": "limit"}, date(1989, 12, 31), "which is no day from 1990-01-01 to 2099-12-31"),
        ({"on": "limit"}, date(2100, 1, 1), "which is no day from 1990-01-01 to 2099-12-31"),
        ({"on": "date('0001-01-01')"}, 1, "timer: date('0001-01-01') yields datetime.date(1, 1, 1)"),
        ({"working_days": "days"}, 1, "timer: unknown name days"),
    ],
)
def test_a_timer_that_cannot_tell_how_long_stops_the_case_and_says_where(given, value, said):
    definition = a_definition(*WAYS, timer={"at": "a"} | given)
    with pytest.raises(CaseStuck) as stuck:
        start(definition, ALL_SEATS | {"limit": value})
    assert said in str(stuck.value)


@pytest.mark.parametrize("key", ["timer:2", "timer", "timer:01", "", "a:1", "b:1", "wait:1", "call/timer:1"])
def test_a_timer_that_is_not_armed_does_not_fire(key):
    definition = a_definition(*WAYS, timer=REMINDER)
    with pytest.raises(TimerNotArmed, match=f"'{key}' is not armed; armed are: timer:1"):
        fire(definition, start(definition, ALL_SEATS).state, key, ALL_SEATS)


def test_a_timer_fires_once():
    definition = a_definition(*WAYS, timer=REMINDER)
    fired = fire(definition, start(definition, ALL_SEATS).state, "timer:1", ALL_SEATS)
    with pytest.raises(TimerNotArmed, match="armed are: none"):
        fire(definition, fired.state, "timer:1", ALL_SEATS)


@pytest.mark.parametrize("key", ["timer:1", "wait:1"])
def test_nobody_decides_a_timer(key):
    ways = ["start > p", "p > a > end1", "p > wait > end2", "timer > b > end3"]
    definition = a_definition(*ways, timer=REMINDER)
    with pytest.raises(TaskNotOpen, match=f"'{key}' is not open; open are: a:1"):
        complete(definition, start(definition, ALL_SEATS).state, key, "approve", ALL_SEATS)


def test_a_fold_of_decisions_and_firings_tells_what_is_open_and_armed_now():
    definition = DEFINITIONS["a reminder before another takes over"][1]
    advance = fold(definition, ALL_SEATS, log_of("timer_1:1!"))
    assert [task.key for task in advance.opened] == ["a:1", "b:1"]
    assert [armed.key for armed in advance.timers] == ["timer_2:1"]
    advance = fold(definition, ALL_SEATS, log_of("timer_1:1! timer_2:1! b:1"))
    assert ([task.key for task in advance.opened], advance.timers) == (["c:1"], ())
    assert (advance.closed, advance.disarmed, advance.ended) == ((), (), False)


def test_a_log_with_a_firing_that_the_diagram_does_not_allow_is_refused():
    definition = a_definition(*WAYS, timer=REMINDER)
    with pytest.raises(TimerNotArmed):
        fold(definition, ALL_SEATS, [("a:1", None)])
    with pytest.raises(TimerNotArmed):
        fold(definition, ALL_SEATS, log_of("a:1 timer:1!"))
    with pytest.raises(TaskNotOpen):
        fold(definition, ALL_SEATS, [("timer:1", "approve")])


def test_a_timer_that_joins_the_branch_it_left_waits_for_a_token_that_never_comes():
    definition = a_definition(
        "start > p_1", "p_1 > a > p_2", "p_1 > b > p_2", "p_2 > end", "timer > p_2", timer={"at": "a"}
    )
    fired = fold(definition, ALL_SEATS, log_of("timer:1!"))
    with pytest.raises(CaseStuck, match="p_2: the token waits for another that can never come"):
        complete(definition, fired.state, "b:1", "approve", ALL_SEATS)


def test_a_timer_may_stand_in_a_called_process_that_has_steps_after_it():
    inner = a_process("inner", *WAYS, timer={"at": "a"})
    definition = a_definition(
        "start > call > c > end", call={"calledElement": "inner"}, files={"i.bpmn": inner}
    )
    assert stations(definition, "call/timer:1! call/b:1 c:1", ALL_SEATS) == [
        "call/a:1 (call/timer:1)", "call/b:1", "c:1", "ended",
    ]  # fmt: skip
