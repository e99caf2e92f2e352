"""What every kind's rules read of a student's record, computed in this one place; thresholds stand in the tables.

Names, types, units and sources stand in `fact_catalogue.py`.
"""

from collections.abc import Sequence

from sqlalchemy import String, cast, literal, select, union
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Sanction, StudentOverlay
from models.enums import OPEN_CASE_STATES, Stage
from webapp.services.changes.change import Change, Moment
from webapp.services.changes.fact_catalogue import SANCTIONED
from webapp.services.changes.terms import term_facts
from workflows.values import Value

# 六三学制: compulsory schooling ends twice, after primary school and after junior high school.
COMPULSORY_STARTING_GRADES = (1, 7)
COMPULSORY_GRADUATING_GRADES = (6, 9)


def record_facts(
    session: Session, change: Change, moment: Moment, business: ChangeRequest | None
) -> dict[str, Value]:
    """Return the facts that the rules of every kind read; `business` is what the student has in progress."""
    enrolment = change.enrolment
    return {
        "kind": change.kind.value,
        "moment": moment,
        "state": enrolment.student.state.value,
        "overlays": _overlays(session, enrolment.student_id, business),
        "graduating_grade": is_graduating(enrolment),
        "starting_grade": is_starting(enrolment),
        "applied_on": change.on,
        **term_facts(session, enrolment, change.on),
    }


def is_graduating(enrolment: Enrolment) -> bool:
    """Whether the grade is the last of its stage (毕业年级)."""
    if enrolment.school.stage == Stage.COMPULSORY:
        return enrolment.grade in COMPULSORY_GRADUATING_GRADES
    return enrolment.grade >= enrolment.schooling_years


def is_starting(enrolment: Enrolment) -> bool:
    """Whether the grade is the first of its stage (起始年级)."""
    if enrolment.school.stage == Stage.COMPULSORY:
        return enrolment.grade in COMPULSORY_STARTING_GRADES
    return enrolment.grade == 1


def open_business(session: Session, student_id: int) -> ChangeRequest | None:
    """Return the student's business in progress (在办业务), of which there is at most one."""
    statement = select(ChangeRequest).where(
        ChangeRequest.student_id == student_id, ChangeRequest.state.in_(OPEN_CASE_STATES)
    )
    return session.scalar(statement)


def open_overlays(session: Session, student_id: int) -> Sequence[str]:
    """Return what lies over a student's record now; a sanction does until it is revoked (S1B 第二十九条)."""
    laid = select(cast(StudentOverlay.kind, String)).where(
        StudentOverlay.student_id == student_id, StudentOverlay.ended_at.is_(None)
    )
    sanctioned = select(literal(SANCTIONED)).where(
        Sanction.student_id == student_id, Sanction.revoked_on.is_(None)
    )
    return session.scalars(union(laid, sanctioned)).all()


def _overlays(session: Session, student_id: int, business: ChangeRequest | None) -> tuple[str, ...]:
    in_progress = ("in_progress", f"in_progress_{business.kind}") if business else ()
    return (*open_overlays(session, student_id), *in_progress)
