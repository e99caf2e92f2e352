"""Hostile files are refused by name or given up within a bound, wherever in them the mischief stands."""

from dataclasses import replace

import pytest

from tests.workflows.check.drawings import AGAIN, FACTS, VOCABULARY, drawn, errors, found, report
from tests.workflows.diagrams import a_table, holding
from tests.workflows.tables import a_file
from workflows.check import Fact, check, exploring
from workflows.check.budget import MAX_WORK
from workflows.values import ValueType
from workflows.xml import MAX_BYTES

pytestmark = pytest.mark.slow

CHAIN = drawn("start > a > end")
LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a b="&y;">&y;</a>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
DEEP = b"<a>" * 100_000 + b"</a>" * 100_000
MANY = b"<a>" + b"<b/>" * 100_000 + b"</a>"

FILES = {
    "an entity bomb": (LAUGHS, "a DOCTYPE is not allowed"),
    "an external entity": (EXTERNAL, "a DOCTYPE is not allowed"),
    "ten megabytes": (CHAIN + b" " * 10_000_000, f"at most {MAX_BYTES:,} are read"),
    "deep nesting": (DEEP, "Excessive depth"),
    "nesting in documentation": (
        holding(CHAIN, "a", f"<bpmn:documentation>{'<b>' * 100}{'</b>' * 100}</bpmn:documentation>"),
        "nested deeper than",
    ),
    "a hundred thousand elements": (MANY, "more than 20,000 elements"),
    "no XML": (b"\x00\x01", ""),
    "another encoding": ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), "not UTF-8"),
}


@pytest.mark.parametrize("suffix", [".bpmn", ".dmn"])
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_by_name(name, suffix):
    data, said = FILES[name]
    checked = check({"main.bpmn": CHAIN, f"hostile{suffix}": data}, VOCABULARY)
    assert [(one.code, one.file) for one in errors(checked)] == [("unreadable", f"hostile{suffix}")]
    assert said in errors(checked)[0].message


ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    "__import__('os').system('id')",
    "'%1000000000d' % 1",
    "[[0] * 9] * 9",
    "9 ** 9 ** 9",
    "(lambda: 1)()",
    "skip if skip else skip",
    "f'{skip}'",
    "(" * 400 + ")" * 400,
]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("place", ["due", "skip_when", "condition", "working_days", "on"])
def test_an_escape_is_refused_in_every_place_of_a_diagram(escape, place):
    written = {"due": "10", "skip_when": "skip", "condition": "skip"} | {place: escape}
    timer = {name: written[name] for name in ("working_days", "on") if name in written}
    checked = report(
        "timer > b > end3",
        "start > a > x",
        f"x > c > end1 if {written['condition']}",
        "x > end2 else",
        a={"due": written["due"], "skip_when": written["skip_when"]},
        timer={"at": "a", **timer},
    )
    at = {"condition": "x-c", "working_days": "timer", "on": "timer"}
    assert found(checked) == [("expression", at.get(place, "a"))]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("place", ["input", "cell", "output"])
def test_an_escape_is_refused_in_every_place_of_a_table(escape, place):
    words = {"input": "stage", "cell": "-", "output": "1"} | {place: escape.replace('"', "'")}
    table = a_table("levels", words["input"].replace("<", "&lt;"), "level", {words["cell"]: words["output"]})
    checked = report("start > a > rule > end", rule={"ref": "levels"}, files={"levels.dmn": table})
    assert [(one.code, one.file) for one in errors(checked)] == [("table", "levels.dmn")]


def test_a_thousand_gateways_are_refused():
    ways = [f"x_{n} > x_{n + 1}" for n in range(1_000)]
    checked = report("start > x_0", *ways, "x_1000 > end")
    assert found(checked) == [("diagram", "main")]
    assert "at most 500 are run" in errors(checked)[0].message


def test_calls_that_double_at_every_level_are_refused():
    calls = {
        f"c{n}.bpmn": drawn(
            "start > call_1 > call_2 > end", key=f"c{n}",
            call_1={"calledElement": f"c{n + 1}"}, call_2={"calledElement": f"c{n + 1}"},
        )
        for n in range(40)
    }  # fmt: skip
    last = {"c40.bpmn": drawn("start > a > end", key="c40")}
    checked = report("start > call > end", call={"calledElement": "c0"}, files=calls | last)
    assert found(checked) == [("diagram", "main")]


def test_calls_in_calls_are_explored():
    calls = {
        f"c{n}.bpmn": drawn("start > call > end", key=f"c{n}", call={"calledElement": f"c{n + 1}"})
        for n in range(18)
    }  # as many as the id of a step can be kept behind
    last = {"c18.bpmn": drawn("start > a > end", key="c18")}
    checked = report("start > call > end", call={"calledElement": "c0"}, files=calls | last)
    assert checked.publishable
    assert checked.states == 2


@pytest.mark.parametrize("branches", [20, 200])
def test_many_branches_side_by_side_are_given_up(branches):
    ways = [f"p_split > a{n} > p_join" for n in range(branches)]
    checked = report("start > p_split", *ways, "p_join > end")
    assert found(checked) == [("gave_up", "main")]
    assert (checked.gave_up, checked.publishable) == (True, False)
    assert 0 < checked.states < MAX_WORK


def test_nine_branches_side_by_side_are_explored():
    ways = [f"p_split > a{n} > p_join" for n in range(9)]
    checked = report("start > p_split", *ways, "p_join > end")
    assert (checked.publishable, checked.states) == (True, 512)


