"""Between general and vocational education (普职互转): how many of a vocational school's intake have left."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models import ChangeRequest, Enrolment, Office
from models.enums import OPEN_CASE_STATES, CaseState, ChangeKind, Stage

_COUNTS = (*OPEN_CASE_STATES, CaseState.COMPLETED)


def percent_to_general(session: Session, enrolment: Enrolment) -> Decimal:
    """Return the share of a vocational school's intake, in percent, that goes to a general school with this student.

    Counted are those who entered with him, and of them those with a transfer in progress or done. Source: domain 3.1.2
    T-P16 (W43).
    """
    entered = aliased(Enrolment)
    intake = select(entered.student_id).where(
        entered.school_id == enrolment.school_id, entered.entered_on == enrolment.entered_on
    )
    leaving = select(func.count(ChangeRequest.student_id.distinct())).where(
        ChangeRequest.kind == ChangeKind.TRANSFER,
        ChangeRequest.from_school_id == enrolment.school_id,
        ChangeRequest.to_school.has(Office.stage == Stage.SENIOR_HIGH),
        ChangeRequest.state.in_(_COUNTS),
        ChangeRequest.student_id.in_(intake),
        ChangeRequest.student_id != enrolment.student_id,
    )
    size = session.scalars(select(func.count()).select_from(intake.distinct().subquery())).one()
    return Decimal(100 * (session.scalars(leaving).one() + 1)) / size
