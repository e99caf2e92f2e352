"""Flows that no case takes, and outcomes asked for too early, are warned of by name; what some case takes never is."""

import pytest

from tests.workflows.check.drawings import AGAIN, report
from tests.workflows.diagrams import a_table
from workflows.check import Severity


def warned(*ways, **nodes):
    """Return (code, element) of every warning but that no step says why it is there."""
    checked = report(*ways, **nodes)
    assert checked.publishable, [str(finding) for finding in checked.findings]
    return [
        (finding.code.value, finding.element)
        for finding in checked.findings
        if finding.severity is Severity.WARNING and finding.code.value != "no_source"
    ]


def test_a_flow_that_no_facts_choose_is_warned_of():
    assert warned(
        "start > a > x", "x > end1 if stage == 'vocational' and stage == 'compulsory'", "x > end2 else"
    ) == [("dead_flow", "x-end1")]


def test_a_default_that_is_never_left_over_is_warned_of():
    assert warned(
        "start > x", "x > a > x_2 if skip", "x > b > x_2 if not skip", "x > x_2 else", "x_2 > end"
    ) == [("dead_flow", "x-x_2")]


def test_a_flow_behind_one_that_excludes_it_is_warned_of():
    assert warned(
        "start > x", "x > a > x_2 if skip", "x > b > end1 else", "x_2 > end2 if not skip", "x_2 > end3 else"
    ) == [("dead_flow", "x_2-end2")]


@pytest.mark.parametrize(
    ("ways", "nodes"),
    [
        (["start > a > x", "x > end1 if outcome('a') == 'again'", "x > end2 else"], {"a": AGAIN}),
        (["start > x_in > a > x", "x > x_in if outcome('a') == 'again'", "x > end else"], {"a": AGAIN}),
        (
            ["start > rule > a > x", "x > end1 if level == 1", "x > end2 else"],
            {
                "rule": {"ref": "levels"},
                "files": {"levels.dmn": a_table("levels", "stage", "level", {'"vocational"': 1, "-": 2})},
            },
        ),
        (["start > a > x", "x > end1 if '县级' in seats", "x > end2 else"], {}),
    ],
)
def test_flows_that_some_case_takes_are_not(ways, nodes):
    assert warned(*ways, **nodes) == []


def test_an_outcome_asked_for_before_its_step_is_warned_of():
    ways = ["start > x", "x > x_2 if outcome('a') == 'again'", "x > b > x_2 else", "x_2 > a > end"]
    assert warned(*ways, a=AGAIN) == [("not_decided", "x-x_2")]


def test_an_outcome_asked_for_in_a_step_that_comes_first_is_warned_of():
    nodes = {"b": {"skip_when": "outcome('a') == 'again'"}, "a": AGAIN}
    assert warned("start > b > a > end", **nodes) == [("not_decided", "b")]
    assert warned("start > a > b > end", **nodes) == []


def test_an_outcome_of_another_branch_may_be_there():
    ways = ["start > p_split", "p_split > a > p_join", "p_split > b > p_join", "p_join > end"]
    assert warned(*ways, a=AGAIN, b={"skip_when": "outcome('a') == 'again'"}) == []
