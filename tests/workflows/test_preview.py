"""A preview is the way of a case on which everybody approves."""

from tests.workflows.catalogue import ALL_SEATS, COUNTY, LEVELS, REVIEW, SCHOOL_ONLY
from tests.workflows.diagrams import a_definition
from workflows.engine import preview


def previewed(definition, facts):
    """Return the way as "group step due or reason to skip"."""
    return [f"{s.group} {s.step.id} {s.skipped or s.due}" for s in preview(definition, facts)]


def test_a_preview_shows_the_whole_way_in_order_and_what_is_side_by_side():
    definition = a_definition(
        "start > rule > a > p_1",
        "p_1 > b > c > p_2",
        "p_1 > d > p_2",
        "p_2 > e > f > end",
        rule={"ref": "levels"},
        a={"due": "steps + 3"},
        c=COUNTY,
        e={"skip_when": "skip"},
        f={"blocking": "false", "due": "30"},
        files=LEVELS,
    )
    assert previewed(definition, SCHOOL_ONLY | {"skip": True}) == [
        "1 a 5",
        "2 b None",
        "2 d None",
        "3 c no_seat",
        "4 e skip_when",
        "5 f 30",
    ]


def test_a_preview_takes_everybody_to_approve():
    definition = a_definition(
        "start > a > x",
        "x > b > end1 if outcome('a') == 'approve'",
        "x > end2 else",
        a={"outcomes": "hold approve"},
    )
    assert previewed(definition, ALL_SEATS) == ["1 a None", "2 b None"]


def test_a_preview_goes_round_a_loop_once():
    definition = a_definition(
        "start > a > b > x",
        "x > a if outcome('b') == 'look_again'",
        "x > end else",
        b={"outcomes": "look_again stop"},
    )
    assert previewed(definition, ALL_SEATS) == ["1 a None", "2 b None"]


def test_a_preview_goes_into_called_processes():
    definition = a_definition("start > call > a > end", call={"calledElement": "review"}, files=REVIEW)
    assert previewed(definition, ALL_SEATS) == ["1 call/handler None", "2 call/chief None", "3 a None"]
