"""What an approved change does to the student's record (学籍档案): exactly once, on the record it was made for."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Student
from models.enums import ChangeKind, RegistryState
from models.transitions import check_transition
from webapp import clock


def is_as_opened(session: Session, student_id: int, record_version: int) -> bool:
    """Lock the record and say whether it is still the one the case was opened on."""
    statement = select(Student.version).where(Student.id == student_id).with_for_update()
    return session.scalars(statement).one() == record_version


def apply_change(session: Session, change_request_id: int) -> dict[str, Any]:
    """Change the record as an approved case says; return what changed, before and after, for the history."""
    case = session.get_one(ChangeRequest, change_request_id)
    return _EFFECTS[case.kind](session, case, clock.today())


def _transfer(session: Session, case: ChangeRequest, on: date) -> dict[str, Any]:
    """The pupil leaves one school as transferred out and is enrolled in the other (domain 3.1.6).

    In the province the registry number stays (福建 第八条; national: 一人一号,终身不变).
    """
    left = session.scalars(
        select(Enrolment).where(Enrolment.student_id == case.student_id, Enrolment.ended_on.is_(None))
    ).one()
    left.ended_on, left.ended_as = on, RegistryState.TRANSFERRED_OUT
    session.flush()
    joined = Enrolment(
        student_id=case.student_id,
        school_id=case.to_school_id,
        grade=case.form["grade"],
        class_name=None,
        major_code=left.major_code,
        major_name=left.major_name,
        schooling_years=case.form["schooling_years"] or left.schooling_years,
        study_form=left.study_form,
        entered_on=left.entered_on,
        started_on=on,
    )
    session.add(joined)
    student = session.get_one(Student, case.student_id)
    check_transition(student.state, RegistryState.TRANSFERRED_OUT)  # as the school it leaves sees it
    student.move_to(RegistryState.ENROLLED)
    session.flush()
    return {
        "before": {"school": left.school_id, "grade": left.grade, "class": left.class_name},
        "after": {"school": joined.school_id, "grade": joined.grade, "class": joined.class_name},
    }


_EFFECTS = {ChangeKind.TRANSFER: _transfer}