def decisions_made(monkeypatch, *ways, **nodes):
    """Check a diagram; return the report, and how often the engine was asked to start or decide."""
    asked = []

    def counted(function):
        return lambda *args: asked.append(function) or function(*args)

    for name in ("start", "complete"):
        monkeypatch.setattr(exploring, name, counted(getattr(exploring, name)))
    return report(*ways, **nodes), len(asked)


@pytest.mark.parametrize("branches", [12, 100])
def test_side_by_side_the_engine_decides_no_more_than_is_worth_it(monkeypatch, branches):
    ways = [f"p_split > a{n} > p_join" for n in range(branches)]
    checked, asked = decisions_made(monkeypatch, "start > p_split", *ways, "p_join > end")
    assert checked.gave_up
    assert asked < MAX_WORK / branches


def test_a_circle_that_many_cases_run_into_is_told_after_a_few(monkeypatch):
    words = tuple(f"w{n}" for n in range(100))
    vocabulary = replace(VOCABULARY, facts=FACTS | {"kind": Fact(ValueType.STRING, words)})
    steps = {f"a{n}": {"skip_when": f"kind == 'w{n}'"} for n in range(100)}
    checked, asked = decisions_made(
        monkeypatch,
        "start > x_in > x",
        "x > x_in if kind != 'w99'",
        f"x > {' > '.join(steps)} > end else",
        vocabulary=vocabulary,
        **steps,
    )
    assert ("endless", "x_in") in found(checked)
    assert ("gave_up", "main") in found(checked)
    assert asked < 10


def test_a_chain_as_long_as_may_be_is_explored(monkeypatch):
    steps = " > ".join(f"a{n}" for n in range(480))
    checked, asked = decisions_made(monkeypatch, f"start > {steps} > end")
    assert (checked.publishable, asked) == (True, 481)


def test_a_table_that_gave_up_is_not_played_through(monkeypatch):
    numbers = [f"n{n}" for n in range(7)]
    rows = [[*[f"[{row}..{row * n + 900}]" for n in range(1, 8)], '"x"'] for row in range(300)]
    table = a_file([(name, "number") for name in numbers], rows, policy="FIRST")
    facts = FACTS | dict.fromkeys(numbers, Fact(ValueType.NUMBER))
    checked, asked = decisions_made(
        monkeypatch, "start > a > rule > end", rule={"ref": "t"}, files={"t.dmn": table},
        vocabulary=replace(VOCABULARY, facts=facts),
    )  # fmt: skip
    assert (found(checked), asked) == ([("gave_up", "t")], 0)


def test_rows_are_compared_no_more_often_than_is_worth_it():
    rows = [[str(number), '"x"'] for number in range(900)]
    table = a_file([("grade", "number")], rows, policy="UNIQUE")
    checked = report("start > a > rule > end", rule={"ref": "t"}, files={"t.dmn": table})
    assert found(checked) == [("table", "t")]
    assert "too many literals" in errors(checked)[0].message


@pytest.mark.parametrize("number", [12, 160])
def test_many_timers_at_one_step_are_given_up(number):
    ways = [f"timer_{n} > b{n} > end{n}" for n in range(number)]
    reminders = {f"timer_{n}": {"at": "a", "interrupting": "false"} for n in range(number)}
    checked = report("start > a > end", *ways, **reminders)
    assert found(checked) == [("gave_up", "main")]


def test_outcomes_that_are_all_remembered_are_given_up():
    steps = [f"a{n}" for n in range(20)]
    everything = " and ".join(f"outcome('{step}') == 'again'" for step in steps[:14])
    rest = " and ".join(f"outcome('{step}') == 'again'" for step in steps[14:])
    checked = report(
        f"start > {' > '.join(steps)} > x", f"x > b > end1 if {everything}", f"x > c > end2 if {rest}",
        "x > end3 else", **dict.fromkeys(steps, AGAIN),
    )  # fmt: skip
    assert found(checked) == [("gave_up", "main")]


def test_branches_that_double_without_a_person_are_refused():
    ways = [
        way
        for n in range(30)
        for way in (f"x_{n} > p_{n}", f"p_{n} > x_{n + 1}", f"p_{n} > x_b{n} > x_{n + 1}")
    ]
    checked = report("start > x_0", *ways, "x_30 > a > end")
    assert [code for code, _ in found(checked)] == ["endless"]


def test_facts_of_too_many_combinations_are_given_up():
    facts = {f"f{n}": Fact(ValueType.BOOLEAN) for n in range(20)}
    vocabulary = replace(VOCABULARY, facts=FACTS | facts)
    steps = {f"a{n}": {"skip_when": f"f{n}"} for n in range(20)}
    checked = report(f"start > {' > '.join(steps)} > end", vocabulary=vocabulary, **steps)
    assert found(checked) == [("gave_up", "main")]


@pytest.mark.parametrize(
    "condition", ["places > grade", "grade + 1 > 3", "word == stage or word in packs and grade - grade == 0"]
)
def test_values_that_cannot_be_told_apart_are_given_up(condition):
    checked = report("start > a > b > end", b={"skip_when": condition})
    assert found(checked) == [("gave_up", "main")]
    assert "cannot be told apart" in errors(checked)[0].message


@pytest.mark.parametrize(
    "element", ["scriptTask", "serviceTask", "inclusiveGateway", "intermediateThrowEvent", "subProcess"]
)
def test_an_element_that_the_engine_does_not_run_is_named(element):
    file = holding(CHAIN, "main", f'<bpmn:{element} id="foreign"/>')
    checked = check({"main.bpmn": file}, VOCABULARY)
    assert found(checked) == [("diagram", "foreign")]
    assert element in errors(checked)[0].message
