"""A timer says in one way how long it waits, for a time that there is; everything else is refused by name."""

from datetime import timedelta

import pytest

from tests.workflows.diagrams import a_definition, a_process, holding, refusal
from workflows.timers import MAX_DURATION

WAITING = ["start > a > wait > end"]
EDGED = ["start > a > end1", "timer > b > end2"]
AT_A = {"at": "a"}


def waiting(**given):
    return refusal({"main.bpmn": a_process("main", *WAITING, wait=given)})


def edged(ways=EDGED, **nodes):
    return refusal({"main.bpmn": a_process("main", *ways, **({"timer": AT_A} | nodes))})


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("P10D", timedelta(days=10)),
        ("P2W", timedelta(weeks=2)),
        ("PT2H", timedelta(hours=2)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT0S", timedelta()),
        (" P366D\n", MAX_DURATION),
    ],
)
def test_a_duration_is_of_whole_units(text, waits):
    assert a_definition(*WAITING, wait={"duration": text}).timers["wait"].waits == waits


@pytest.mark.parametrize(
    "text",
    [
        "", "P", "PT", "P1DT", "10", "10D", "p10d", "P10", "P D", "P1D PT1H", "P1D;P1D",
        "-P10D", "P-10D", "+P10D", "P+1D",
        "P1M", "P1Y", "P1Y2M3D", "P1W1D", "PT1H1D",
        "P0.5D", "P1,5D", "PT1.0S", "P1e9D", "P1E308D", "P1_0D", "P１０D", "P٣D", "PT0x10H",
        "R3/P1D", "R/P1D", "R3/2026-01-01/P1D", "P1D/P1D", "0 0 * * *",
        "2026-09-01", "2026-09-01T00:00:00Z", "tomorrow", "working_days", "__import__('os')",
        "P" + "9" * 100_000 + "D",
    ],
)  # fmt: skip
def test_what_is_no_such_duration_is_refused_by_name(text):
    assert f"wait: '{text.strip()[:40]}' is no duration of whole weeks, days" in waiting(duration=text)


@pytest.mark.parametrize(
    "text", ["P367D", "P53W", "P99999999999D", "PT31622401S", "P366DT1S", f"P{'9' * 38}D"]
)
def test_a_duration_of_more_than_a_year_is_refused_by_name(text):
    assert f"wait: '{text}' is longer than 366 days" in waiting(duration=text)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"duration": None}, "wait: a timer has one of timeDuration, working_days and on, not none"),
        ({"duration": "P1D", "working_days": "3"}, "not timeDuration and working_days"),
        ({"working_days": "3", "on": "opens"}, "not working_days and on"),
        ({"on": "opens"}, "wait: the case would wait for a day"),
        ({"working_days": ""}, "wait: an expression cannot be empty"),
        ({"working_days": "3 *"}, "wait: "),
        ({"working_days": "__import__('os')"}, "wait: "),
        ({"working_days": "9" * 13}, "wait: "),
        ({"working_days": "outcome('c') + 1"}, "wait: outcome('c') names no step that somebody decides"),
    ],
)
def test_a_timer_that_does_not_say_how_long_in_one_way_is_refused_by_name(given, said):
    assert said in waiting(**given)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<bpmn:timeCycle>R3/P1D</bpmn:timeCycle>", "<timeCycle> is not supported in <timerEventDefinition>"),
        (
            "<bpmn:timeDate>2026-09-01</bpmn:timeDate>",
            "<timeDate> is not supported in <timerEventDefinition>",
        ),
        (
            "<bpmn:timeDuration>P1D</bpmn:timeDuration><bpmn:timeDuration>P2D</bpmn:timeDuration>",
            "<timerEventDefinition> has one <timeDuration>, not 2",
        ),
    ],
)
def test_a_timer_of_another_kind_is_refused_by_name(content, said):
    file = a_process("main", *WAITING, wait={"duration": None})
    file = file.replace(b"</bpmn:timerEventDefinition>", content.encode() + b"</bpmn:timerEventDefinition>")
    assert f"wait: {said}" in refusal({"main.bpmn": file})


