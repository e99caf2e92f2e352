"""Returned for correction (退回补正): by an officer, or because the record changed meanwhile."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Enrolment, Notice, Student, Timer
from models.enums import CaseState, NoticeKind, Outcome, RegistryState
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, work_off
from webapp import clock, errors
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.changes.eligibility import NotEligible
from webapp.services.demo import makers


def test_what_was_returned_comes_back_to_who_returned_it(road: Road) -> None:
    case = road.applied()
    task = road.approve_until(case, "out_registrar")
    road.send_back(case)
    road.session.refresh(case)
    assert case.state == CaseState.RETURNED
    assert road.open_tasks(case) == []

    road.mend(case)
    assert [(again.id, again.step) for again in road.open_tasks(case)] == [(task.id, "out_registrar")]
    assert case.state == CaseState.IN_REVIEW


def test_a_return_wants_something_ticked_and_a_reason(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.NothingTicked):
        return_to_applicant(
            road.session, road.officer(task), task.id, items=[], reason="不清晰", version=case.version
        )
    road.session.rollback()
    with pytest.raises(errors.ReasonMissing):
        road.send_back(case, reason=" ")


@pytest.mark.parametrize(
    ("back_on", "due_on"),
    [
        (datetime(2025, 9, 23, 23, tzinfo=clock.SHANGHAI), date(2025, 9, 24)),
        (datetime(2025, 9, 24, 23, tzinfo=clock.SHANGHAI), date(2025, 9, 25)),
        (datetime(2025, 9, 27, 9, tzinfo=clock.SHANGHAI), date(2025, 9, 28)),
        (datetime(2025, 10, 1, 9, tzinfo=clock.SHANGHAI), date(2025, 10, 9)),
    ],
    ids=["in time", "late in the evening", "on a free Saturday", "on a holiday"],
)
def test_what_comes_back_on_its_last_day_falls_due_on_a_working_day_after_it(
    road: Road, back_on: datetime, due_on: date
) -> None:
    """Ten working days from 10 September end on the 24th; domain 3.0.3 begins a limit on the next working day."""
    case = road.applied()
    returned_on = back_on if back_on.day == 23 else datetime(2025, 9, 24, 9, tzinfo=clock.SHANGHAI)
    with clock.freeze(returned_on):
        road.send_back(case)
    with clock.freeze(back_on + timedelta(minutes=1)):
        road.mend(case)
    assert road.open_task(case).due_on == due_on


@pytest.mark.parametrize(("late", "stays"), [(timedelta(seconds=-1), False), (timedelta(), True)])
def test_a_limit_that_was_over_stays_over_when_the_case_comes_back(
    road: Road, late: timedelta, stays: bool
) -> None:
    """OVERDUE is cleared when the step ends (domain 3.0.1), and told once."""
    case = road.applied()
    due_on = road.open_task(case).due_on
    with clock.freeze(overdue_at(due_on) + late):
        work_off(road.session)
        road.send_back(case)
    with clock.freeze(overdue_at(due_on) + timedelta(days=9)):
        road.mend(case)
        work_off(road.session)
        assert (road.open_task(case).due_on == due_on) is stays
        assert complaints(road.session, case) == []
    overdue = (Notice.kind == NoticeKind.OVERDUE, Notice.account_id == road.guardian.account_id)
    told = select(func.count()).where(Notice.change_request_id == case.id, *overdue)
    assert road.session.scalar(told) == stays


def test_a_returned_case_cannot_be_decided(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    road.send_back(case)
    with pytest.raises(errors.CaseReturned):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_clock_stands_still_while_the_applicant_mends(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    road.send_back(case)
    with clock.freeze(clock.now() + timedelta(days=60)):
        road.mend(case)
        again = road.open_task(case)
    assert again.due_on == date(2025, 11, 21)  # Sunday 9 November + the ten working days that were left
    assert road.session.get(Timer, task.id) is not None


def test_without_the_paper_that_was_asked_for_nothing_comes_back(road: Road) -> None:
    case = road.applied()
    with clock.freeze(clock.now() + timedelta(hours=1)):
        road.send_back(case)
        with pytest.raises(errors.FormIncomplete):
            resubmit(road.session, road.guardian, case.id)


def test_a_record_that_changed_meanwhile_is_not_overwritten(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    session.execute(update(Student).where(Student.id == road.student.id).values(version=7, name="新名"))
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    session.refresh(case)
    assert case.state == CaseState.RETURNED
    assert session.get_one(Student, road.student.id).version == 7
    resubmit(session, road.guardian, case.id)
    assert road.approve(case) == CaseState.COMPLETED


def test_a_return_for_papers_does_not_pass_over_a_changed_record(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve_until(case, "out_registrar")
    road.send_back(case)
    session.get_one(Student, road.student.id).state = RegistryState.SUSPENDED
    session.commit()
    road.mend(case)
    road.approve(case, times=2)
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    session.refresh(case)
    assert case.state == CaseState.RETURNED
    with pytest.raises(NotEligible) as refused:
        resubmit(session, road.guardian, case.id)
    assert [failure.rule for failure in refused.value.failed] == ["T-P4"]
    session.rollback()
    withdraw(session, road.guardian, case.id)
    assert session.get_one(Student, road.student.id).state == RegistryState.SUSPENDED


def test_a_pupil_who_moved_meanwhile_needs_a_new_application(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    elsewhere = makers.a_school(session, "410324")
    session.execute(
        update(Enrolment).where(Enrolment.student_id == road.student.id).values(school_id=elsewhere.id)
    )
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    with pytest.raises(errors.RecordMovedOn):
        resubmit(session, road.guardian, case.id)
