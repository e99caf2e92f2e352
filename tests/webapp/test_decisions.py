"""What officers do with their tasks, on the real database."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Outbox, SchoolPlaces, Student, Timer
from models.enums import CaseState, EventKind, NoticeKind, Outcome, RegistryState, Role, Seat
from tests.webapp.road import Road, a_fujian_road
from webapp import clock, errors
from webapp.services.cases.decisions import act_of, decide
from webapp.services.cases.outcomes import decision_on
from webapp.services.changes.eligibility import NotEligible


def test_each_approval_hands_the_case_to_the_next_seat(road: Road) -> None:
    case = road.applied()
    asked = []
    while case.state == CaseState.IN_REVIEW:
        task = road.open_task(case)
        asked.append((task.seat, task.role))
        road.approve(case)
        road.session.refresh(case)
    assert asked == [
        (Seat.RECEIVING_SCHOOL, Role.REGISTRAR),
        (Seat.RECEIVING_SCHOOL, Role.LEAD),
        (Seat.RECEIVING_COUNTY, Role.HANDLER),
        (Seat.RELEASING_SCHOOL, Role.REGISTRAR),
        (Seat.RELEASING_SCHOOL, Role.LEAD),
        (Seat.RELEASING_COUNTY, Role.HANDLER),
    ]
    assert case.state == CaseState.COMPLETED


def test_the_last_approval_moves_the_student_once(road: Road) -> None:
    case = road.applied()
    assert road.approve(case, times=6) == CaseState.COMPLETED
    left, joined = road.session.scalars(
        select(Enrolment).where(Enrolment.student_id == road.student.id).order_by(Enrolment.id)
    )
    assert (left.school_id, left.ended_as) == (road.releasing.id, RegistryState.TRANSFERRED_OUT)
    assert (joined.school_id, joined.grade, joined.ended_on) == (road.receiving.id, 3, None)
    assert road.session.get_one(Student, road.student.id).version > case.record_version


def test_a_task_is_due_ten_working_days_after_it_opened(road: Road) -> None:
    task = road.open_task(road.applied())
    assert (task.due_on, task.due_provisional) == (date(2025, 9, 24), False)
    assert road.session.get_one(Timer, task.id).due_at == datetime(2025, 9, 23, 8, tzinfo=clock.SHANGHAI)


def test_rejecting_ends_the_case_and_changes_no_record(road: Road) -> None:
    case = road.applied()
    road.approve_until(case, "releasing_authorities/out_county")
    assert road.decide(case, Outcome.REJECT, "学籍信息有误") == CaseState.REJECTED
    assert road.open_tasks(case) == []
    assert case.ended_at is not None
    assert road.session.get_one(Student, road.student.id).version == case.record_version
    assert case.events[-1].kind == EventKind.REJECTED
    assert case.events[-1].payload["opinion"] == "学籍信息有误"
    assert case.events[-1].payload["ground"] == {
        "code": "DATA_WRONG",
        "rule": "H3",
        "reason_zh": "学生信息有误",
        "reason_en": "The student’s data are wrong",
        "source": "全国学籍系统业务校验（错误代码 2001）",
    }


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_rejection_without_a_reason_is_refused(road: Road, reason: str) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.ReasonMissing):
        road.decide(case, Outcome.REJECT, reason)
    road.session.rollback()
    assert road.open_task(case).id == task.id


def test_an_officer_of_another_county_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    stranger = road.officers[road.releasing.superior_id or 0, Role.HANDLER]
    with pytest.raises(errors.NotAllowed):
        decide(road.session, stranger, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_right_office_in_the_wrong_role_is_refused(road: Road) -> None:
    case = road.applied()
    task = road.open_task(case)
    lead = road.officers[road.receiving.id, Role.LEAD]
    with pytest.raises(errors.NotAllowed):
        decide(road.session, lead, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_an_unknown_task_is_told_apart_from_a_forbidden_one(road: Road) -> None:
    with pytest.raises(errors.NoSuchTask):
        decide(road.session, road.guardian, 999_999_999, outcome=Outcome.APPROVE, version=1)


def test_an_outcome_that_the_step_does_not_know_is_refused(road: Road) -> None:
    case = road.applied()
    with pytest.raises(errors.UnknownOutcome):
        road.decide(case, Outcome.ACKNOWLEDGE)


def test_the_receiving_school_cannot_agree_without_a_free_place(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=0))
    session.commit()
    case = road.applied()
    with pytest.raises(NotEligible) as refused:
        road.approve(case)
    assert [failure.rule for failure in refused.value.failed] == ["T-P8"]


def test_one_free_place_is_given_away_once(road: Road, session: Session) -> None:
    session.add(SchoolPlaces(school_id=road.receiving.id, grade=3, capacity=1))
    session.commit()
    rival = road.rival()
    first, second = road.applied(), rival.applied()
    road.approve(first, times=2)
    with pytest.raises(NotEligible):
        rival.approve(second)


def test_filing_does_not_block_and_is_acknowledged(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    assert road.approve(case, times=2) == CaseState.COMPLETED
    (filing,) = road.open_tasks(case)
    assert (filing.seat, filing.blocking) == (Seat.RECEIVING_COUNTY, False)
    clerk = road.officer(filing)
    filed = decide(session, clerk, filing.id, outcome=Outcome.ACKNOWLEDGE, version=case.version)
    assert filed.state == CaseState.COMPLETED
    assert road.open_tasks(case) == []
    with pytest.raises(errors.AlreadyFiled):
        decide(session, clerk, filing.id, outcome=Outcome.ACKNOWLEDGE, version=case.version)
    assert [enrolment.ended_on is None for enrolment in road.student.enrolments] == [False, True]


def test_a_filing_can_be_neither_approved_nor_rejected(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    road.approve(case, times=2)
    for outcome in (Outcome.APPROVE, Outcome.REJECT):
        with pytest.raises(errors.UnknownOutcome):
            road.decide(case, outcome, "不")
        session.rollback()


def test_a_decision_and_its_word_to_the_next_are_one_transaction(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case)
    task = road.open_task(case)
    told = session.scalars(
        select(Outbox).where(Outbox.change_request_id == case.id, Outbox.task_id == task.id)
    )
    assert [row.kind for row in told] == [NoticeKind.ARRIVED]


def test_a_stored_state_that_was_damaged_is_folded_anew(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=3)
    session.execute(update(ChangeRequest).where(ChangeRequest.id == case.id).values(token=b"1 garbage"))
    session.commit()
    assert road.approve(case) == CaseState.IN_REVIEW
    assert road.open_task(case).step == "out_lead"


def test_a_step_that_is_reached_again_is_no_signature_of_others(road: Road, session: Session) -> None:
    """As where a diagram leads back to it."""
    case = road.applied()
    task = road.open_task(case)
    act = act_of(session, road.officer(task), task.id, version=case.version, opinion="")
    decision = decision_on(session, act, Outcome.APPROVE)
    again = replace(decision, opened=[replace(decision.opened[0], key="in_registrar:2", step=task.step)])
    signed_too = replace(
        decision, opened=[replace(decision.opened[0], key="in_registrar:1.2", step=task.step)]
    )
    assert [one.waits_for_others for one in (decision, again, signed_too)] == [False, False, True]