@pytest.mark.parametrize(
    ("holder", "content", "said"),
    [
        ("wait", "<bpmn:timerEventDefinition/>", "<intermediateCatchEvent> has one <timerEventDefinition>, not 2"),
        ("wait", "<bpmn:messageEventDefinition/>", "wait: <messageEventDefinition> is not supported in"),
        ("wait", "<bpmn:extensionElements><xj:step/></bpmn:extensionElements>", "carries one <xj:timer>"),
        ("start", "<bpmn:timerEventDefinition/>", "start: <timerEventDefinition> is not supported in <startEvent>"),
        ("end", "<bpmn:timerEventDefinition/>", "end: <timerEventDefinition> is not supported in <endEvent>"),
        (
            "a",
            "<bpmn:extensionElements><xj:timer working_days='1'/></bpmn:extensionElements>",
            "a: <userTask> carries one <xj:step>",
        ),
    ],
)  # fmt: skip
def test_what_a_timer_may_not_hold_and_who_may_not_hold_one_is_refused_by_name(holder, content, said):
    assert said in refusal({"main.bpmn": holding(a_process("main", *WAITING), holder, content)})


def test_an_event_that_waits_for_nothing_is_refused_by_name():
    for event in ("intermediateCatchEvent", "boundaryEvent"):
        file = a_process("main", "start > a > end", more=f'<bpmn:{event} id="odd"/>')
        assert f"odd: <{event}> has one <timerEventDefinition>, not 0" in refusal({"main.bpmn": file})


@pytest.mark.parametrize(
    ("ways", "nodes", "said"),
    [
        (EDGED, {"timer": {}}, "timer: it is attached to '', which is no user task of this process"),
        (EDGED, {"timer": {"at": "c"}}, "timer: it is attached to 'c', which is no user task"),
        (EDGED, {"timer": {"at": "timer"}}, "timer: it is attached to 'timer', which is no user task"),
        (
            ["start > call > end1", "timer > b > end2"],
            {"timer": {"at": "call"}},
            "timer: it is attached to 'call', which is no user task",
        ),
        (EDGED, {"a": {"blocking": "false"}}, "timer: 'a' is a filing (备案), which nobody waits for"),
        (EDGED, {"timer": AT_A | {"interrupting": "no"}}, "timer: cancelActivity is 'true' or 'false', not 'no'"),
        (["start > a > timer > b > end"], {}, "timer: a flow leads to this boundary event"),
        ([*EDGED, "timer > c > end1"], {}, "timer: 2 flows leave; only a gateway may split the way"),
        (["start > a > end1", "timer > b if skip", "b > end2"], {}, "timer-b: only a flow out of an exclusive"),
    ],
)  # fmt: skip
def test_a_timer_that_stands_where_it_cannot_is_refused_by_name(ways, nodes, said):
    assert said in edged(ways, **nodes)


def test_a_timer_that_leads_nowhere_is_refused_by_name():
    definition = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )
    more = f'<bpmn:boundaryEvent id="timer" attachedToRef="a">{definition}</bpmn:boundaryEvent>'
    file = a_process("main", "start > a > end", more=more)
    assert "timer: no flow leads on from here" in refusal({"main.bpmn": file})


def test_a_timer_carries_what_its_event_says():
    notes = "<bpmn:documentation>Ask again</bpmn:documentation>"
    file = a_process("main", *EDGED, timer=AT_A | {"interrupting": "false", "working_days": "limit - 1"})
    files = {"inner.bpmn": holding(file, "timer", notes).replace(b'"main"', b'"inner"')}
    timers = a_definition("start > call > end", call={"calledElement": "inner"}, files=files).timers
    timer = timers["call/timer"]
    assert (timer.id, timer.name, timer.step) == ("call/timer", "timer", "call/a")
    assert (timer.waits.text, timer.until_day, timer.interrupting) == ("limit - 1", False, False)
    assert timer.documentation == "Ask again"


def test_a_timer_interrupts_unless_it_says_that_it_does_not():
    assert a_definition(*EDGED, timer=AT_A).timers["timer"].interrupting
