"""A case changes the record that it was opened on, and no other."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import CaseState
from tests.webapp.road import Road
from tests.webapp.waiting import until_one_waits
from webapp import errors
from webapp.services.cases import applications
from webapp.services.cases.applications import submit
from webapp.services.changes.eligibility import NotEligible
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

CHANGES = {
    "another class": "UPDATE enrolment SET class_name = '2班' WHERE student_id = :student",
    "another grade": "UPDATE enrolment SET grade = 2 WHERE student_id = :student",
    "a name corrected": "UPDATE student SET name = '新名' WHERE id = :student",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_record_while_the_case_ran_is_noticed(
    road: Road, session: Session, change: str
) -> None:
    case = road.applied()
    road.approve(case, times=5)
    session.execute(text(change), {"student": road.student.id})
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    assert road.state_of(case) == CaseState.RETURNED


def test_a_sanction_while_the_case_ran_is_noticed(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    makers.a_sanction(session, road.student)
    session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)


def test_a_change_that_is_being_made_during_the_last_approval_is_noticed(
    road: Road, session: Session
) -> None:
    case = road.applied()
    road.approve(case, times=5)
    with Session(session.get_bind(), info=session.info) as other, ThreadPoolExecutor(1) as pool:
        other.execute(text(CHANGES["another class"]), {"student": road.student.id})
        last = pool.submit(road.approve, case)
        until_one_waits(other, last)
        other.commit()
        with pytest.raises(errors.RecordChanged):
            last.result()


def test_a_change_that_is_being_made_while_a_family_submits_is_waited_for(
    road: Road, session: Session
) -> None:
    draft_id, student_id = road.draft().id, road.student.id
    with Session(session.get_bind(), info=session.info) as other, ThreadPoolExecutor(1) as pool:
        other.execute(
            text("UPDATE student SET state = 'suspended' WHERE id = :student"), {"student": student_id}
        )
        submitted = pool.submit(submit, session, road.guardian, draft_id)
        until_one_waits(other, submitted)
        other.commit()
        with pytest.raises(NotEligible, match="T-P4"):
            submitted.result()


def test_a_change_that_is_made_while_the_rules_are_asked_waits_until_the_case_is_opened_and_is_noticed(
    road: Road, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, asked = road.draft(), applications.require_eligible
    with Session(session.get_bind(), info=session.info) as other, ThreadPoolExecutor(1) as pool:
        changing: list[Future[object]] = []

        def change() -> None:
            other.execute(text(CHANGES["another grade"]), {"student": road.student.id})
            other.commit()

        def ask(*what: object) -> None:
            asked(*what)
            changing.append(pool.submit(change))
            until_one_waits(session, changing[0])

        monkeypatch.setattr(applications, "require_eligible", ask)
        case = submit(session, road.guardian, draft.id)
        changing[0].result()
    with pytest.raises(errors.RecordChanged):
        road.approve(case, times=6)
    assert road.state_of(case) == CaseState.RETURNED


def test_a_record_that_was_only_looked_at_is_changed(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    session.execute(
        text("SELECT * FROM student WHERE id = :student FOR UPDATE"), {"student": road.student.id}
    )
    session.commit()
    assert road.approve(case) == CaseState.COMPLETED
