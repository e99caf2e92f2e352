"""Several sign one step: all of them (会签), any of them (或签), or one after the other (依次)."""

import pytest

from tests.workflows.catalogue import ALL_SEATS, COUNTY, log_of
from tests.workflows.diagrams import a_definition
from workflows.engine import TaskNotOpen, complete, fire, fold, open_tasks, preview, start


def signed_in(mode, **more):
    signers = {"role": "chief deputy lead", "mode": mode, "due": "5"}
    return a_definition("start > a > b > end", a=signers | more)


def keys(advance):
    return [task.key for task in advance.opened]


def decided(definition, advance, *tasks):
    for task in tasks:
        advance = complete(definition, advance.state, task, "approve", ALL_SEATS)
    return advance


def test_each_signature_is_asked_of_a_role_of_its_own():
    opened = start(signed_in("all"), ALL_SEATS).opened
    assert [(task.key, task.role) for task in opened] == [
        ("a:1.1", "chief"),
        ("a:1.2", "deputy"),
        ("a:1.3", "lead"),
    ]


def test_all_sign_in_any_order_before_the_case_goes_on():
    definition = signed_in("all")
    first = decided(definition, start(definition, ALL_SEATS), "a:1.2")
    assert (first.closed, first.opened) == (("a:1.2",), ())
    assert open_tasks(definition, first.state) == ("a:1.1", "a:1.3")
    last = decided(definition, first, "a:1.3", "a:1.1")
    assert (last.closed, keys(last)) == (("a:1.1",), ["b:1"])


def test_the_first_of_any_decides_and_the_others_are_asked_no_more():
    definition = signed_in("any")
    advance = decided(definition, start(definition, ALL_SEATS), "a:1.2")
    assert (advance.closed, keys(advance)) == (("a:1.1", "a:1.2", "a:1.3"), ["b:1"])


def test_in_a_sequence_each_is_asked_when_the_one_before_has_signed():
    definition = signed_in("sequence")
    advance = start(definition, ALL_SEATS)
    for key, following in (("a:1.1", "a:1.2"), ("a:1.2", "a:1.3"), ("a:1.3", "b:1")):
        assert keys(advance) == [key]
        advance = decided(definition, advance, key)
        assert keys(advance) == [following]


def test_nobody_signs_twice_or_before_his_turn():
    definition = signed_in("sequence")
    advance = decided(definition, start(definition, ALL_SEATS), "a:1.1")
    for key in ("a:1.1", "a:1.3", "a:1"):
        with pytest.raises(TaskNotOpen, match=r"open are: a:1\.2"):
            decided(definition, advance, key)


@pytest.mark.parametrize("mode", ["all", "any", "sequence"])
def test_signatures_fold_to_the_same_state(mode):
    definition = signed_in(mode)
    advance, log = start(definition, ALL_SEATS), []
    while not advance.ended:
        log += log_of(open_tasks(definition, advance.state)[-1])
        advance = decided(definition, advance, log[-1][0])
        folded = fold(definition, ALL_SEATS, log)
        assert folded.state == advance.state
        assert {task.key for task in folded.opened} == set(open_tasks(definition, advance.state))


def test_a_signature_that_is_recalled_is_asked_for_again():
    definition = signed_in("all")
    assert set(keys(fold(definition, ALL_SEATS, log_of("a:1.3")))) == {"a:1.1", "a:1.2"}
    assert len(fold(definition, ALL_SEATS, ()).opened) == 3


def test_a_second_round_is_signed_anew():
    definition = a_definition(
        "start > a > b > x", "x > a if outcome('b') == 'again'", "x > end else",
        a={"role": "chief lead", "mode": "all"}, b={"outcomes": "approve again"},
    )  # fmt: skip
    advance = fold(definition, ALL_SEATS, log_of("a:1.1 a:1.2 b:1=again a:2.2"))
    assert keys(advance) == ["a:2.1"]


def test_a_timer_takes_all_signatures_away_and_they_disarm_it():
    definition = a_definition(
        "start > a > end", "timer > b > end2",
        a={"role": "chief lead", "mode": "all"}, timer={"at": "a", "working_days": "3"},
    )  # fmt: skip
    begun = decided(definition, start(definition, ALL_SEATS), "a:1.1")
    assert begun.disarmed == ()
    assert fire(definition, begun.state, "timer:1", ALL_SEATS).closed == ("a:1.2",)
    assert decided(definition, begun, "a:1.2").disarmed == ("timer:1",)


def test_a_step_whose_seat_is_missing_is_signed_by_nobody():
    definition = a_definition("start > a > b > end", a=COUNTY | {"role": "chief lead", "mode": "all"})
    assert keys(start(definition, ALL_SEATS | {"seats": ("学校",)})) == ["b:1"]


@pytest.mark.parametrize(("mode", "days"), [("all", 5), ("any", 5), ("sequence", 15)])
def test_whoever_asks_for_the_way_learns_how_long_all_signatures_may_take(mode, days):
    _, after = preview(signed_in(mode), ALL_SEATS)
    assert after.begins == days
