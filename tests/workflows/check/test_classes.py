"""Cases are told apart by what a diagram asks of their facts, and only those are looked at that there can be."""

from dataclasses import replace

import pytest

from tests.workflows.check.drawings import COUNTY, FACTS, VOCABULARY, drawn, errors, found, report
from tests.workflows.diagrams import a_table
from tests.workflows.tables import a_file
from workflows.check.alike import Alike, Answers
from workflows.check.classes import Asking, classes
from workflows.check.reading import read


def told_apart(*ways, fact, files=None, vocabulary=VOCABULARY, **nodes):
    """Return the values of a fact in the classes of cases."""
    sources = sources_of(*ways, files=files, **nodes)
    return [kind.facts[fact] for kind in classes(sources, vocabulary)]


def sources_of(*ways, files=None, **nodes):
    sources, findings = read({"main.bpmn": drawn(*ways, **nodes), **(files or {})}, "main")
    assert findings == []
    return sources


def of_condition(condition, fact):
    return told_apart("start > a > end", a={"skip_when": condition}, fact=fact)


def looked_at(condition, fact):
    """Return the values of a fact in all the cases that are looked at."""
    sources = sources_of("start > a > end", a={"skip_when": condition})
    return [facts[fact] for facts in Asking(sources, VOCABULARY).cases()]


@pytest.mark.parametrize(
    ("condition", "fact", "values"),
    [
        ("stage == 'vocational'", "stage", {"compulsory", "senior_high", "vocational"}),
        ("skip", "skip", {True, False}),
        ("grade > 3", "grade", {2, 3, 4}),
        ("3 > grade", "grade", {2, 3, 4}),
        ("grade in [3, 7]", "grade", {2, 3, 4, 6, 7, 8}),
        ("places == none or places < 0", "places", {None, -1, 0, 1}),
        ("word == 'a'", "word", {"a", "a?"}),
        (
            "word == stage",
            "word",
            {"compulsory", "senior_high", "vocational", "compulsorysenior_highvocational?"},
        ),
        ("'henan' in packs", "packs", {("national", "henan"), ("national",), ("henan",), ()}),
    ],
)
def test_the_values_on_both_sides_of_every_literal_stand_for_all(condition, fact, values):
    assert set(looked_at(condition, fact)) >= values


def test_tables_are_asked_about_no_more_cases_than_is_worth_it(monkeypatch):
    monkeypatch.setattr("workflows.check.classes.MAX_ROWS", 5)
    table = a_table("levels", "stage", "level", {'"vocational"': 1, '"compulsory"': 2, '"senior_high"': 3})
    checked = report("start > rule > a > end", rule={"ref": "levels"}, files={"levels.dmn": table})
    assert found(checked) == [("gave_up", "main")]
    assert "too many rows" in errors(checked)[0].message


def test_what_the_diagram_does_not_ask_for_is_not_told_apart():
    assert told_apart("start > a > end", fact="seats") == [("学校", "县级")]


def test_a_seat_tells_cases_apart_only_where_it_has_a_step():
    assert len(told_apart("start > a > b > end", b=COUNTY, fact="seats")) == 2


LEVELS = {"levels.dmn": a_table("levels", "stage", "level", {'"vocational"': 1, '"compulsory"': 2, "-": 3})}


def of_levels(**step):
    return told_apart("start > rule > a > end", rule={"ref": "levels"}, a=step, files=LEVELS, fact="stage")


@pytest.mark.parametrize(
    ("step", "ways"),
    [
        ({}, 1),
        ({"skip_when": "level == 1"}, 2),
        ({"skip_when": "level + 1 == 2"}, 2),
        ({"skip_when": "level < 4"}, 1),
        ({"skip_when": "level == 1 and stage == 'compulsory'"}, 1),
        ({"skip_when": "level == 1 or outcome('a') == 'reject'"}, 3),
        ({"due": "level"}, 1),
        ({"due": "level + 248"}, 2),
        ({"due": "level - 2"}, 2),
    ],
)
def test_cases_that_go_the_same_ways_are_one(step, ways):
    assert len(of_levels(**step)) == ways


