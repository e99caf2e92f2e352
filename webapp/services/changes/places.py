"""Free places (空余学位) of a school's grade, and who may give them away."""

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, SchoolPlaces, Task
from models.enums import OPEN_CASE_STATES, Outcome, Role, Seat


def lock_places(session: Session, school_id: int | None, grade: int) -> None:
    """Let nobody else give away the grade's places until this transaction ends."""
    places = select(SchoolPlaces).where(SchoolPlaces.school_id == school_id, SchoolPlaces.grade == grade)
    session.execute(places.with_for_update())


def free_places(
    session: Session, school_id: int, grade: int, *, besides_student: int | None = None
) -> int | None:
    """Return the free places (空余学位) of a school's grade; None where the school has published no figure.

    Taken are those of its pupils, and those of applicants whom the school has agreed to take, but not the one of
    `besides_student`: his own place is his.
    """
    capacity = session.scalar(
        select(SchoolPlaces.capacity).where(SchoolPlaces.school_id == school_id, SchoolPlaces.grade == grade)
    )
    if capacity is None:
        return None
    pupils = select(func.count()).where(
        Enrolment.school_id == school_id, Enrolment.grade == grade, Enrolment.ended_on.is_(None)
    )
    agreed = select(func.count(distinct(Task.change_request_id))).where(
        Task.seat == Seat.RECEIVING_SCHOOL,
        Task.seat_role == Role.LEAD,
        Task.outcome == Outcome.APPROVE,
        Task.change_request.has(
            and_(
                ChangeRequest.to_school_id == school_id,
                ChangeRequest.student_id.is_distinct_from(besides_student),
                ChangeRequest.form["grade"].as_integer() == grade,
                ChangeRequest.state.in_(OPEN_CASE_STATES),
            )
        ),
    )
    return capacity - session.scalars(pupils).one() - session.scalars(agreed).one()
