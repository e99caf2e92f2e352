"""A preview is the way of a case on which everybody approves."""

from tests.workflows.catalogue import ALL_SEATS, COUNTY, LEVELS, REVIEW, SCHOOL_ONLY
from tests.workflows.diagrams import a_definition
from workflows.engine import preview


def previewed(definition, facts):
    """Return the way as "working day on which it begins, step, limit or reason to skip"."""
    return [f"{s.begins} {s.step.id} {s.skipped or s.due}" for s in preview(definition, facts)]


def test_a_preview_shows_the_whole_way_in_order_and_when_each_step_begins_at_the_latest():
    definition = a_definition(
        "start > rule > a > p_1",
        "p_1 > b > c > p_2",
        "p_1 > d > p_2",
        "p_2 > e > f > end",
        rule={"ref": "levels"},
        a={"due": "steps + 3"},
        b={"due": "4"},
        c=COUNTY,
        d={"due": "6"},
        e={"skip_when": "skip"},
        f={"blocking": "false", "due": "30"},
        files=LEVELS,
    )
    assert previewed(definition, SCHOOL_ONLY | {"skip": True}) == [
        "0 a 5",
        "5 b 4",
        "5 d 6",
        "9 c no_seat",
        "11 e skip_when",
        "11 f 30",
    ]


def test_a_preview_goes_on_from_a_join_when_the_slowest_branch_is_there():
    definition = a_definition(
        "start > p_1",
        "p_1 > a > b > p_2",
        "p_1 > c > p_2",
        "p_2 > d > end",
        a={"due": "3"},
        b={"due": "3"},
        c={"due": "5"},
        d={"due": "1"},
    )
    assert previewed(definition, ALL_SEATS) == ["0 a 3", "0 c 5", "3 b 3", "6 d 1"]


def test_a_preview_does_not_wait_for_a_filing():
    definition = a_definition("start > a > b > end", a={"due": "7", "blocking": "false"}, b={"due": "2"})
    assert previewed(definition, ALL_SEATS) == ["0 a 7", "0 b 2"]


def test_a_preview_takes_everybody_to_approve():
    definition = a_definition(
        "start > a > x",
        "x > b > end1 if outcome('a') == 'approve'",
        "x > end2 else",
        a={"outcomes": "hold approve"},
    )
    assert previewed(definition, ALL_SEATS) == ["0 a None", "0 b None"]


def test_a_preview_goes_round_a_loop_once():
    definition = a_definition(
        "start > a > b > x",
        "x > a if outcome('b') == 'look_again'",
        "x > end else",
        b={"outcomes": "look_again stop"},
    )
    assert previewed(definition, ALL_SEATS) == ["0 a None", "0 b None"]


def test_a_preview_goes_into_called_processes():
    definition = a_definition("start > call > a > end", call={"calledElement": "review"}, files=REVIEW)
    assert previewed(definition, ALL_SEATS) == ["0 call/handler None", "0 call/chief None", "0 a None"]


def test_a_preview_waits_for_timers_on_the_way_and_lets_none_at_a_step_fire():
    definition = a_definition(
        "start > a > wait_1 > b > wait_2 > c > x > end",
        "timer > d > x",
        a={"due": "3"},
        b={"due": "2"},
        wait_1={"working_days": "limit"},
        wait_2={"duration": "PT49H"},
        timer={"at": "c"},
    )
    assert previewed(definition, ALL_SEATS | {"limit": 5}) == ["0 a 3", "8 b 2", "13 c None"]


def test_a_preview_goes_on_from_a_join_when_the_longest_wait_is_over():
    definition = a_definition(
        "start > p_1",
        "p_1 > a > p_2",
        "p_1 > wait > p_2",
        "p_2 > b > end",
        a={"due": "3"},
        wait={"duration": "P2W"},
    )
    assert previewed(definition, ALL_SEATS) == ["0 a 3", "14 b None"]


def test_a_preview_goes_round_a_wait_once():
    definition = a_definition(
        "start > x_in > wait > a > x",
        "x > x_in if outcome('a') == 'again'",
        "x > end else",
        a={"outcomes": "again stop"},
    )
    assert previewed(definition, ALL_SEATS) == ["10 a None"]
