"""Whose a registry number is that a family typed for a child at a school elsewhere (外省转入).

Anybody may type it, and only the child's own province can tell whether it is right (domain 3.1.5). So an entry gives
its number up to whoever enters the child next, unless offices look at an application on it or that province has agreed.
"""

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Guardianship, Student, Task
from models.enums import OPEN_CASE_STATES, CaseState, Outcome, Seat
from webapp import errors

# The other province has said yes to a case, or it needed none to become ours.
CONFIRMED = or_(
    ChangeRequest.state == CaseState.COMPLETED,
    ChangeRequest.tasks.any((Task.seat == Seat.OUTSIDE) & (Task.outcome == Outcome.APPROVE)),
)
UNDER_WAY = ChangeRequest.state.in_(OPEN_CASE_STATES)


class NumberIsKnown(errors.Refusal):
    """A child with this number is in the registry here already. Ask its school or bureau to enter you as guardian."""

    status = 409


class NumberAppliedFor(errors.Refusal):
    """Somebody has applied for the child with this number, and offices are looking at it. If that was nobody of your
    family, show the registry sheet to the school that you want: once that application is rejected, enter the child.
    """

    status = 409


def take_number(session: Session, number: str) -> bool:
    """Free a registry number for a new entry; return whether an earlier one had to give it up. The caller commits.

    Raises NumberIsKnown or NumberAppliedFor where it may not.
    """
    holder = session.scalar(select(Student).where(Student.registry_number == number))
    if holder is None:
        return False
    if hold := hold_on_number(session, holder):
        raise hold
    give_number_up(session, holder)
    return True


def hold_on_number(session: Session, holder: Student) -> errors.Refusal | None:
    """Lock a student and return why his number is nobody else's to enter, None if he was only entered."""
    session.refresh(holder, with_for_update={"key_share": True})
    if holder.entered_by_id is None or _has_case(session, holder, CONFIRMED):
        return NumberIsKnown()
    return NumberAppliedFor() if _has_case(session, holder, UNDER_WAY) else None


def give_number_up(session: Session, entry: Student) -> None:
    """Leave an entry without number and without guardian; what was drafted on it is forgotten in time."""
    entry.registry_number = entry.number_kind = None
    session.execute(delete(Guardianship).where(Guardianship.student_id == entry.id))
    session.flush()


def _has_case(session: Session, student: Student, like: ColumnElement[bool]) -> bool:
    found = select(ChangeRequest.id).where(ChangeRequest.student_id == student.id, like)
    return session.scalar(found.limit(1)) is not None
