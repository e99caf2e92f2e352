"""Every defect planted in a diagram or a table is found by its code at its element, and nothing else with it."""

import pytest

from tests.workflows.check.drawings import AGAIN, defined, errors, found, report
from tests.workflows.check.replays import SHOWN_BY_A_CASE, replay
from tests.workflows.diagrams import a_table

BRANCHES = ("p_split > a > p_join", "p_split > b > p_join")

ASKING = ["start > a > rule > b > end"]


def a_rule(fact, rules, policy="FIRST"):
    """Return the rule node of a diagram and its table."""
    return {
        "rule": {"ref": "levels"},
        "files": {"levels.dmn": a_table("levels", fact, "level", rules, policy=policy)},
    }


# name: (code, element, ways, nodes and files)
PLANTED = {
    # Words
    "a seat that there is not": ("seat_unknown", "lane_0", ["start > a > end"], {"a": {"seat": "乡级"}}),
    "a role that there is not": ("role_unknown", "a", ["start > a > end"], {"a": {"role": "registrer"}}),
    "a form that there is not": ("form_unknown", "a", ["start > a > end"], {"a": {"form": "revue"}}),
    "no form": ("form_unknown", "a", ["start > a > end"], {"a": {"form": None}}),
    "an outcome that nobody can choose": (
        "outcome_unknown", "a", ["start > a > x", "x > b > end1 if outcome('a') == 'hold'", "x > end2 else"],
        {"a": {"outcomes": "approve hold"}},
    ),
    "an outcome that is called like an action of every step": (
        "outcome_unknown", "a", ["start > a > x", "x > b > end1 if outcome('a') == 'reject'", "x > end2 else"],
        {"a": {"outcomes": "approve reject", "named": {"reject": "驳回"}}},
    ),
    "a filing with an outcome of its own": (
        "filing_unclear", "a", ["start > a > b > end"],
        {"a": {"blocking": "false", "form": "filing", "outcomes": "seen", "named": {"seen": "已阅"}}},
    ),
    "a signer in a role that there is not": (
        "role_unknown", "a", ["start > a > end"], {"a": {"role": "lead leader", "mode": "all"}},
    ),
    "a filing that somebody decides": (
        "filing_unclear", "a", ["start > a > b > end"], {"a": {"blocking": "false", "form": "filing"}},
    ),
    "a decision that is filed": (
        "filing_unclear", "a", ["start > a > end"], {"a": {"form": "filing"}},
    ),
    "a limit that no calendar has": (
        "limit_too_long", "a", ["start > a > end"], {"a": {"due": "999999999999"}},
    ),
    "a limit that is too long for some": (
        "limit_too_long", "b", ASKING, {"b": {"due": "level"}, **a_rule("stage", {'"vocational"': 251, "-": 250})},
    ),
    "no deadline": ("no_deadline", "a", ["start > a > end"], {"a": {"due": None}}),
    "a deadline that is none for some": (
        "no_deadline", "b", ASKING, {"b": {"due": "level"}, **a_rule("stage", {'"vocational"': "null", "-": 5})},
    ),
    "separation from a later step": (
        "not_earlier", "a", ["start > a > b > end"], {"a": {"separate_from": "b"}},
    ),
    "separation from a step beside": (
        "not_earlier", "b", ["start > p_split", *BRANCHES, "p_join > end"], {"b": {"separate_from": "a"}},
    ),
    "an unknown fact": ("name_unknown", "a", ["start > a > end"], {"a": {"skip_when": "skipped"}}),
    "an unknown fact in a condition": (
        "name_unknown", "x-a", ["start > x", "x > a > end1 if stag == 'vocational'", "x > b > end2 else"], {},
    ),
    "a condition that is a number": (
        "type_wrong", "x-a", ["start > x", "x > a > end1 if grade", "x > b > end2 else"], {},
    ),
    "a text compared with a number": (
        "type_wrong", "a", ["start > a > end"], {"a": {"skip_when": "stage > 3"}},
    ),
    "a deadline that is a day": ("type_wrong", "a", ["start > a > end"], {"a": {"due": "opens"}}),
    "a value that a fact never has": (
        "value_unknown", "a", ["start > a > end"], {"a": {"skip_when": "stage in ['senior', 'compulsory']"}},
    ),
    "a word that a list never holds": (
        "value_unknown", "a", ["start > a > end"], {"a": {"skip_when": "'hunan' in packs"}},
    ),
    "an outcome that a step does not offer": (
        "value_unknown", "x-b",
        ["start > a > x", "x > b > end1 if outcome('a') in ['again', 'twice']", "x > end2 else"], {"a": AGAIN},
    ),
    "outcomes that make no difference": ("outcomes_alike", "a", ["start > a > end"], {"a": AGAIN}),
    # Soundness
    "an outcome without a way": (
        "no_way", "x",
        ["start > a > x", "x > b > end1 if outcome('a') == 'approve'", "x > c > end2 if outcome('a') == 'refer'"],
        {"a": {"outcomes": "approve again refer"}},
    ),
    "facts without a way": (
        "no_way", "x",
        ["start > a > x", "x > b > end1 if stage == 'compulsory'", "x > c > end2 if stage == 'vocational'"], {},
    ),
    "a number without a way": (
        "no_way", "x", ["start > a > x", "x > b > end1 if grade < 3", "x > c > end2 if grade > 3"], {},
    ),
    "a choice that is joined as branches": (
        "deadlock", "p_join", ["start > x", "x > a > p_join if skip", "x > b > p_join else", "p_join > c > end"], {},
    ),
    "branches of which one goes elsewhere": (
        "deadlock", "p_join",
        ["start > p_split", "p_split > a > x", "x > p_join else", "x > end2 if outcome('a') == 'again'",
         "p_split > b > p_join", "p_join > end"],
        {"a": AGAIN},
    ),
    "branches that go on as two": ("twice", "c", ["start > p", "p > a > x", "p > b > x", "x > c > end"], {}),
    "a loop that makes more of itself": ("twice", "b", ["start > x > p", "p > a > x", "p > b > end"], {}),
    "a circle without a person": (
        "endless", "x_1", ["start > a > x_in > x_1", "x_1 > x_in if skip", "x_1 > end else"], {},
    ),
    "a circle whose only step is skipped": (
        "endless", "x_in",
        ["start > x_in > a > x_out", "x_out > x_in if stage == 'senior_high'", "x_out > b > end else"],
        {"a": {"skip_when": "stage == 'senior_high'"}},
    ),
    "a circle that nobody can leave": (
        "cannot_finish", "b",
        ["start > a > x", "x > b > x_2 if outcome('a') == 'again'", "x > end else", "x_2 > c > x_3",
         "x_3 > x_2 if outcome('c') == 'again'", "x_3 > b_2 > x_2 else"],
        {"a": AGAIN, "c": AGAIN},
    ),
    "a step that no facts reach": (
        "dead_step", "c",
        ["start > x", "x > a > end1 if skip", "x > x_2 else", "x_2 > b > end2 else", "x_2 > c > end3 if skip"], {},
    ),
    "a step that is always skipped": (
        "dead_step", "b", ["start > a > b > end"], {"b": {"skip_when": "skip or not skip"}},
    ),
    "a seat that no case has": ("dead_step", "b", ["start > a > b > end"], {"b": {"seat": "市级"}}),
    "a result asked for before its table": (
        "stuck", "a", ASKING, {"a": {"skip_when": "level == 1"}, **a_rule("stage", {"-": 1})},
    ),
    "a case that no row answers": ("no_answer", "rule", ASKING, a_rule("stage", {'"vocational"': 1})),
    "a limit that is below nothing": ("stuck", "a", ["start > a > end"], {"a": {"due": "3 - 4"}}),
    # Tables
    "a column of no fact": ("name_unknown", "levels", ASKING, a_rule("stadium", {"-": 1})),
    "a column of another type": ("type_wrong", "levels", ASKING, a_rule("skip", {"-": 1})),
    "a cell of no value": ("value_unknown", "levels_0", ASKING, a_rule("stage", {'"seniors"': 1, "-": 2})),
    "a row after one that answers all": (
        "unreachable", "levels_1", ASKING, a_rule("stage", {"-": 1, '"vocational"': 2}),
    ),
    "rows that overlap": (
        "table", "levels_1", ASKING, a_rule("stage", {"-": 1, '"vocational"': 2}, policy="UNIQUE"),
    ),
    # Reading
    "a way without a condition": ("diagram", "x-a", ["start > x", "x > a > end1", "x > b > end2 else"], {}),
    "an expression of another language": (
        "expression", "a", ["start > a > end"], {"a": {"skip_when": "stage.startswith('v')"}},
    ),
    "an attribute that is misspelt": ("diagram", "a", ["start > a > end"], {"a": {"skipwhen": "skip"}}),
    "a table that there is not": ("diagram", "rule", ASKING, {"rule": {"ref": "levels"}}),
    "a call of nothing": ("diagram", "call", ["start > call > end"], {"call": {"calledElement": "nothing"}}),
    "a call of itself": ("diagram", "call", ["start > call > end"], {"call": {"calledElement": "main"}}),
    "an outcome of no step": (
        "diagram", "x-a", ["start > x", "x > a > end1 if outcome('b') == 'again'", "x > end2 else"], {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_defect_is_found_at_its_element_and_nothing_else(name):
    code, element, ways, nodes = PLANTED[name]
    checked = report(*ways, **nodes)
    assert found(checked) == [(code, element)], [str(finding) for finding in errors(checked)]
    assert not checked.publishable
    assert errors(checked)[0].remedy


@pytest.mark.parametrize("name", PLANTED)
def test_what_only_some_cases_show_comes_with_one_that_the_engine_replays(name):
    code, _, ways, nodes = PLANTED[name]
    shown = [finding for finding in errors(report(*ways, **nodes)) if finding.counter_example is not None]
    assert bool(shown) == (code in SHOWN_BY_A_CASE or name == "a deadline that is none for some")
    for finding in shown:
        replay(finding, defined(*ways, **nodes))