def test_cases_whose_timers_wait_differently_are_not_one():
    ways = ("start > rule > a > end", "timer > b > end2")
    timed = {"rule": {"ref": "levels"}, "timer": {"at": "a", "working_days": "level"}}
    assert len(told_apart(*ways, files=LEVELS, fact="stage", **timed)) == 3


def test_cases_are_looked_at_one_by_one_where_an_answer_is_called_like_a_fact():
    table = a_table("levels", "stage", "grade", {'"vocational"': 1, "-": 1})
    asks = {"rule": {"ref": "levels"}, "a": {"skip_when": "grade == 1"}}
    told = told_apart("start > rule > a > end", files={"levels.dmn": table}, fact="stage", **asks)
    assert len(told) == 3 * 3 * len(FACTS["seats"].values)


OF_EVERY_STAGE = [{"seats": ("学校", "县级"), "stage": stage} for stage in FACTS["stage"].values]
FURTHER = a_file(
    [("level", "number")],
    [["1", "10"], ["2", "20"], ["-", "30"]],
    outputs=[("further", "number")],
    policy="FIRST",
)


def test_what_a_table_answers_counts_wherever_in_the_file_the_table_is_asked():
    sources = sources_of(
        "start > rule_levels > rule_further > a > end",
        files=LEVELS | {"t.dmn": FURTHER},
        rule_levels={"ref": "levels"},
        rule_further={"ref": "t"},
        a={"skip_when": "further == 20"},
    )
    rules = Asking(sources, VOCABULARY).rules
    for listed in (rules, rules[::-1]):
        alike = Alike(sources, listed, Answers(listed))
        assert len({alike.way(facts) for facts in OF_EVERY_STAGE}) == 2


def test_cases_are_looked_at_one_by_one_where_tables_wait_for_each_other():
    sources = sources_of(
        "start > rule_levels > rule_further > a > end",
        files={"levels.dmn": a_table("levels", "further", "level", {"-": 1}), "t.dmn": FURTHER},
        rule_levels={"ref": "levels"},
        rule_further={"ref": "t"},
    )
    rules = Asking(sources, VOCABULARY).rules
    alike = Alike(sources, rules, Answers(rules))
    assert len({alike.way(facts) for facts in OF_EVERY_STAGE}) == 3


def test_where_a_table_errs_the_cases_it_errs_for_are_others():
    table = a_file(
        [("places", "number")], [["-", "places + 1"]], outputs=[("level", "number")], policy="FIRST"
    )
    asks = {"rule": {"ref": "t"}}
    places = told_apart("start > rule > a > end", files={"t.dmn": table}, fact="places", **asks)
    assert len(places) == 2


def test_what_no_case_can_be_is_not_looked_at():
    ways = ("start > x", "x > a > end1 if stage == 'vocational'", "x > b > end2 if skip")
    assert found(report(*ways)) == [("no_way", "x")]
    always = replace(VOCABULARY, possible=("stage == 'vocational' or skip",))
    assert report(*ways, vocabulary=always).publishable


def test_what_excludes_a_case_by_a_fact_that_is_not_asked_for_counts_too():
    linked = replace(
        VOCABULARY,
        possible=(
            "stage == 'vocational' or not skip",
            "stage != 'vocational'",
        ),
    )
    assert told_apart("start > a > end", a={"skip_when": "skip"}, fact="skip", vocabulary=linked) == [False]


def test_only_cases_that_take_this_process_are_looked_at():
    chosen = a_file(
        [("stage", "string")], [['"vocational"', '"main"'], ["-", '"other"']],
        outputs=[("process", "string")], policy="FIRST",
    )  # fmt: skip
    governed = replace(VOCABULARY, governing="t")
    checked = report(
        "start > a > end",
        a={"skip_when": "stage == 'senior_high'"},
        files={"t.dmn": chosen},
        vocabulary=governed,
    )
    assert checked.publishable, [str(finding) for finding in errors(checked)]
    assert checked.states == 2


def test_a_process_that_no_case_takes_is_told():
    never = a_file([("stage", "string")], [["-", '"other"']], outputs=[("process", "string")], policy="FIRST")
    governed = replace(VOCABULARY, governing="t")
    assert found(report("start > a > end", files={"t.dmn": never}, vocabulary=governed)) == [
        ("never_starts", "main")
    ]
