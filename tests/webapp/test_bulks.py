"""Approving together: what fits goes on in half a minute, what does not is told by name, and it can be undone."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Account, SchoolPlaces
from models.enums import BulkResult, CaseState, EventKind, Outcome, OverlayKind, Role
from tests.webapp.road import Road, work_off
from tests.webapp.standing_in import stands_in
from tests.webapp.together import (
    A_SECOND,
    IN_COUNTY,
    Together,
    carried_out,
    half_a_minute_later,
    mark_as_bulk,
    waiting_together,
)
from webapp import clock, errors
from webapp.services.cases import bulk_runs, claims
from webapp.services.cases.bulk_lists import bulk_for
from webapp.services.cases.bulks import (
    NothingFits,
    NotYoursToUndo,
    TooLateToUndo,
    approve_together,
    undo,
)
from webapp.services.cases.decisions import decide
from webapp.services.cases.weighing import TooManyTogether
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss

pytestmark = pytest.mark.slow

DONE, LAPSED, REFUSED, UNDONE, WAITING = (
    BulkResult.DONE,
    BulkResult.LAPSED,
    BulkResult.REFUSED,
    BulkResult.UNDONE,
    BulkResult.WAITING,
)


@pytest.fixture
def together(road: Road) -> Together:
    return waiting_together(road)


def test_nothing_is_decided_before_half_a_minute_is_over(together: Together) -> None:
    bulk = together.send()
    with clock.freeze(bulk.runs_at - A_SECOND):
        work_off(together.session)
    assert together.results(bulk) == [WAITING] * 3
    assert {task.step for task in together.tasks()} == {IN_COUNTY}


def test_then_each_goes_on_as_if_it_had_been_approved_alone(together: Together) -> None:
    bulk = together.send()
    carried_out(together.session)
    assert together.results(bulk) == [DONE] * 3
    assert bulk.done_at is not None
    for case in together.cases:
        event = case.events[-1]
        assert (event.kind, event.outcome, event.actor_id) == (
            EventKind.DECIDED,
            Outcome.APPROVE,
            together.officer.account_id,
        )
        assert (event.payload["opinion"], event.payload["bulk"]) == ("材料齐全", bulk.id)
    assert {task.step for task in together.tasks()} == {"out_registrar"}


def test_a_case_that_a_rule_stands_against_is_told_by_the_rule_and_the_others_go_on(road: Road) -> None:
    """A-10, with transfers: 30 cases, one of which fails a hard check."""
    together = waiting_together(road, 30)
    makers.an_overlay(road.session, together.roads[29].student, OverlayKind.PROBLEM)
    road.session.commit()
    bulk = together.send()
    carried_out(road.session)
    assert together.results(bulk) == [DONE] * 29 + [REFUSED]
    view = bulk_for(road.session, together.officer, bulk.id)
    assert view.items[0].task.change_request_id == together.cases[29].id
    assert [rule.rule for rule in view.items[0].rules] == ["H2"]
    assert "H2" in str(view.items[0].refusal)


def test_a_rule_that_is_broken_within_the_half_minute_counts_too(together: Together) -> None:
    bulk = together.send()
    makers.an_overlay(together.session, together.roads[1].student, OverlayKind.PROBLEM)
    together.session.commit()
    carried_out(together.session)
    assert together.results(bulk) == [DONE, REFUSED, DONE]
    assert together.told(bulk) == ["RulesStandAgainst"]


def test_undone_within_the_half_minute_nothing_is_decided(together: Together) -> None:
    bulk = together.send()
    undo(together.session, together.officer, bulk.id)
    undo(together.session, together.officer, bulk.id)
    carried_out(together.session)
    assert together.results(bulk) == [UNDONE] * 3
    assert together.send().id != bulk.id


def test_after_the_half_minute_it_is_too_late_to_undo(together: Together) -> None:
    bulk = together.send()
    with half_a_minute_later(), pytest.raises(TooLateToUndo):
        undo(together.session, together.officer, bulk.id)


def test_what_is_done_in_part_is_not_undone_by_whose_clock_is_behind(
    together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_runs, "PART", 1)
    bulk = together.send()
    with half_a_minute_later():
        while DONE not in together.results(bulk):
            assert bulk_runs.run_due(together.session) == 1
    with pytest.raises(TooLateToUndo):
        undo(together.session, together.officer, bulk.id)
    together.session.rollback()
    carried_out(together.session)
    assert together.results(bulk) == [DONE] * 3


def test_the_lead_undoes_it_and_a_colleague_does_not(together: Together, session: Session) -> None:
    bulk = together.send()
    county = bulk.office
    lead = makers.an_officer(session, county, Role.LEAD)
    colleague = makers.an_officer(session, county, Role.HANDLER)
    stranger = makers.an_officer(session, together.roads[0].releasing, Role.LEAD)
    session.commit()
    for person, refusal in ((colleague, NotYoursToUndo), (stranger, errors.NotAllowed)):
        with pytest.raises(refusal):
            undo(session, person, bulk.id)
        session.rollback()
    undo(session, lead, bulk.id)
    assert together.results(bulk) == [UNDONE] * 3


def test_of_a_task_that_a_colleague_decided_meanwhile_it_says_who_and_when(
    together: Together, session: Session
) -> None:
    colleague = makers.an_officer(session, together.tasks()[1].office, Role.HANDLER)
    session.commit()
    bulk = together.send()
    task = together.tasks()[1]
    decide(
        session,
        colleague,
        task.id,
        outcome=Outcome.REJECT,
        version=task.change_request.version,
        opinion="不符",
        code="DATA_WRONG",
    )
    carried_out(session)
    assert together.results(bulk) == [DONE, LAPSED, DONE]
    assert together.told(bulk) == ["AlreadyDecided"]
    told = next(item for item in bulk_for(session, together.officer, bulk.id).items if item.refusal)
    assert told.refusal.facts == {"office": task.office.name, "role": Role.HANDLER, "at": task.ended_at}


def test_a_case_that_changed_meanwhile_lapses(together: Together) -> None:
    bulk = together.send()
    together.roads[0].send_back(together.cases[0])
    carried_out(together.session)
    assert together.results(bulk) == [LAPSED, DONE, DONE]
    assert together.told(bulk) == ["CaseReturned"]


def test_whoever_lost_the_post_meanwhile_decides_nothing(together: Together, session: Session) -> None:
    bulk = together.send()
    dismiss(session, together.officer.account_id, bulk.office_id, Role.HANDLER, on=clock.today())
    session.commit()
    carried_out(session)
    assert together.results(bulk) == [LAPSED] * 3
    assert set(together.told(bulk)) == {"NotAllowed"}


def test_whose_account_was_closed_meanwhile_decides_nothing(together: Together, session: Session) -> None:
    bulk = together.send()
    closed = update(Account).where(Account.id == together.officer.account_id).values(disabled_at=clock.now())
    session.execute(closed)
    session.commit()
    carried_out(session)
    assert together.results(bulk) == [LAPSED] * 3
    assert set(together.told(bulk)) == {"SenderLeft"}


def test_what_a_colleague_claimed_is_not_among_them(together: Together, session: Session) -> None:
    task = together.tasks()[0]
    colleague = makers.an_officer(session, task.office, Role.HANDLER)
    session.commit()
    claims.claim(session, colleague, task.id)
    bulk = together.send()
    assert together.results(bulk) == [REFUSED, WAITING, WAITING]
    assert together.told(bulk) == ["ClaimedByColleague"]


def test_ones_own_child_is_not_among_them(together: Together, session: Session) -> None:
    account = session.get_one(Account, together.officer.account_id)
    makers.a_guardian(session, together.roads[2].student, account=account)
    session.commit()
    together.officer = makers.person_of(session, account)
    assert together.results(together.send()) == [WAITING, WAITING, REFUSED]


def test_a_task_waits_in_one_bulk_at_a_time(together: Together, session: Session) -> None:
    colleague = makers.an_officer(session, together.tasks()[0].office, Role.HANDLER)
    session.commit()
    ticked = together.ticked()
    first = next(iter(ticked))
    approve_together(session, colleague, {first: ticked[first]})
    bulk = together.send()
    assert together.results(bulk) == [REFUSED, WAITING, WAITING]
    assert together.told(bulk) == ["InAnotherBulk"]


def test_a_step_that_is_not_marked_is_decided_one_by_one(road: Road) -> None:
    together = waiting_together(road, step="in_registrar")
    with pytest.raises(NothingFits):
        together.send()


def test_tasks_of_another_step_wait_for_a_bulk_of_their_own(together: Together, session: Session) -> None:
    road = together.roads[0]
    other = road.rival()
    case = other.applied()
    task = other.approve_until(case, "releasing_authorities/out_county")
    colleague = makers.an_officer(session, together.tasks()[0].office, Role.HANDLER)
    account = session.get_one(Account, colleague.account_id)
    both = makers.an_officer(session, task.office, Role.HANDLER, account=account)
    session.commit()
    bulk = approve_together(session, both, together.ticked() | {task.id: case.version})
    assert together.told(bulk) == ["AnotherStep"]


def test_tasks_that_are_not_with_him_are_no_part_of_it(together: Together) -> None:
    stranger = together.roads[0].officers[together.roads[0].releasing.id, Role.LEAD]
    with pytest.raises(errors.NotAllowed):
        approve_together(together.session, stranger, together.ticked())


@pytest.mark.parametrize(
    ("count", "told"), [(1000, pytest.raises(errors.NotAllowed)), (1001, pytest.raises(TooManyTogether))]
)
def test_a_thousand_are_approved_together_and_no_more(together: Together, count: int, told) -> None:
    nobodys = dict.fromkeys(range(-count, 0), 1)
    with told:
        approve_together(together.session, together.officer, nobodys)


def test_the_last_approvals_change_the_records(road: Road) -> None:
    together = waiting_together(road, step="releasing_authorities/out_county")
    together.send()
    carried_out(road.session)
    assert {case.state for case in together.cases} == {CaseState.COMPLETED}
    for each in together.roads:
        road.session.refresh(each.student)
        assert each.student.enrolments[-1].school_id == road.receiving.id


def test_a_record_that_changed_sends_its_case_back_to_the_family_and_the_others_end(road: Road) -> None:
    together = waiting_together(road, step="releasing_authorities/out_county")
    bulk = together.send()
    together.roads[1].student.name = "改名"
    road.session.commit()
    carried_out(road.session)
    assert together.results(bulk) == [DONE, LAPSED, DONE]
    assert together.told(bulk) == ["RecordChanged"]
    road.session.expire_all()
    states = [case.state for case in together.cases]
    assert states == [CaseState.COMPLETED, CaseState.RETURNED, CaseState.COMPLETED]


def test_more_than_a_part_is_done_in_parts(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.services.cases.bulk_runs.PART", 2)
    together = waiting_together(road, 5)
    bulk = together.send()
    carried_out(road.session)
    assert together.results(bulk) == [DONE] * 5


def test_colleagues_see_who_sent_it_and_the_office_finds_it_again(
    together: Together, session: Session
) -> None:
    bulk = together.send()
    colleague = makers.an_officer(session, bulk.office, Role.CHIEF)
    session.commit()
    assert bulk_for(session, colleague, bulk.id).seconds_left == 30
    with clock.freeze(clock.now() + timedelta(seconds=18)):
        assert bulk_for(session, colleague, bulk.id).seconds_left == 12


def test_a_substitute_approves_together_too_and_each_history_names_both(
    together: Together, session: Session
) -> None:
    away, task = together.officer, together.tasks()[0]
    colleague = makers.an_officer(session, task.office, Role.CHIEF)
    session.commit()
    together.officer = stands_in(session, away, colleague)
    bulk = together.send()
    assert bulk.instead_of_id == away.account_id
    carried_out(session)
    assert together.results(bulk) == [DONE] * 3
    events = [case.events[-1] for case in together.cases]
    assert {event.actor_id for event in events} == {colleague.account_id}
    assert {event.payload["instead_of"]["id"] for event in events} == {away.account_id}


def test_the_last_place_is_given_away_once_within_a_bulk(ward: Road) -> None:
    session = ward.session
    mark_as_bulk(session, "in_lead")
    session.add(SchoolPlaces(school_id=ward.receiving.id, grade=3, capacity=2))
    session.commit()
    together = waiting_together(ward.rival(), step="in_lead")
    bulk = together.send()
    carried_out(session)
    assert together.results(bulk) == [DONE, DONE, REFUSED]
    view = bulk_for(session, together.officer, bulk.id)
    assert [rule.rule for rule in view.items[0].rules] == ["T-P8"]
