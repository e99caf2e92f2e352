"""Timers of a diagram are armed, stand still while the family mends papers, and are fired by the worker, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Notice
from models.enums import CaseState, EventKind, NoticeKind, Outcome, TaskState
from tests.webapp.changed_processes import in_force
from tests.webapp.doctoring import complaints, mended
from tests.webapp.road import Road, a_fujian_road, a_road, work_off
from tests.webapp.timed_processes import (
    EDGE,
    FIVE_DAYS,
    FLOW,
    FROM_FILINGS,
    LAST,
    TO_FILINGS,
    TWO_HOURS,
    armed,
    at_wait,
    drawn,
    sound,
)
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.firings import fire_due_timers
from webapp.services.cases.recalls import TimeHasPassed, recall
from webapp.services.doctor.findings import Code

pytestmark = pytest.mark.slow


@pytest.fixture
def waiting(session: Session, request: pytest.FixtureRequest) -> Iterator[Road]:
    """A transfer whose diagram waits where the test says."""
    flow, waits = request.param
    with in_force(session, "transfer", drawn(flow, waits)):
        yield a_road(session)


@pytest.mark.parametrize("waiting", [(FLOW, FIVE_DAYS)], indirect=True)
def test_a_case_waits_for_working_days_and_goes_on_when_the_last_is_over(waiting: Road) -> None:
    case = at_wait(waiting)
    over = overdue_at(calendar_of(waiting.session).due(clock.today(), 5).day)
    assert armed(waiting, case) == {"wait:1": over}
    assert sound(waiting, case)
    with clock.freeze(over - timedelta(seconds=1)):
        work_off(waiting.session)
        assert waiting.open_tasks(case) == []
    with clock.freeze(over):
        work_off(waiting.session)
        assert waiting.open_task(case).step == "receiving_authorities/in_county"
        assert armed(waiting, case) == {}
        assert case.events[-1].kind == EventKind.FIRED
        assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_case_waits_for_calendar_time(waiting: Road) -> None:
    case = at_wait(waiting)
    assert armed(waiting, case) == {"wait:1": clock.now() + timedelta(hours=2)}
    with clock.freeze(clock.now() + timedelta(hours=2)):
        assert fire_due_timers(waiting.session) == 1
        assert fire_due_timers(waiting.session) == 0
        assert waiting.open_task(case).step == "receiving_authorities/in_county"
        assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(LAST, TWO_HOURS)], indirect=True)
def test_what_all_have_approved_changes_the_record_when_the_wait_is_over(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        waiting.approve(case)
    assert case.state == CaseState.IN_REVIEW
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        assert case.state == CaseState.COMPLETED
        assert waiting.student.enrolments[-1].school_id == waiting.receiving.id
        told = select(Notice.kind).where(Notice.change_request_id == case.id)
        assert NoticeKind.COMPLETED in set(waiting.session.scalars(told))
        assert sound(waiting, case)


@pytest.mark.parametrize(
    ("flow", "filed_before"), [(TO_FILINGS, False), (FROM_FILINGS, True)], ids=["after it", "before it"]
)
def test_a_case_that_ends_by_a_timer_is_filed_like_any_other(
    session: Session, flow: str, filed_before: bool
) -> None:
    process = "transfer_both_agree"
    with in_force(session, process, drawn(flow, TWO_HOURS, process=process)):
        road = a_fujian_road(session)
        case = road.applied()
        road.approve(case, times=2)
        assert case.state == CaseState.IN_REVIEW
        assert [task.blocking for task in road.open_tasks(case)] == [False] * filed_before
        with clock.freeze(clock.now() + timedelta(hours=2)):
            work_off(session)
            assert road.state_of(case) == CaseState.COMPLETED
            assert [task.blocking for task in road.open_tasks(case)] == [False]
            assert sound(road, case)
            road.decide(case, Outcome.ACKNOWLEDGE)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(LAST, TWO_HOURS)], indirect=True)
def test_a_record_that_changed_during_the_wait_hands_the_case_back(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        waiting.approve(case)
    waiting.student.name = "林另一"
    waiting.session.commit()
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        assert (case.state, case.events[-1].kind) == (CaseState.RETURNED, EventKind.RECORD_CONFLICT)
        assert sound(waiting, case)


def test_a_timer_at_the_edge_of_a_step_takes_it_away_and_another_answers_for_it(session: Session) -> None:
    files = drawn(FLOW, TWO_HOURS, EDGE)
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        over = armed(road, case)["late:1"]
        assert sound(road, case)
        with clock.freeze(over):
            work_off(session)
            assert [task.key for task in road.open_tasks(case)] == ["in_lead:1"]
            assert case.tasks[0].state == TaskState.CANCELLED
            assert sound(road, case)


def test_a_decision_disarms_the_timer_of_its_step_and_a_recall_arms_it_again(session: Session) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, EDGE)):
        road = a_road(session)
        case = road.applied()
        before, task = armed(road, case), road.open_task(case)
        with clock.freeze(clock.now() + timedelta(minutes=5)):
            road.approve(case)
            assert armed(road, case) == {}
            recall(session, road.officer(task), task.id, version=case.version)
            assert armed(road, case) == before
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(LAST, FIVE_DAYS)], indirect=True)
def test_a_public_notice_takes_its_days_from_the_decision_that_stands(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        last = waiting.open_task(case)
        waiting.approve(case)
    waiting.session.refresh(case)
    recall(waiting.session, waiting.officer(last), last.id, version=case.version)
    with clock.freeze(clock.now() + timedelta(days=14)):
        waiting.approve(case)
        over = overdue_at(calendar_of(waiting.session).due(clock.today(), 5).day)
        assert armed(waiting, case) == {"wait:1": over}
        assert sound(waiting, case)
    with clock.freeze(over - timedelta(seconds=1)):
        work_off(waiting.session)
        assert waiting.state_of(case) == CaseState.IN_REVIEW
    with clock.freeze(over):
        work_off(waiting.session)
        assert waiting.state_of(case) == CaseState.COMPLETED


def test_a_step_that_is_reached_anew_has_the_whole_time_of_its_timer_again(session: Session) -> None:
    edge = EDGE.replace('"in_registrar"', '"in_lead"').replace(
        'targetRef="in_lead"', 'targetRef="in_registrar"'
    )
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, edge)):
        road = a_road(session)
        case = road.applied()
        first = road.open_task(case)
        road.approve(case)
        over = armed(road, case)["late:1"]
        recall(session, road.officer(first), first.id, version=case.version)
        with clock.freeze(over + timedelta(hours=9)):
            road.approve(case)
            assert armed(road, case)["late:1"] == overdue_at(calendar_of(session).due(clock.today(), 3).day)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_decision_on_which_a_timer_has_fired_is_not_taken_back(waiting: Road) -> None:
    case = at_wait(waiting)
    lead = case.tasks[-1]
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        with pytest.raises(TimeHasPassed):
            recall(waiting.session, waiting.officer(lead), lead.id, version=case.version)


def test_timers_stand_still_while_the_family_mends_its_papers(session: Session) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, EDGE)):
        road = a_road(session)
        case = road.applied()
        over = armed(road, case)["late:1"]
        road.send_back(case)
        work_off(session)
        with clock.freeze(over + timedelta(days=30)):
            fire_due_timers(session)
            session.expire_all()
            assert (case.state, case.events[-1].kind) == (CaseState.RETURNED, EventKind.RETURNED)
            road.mend(case)
            again = armed(road, case)["late:1"]
            left = calendar_of(session).due(clock.today(), 3).day
            assert again == overdue_at(left)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(FLOW, FIVE_DAYS)], indirect=True)
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("DELETE FROM case_timer WHERE key = 'wait:1'", Code.FIRING_MISSING),
        (
            "UPDATE case_timer SET due_at = due_at + interval '1 hour' WHERE key = 'wait:1'",
            Code.FIRING_DIFFERS,
        ),
        ("UPDATE case_timer SET key = 'other:1' WHERE key = 'wait:1'", Code.FIRING_LEFT),
    ],
)
def test_the_doctor_sets_the_timers_as_the_history_says(waiting: Road, spoil: str, code: Code) -> None:
    case = at_wait(waiting)
    waiting.session.connection().exec_driver_sql(f"{spoil} AND change_request_id = {case.id}")
    waiting.session.commit()
    found = complaints(waiting.session, case)
    assert code in {finding.code for finding in found}
    mended(waiting.session, found)
    assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_timer_that_nobody_fires_is_told(waiting: Road) -> None:
    case = at_wait(waiting)
    with clock.freeze(clock.now() + timedelta(hours=4)):
        assert Code.FIRING_STUCK in {finding.code for finding in complaints(waiting.session, case)}


def test_a_diagram_without_timers_arms_none(road: Road) -> None:
    case = road.applied()
    assert armed(road, case) == {}
    road.decide(case, Outcome.APPROVE)
    assert armed(road, case) == {}
