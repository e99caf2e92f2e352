"""A list is sent (报送花名册): the worker submits an application for each of its students, a few at a time.

Whoever is killed has submitted an application or has not: what is left to do is whoever has neither an application that
goes with the list nor a refusal, and who was taken by a worker that died is taken by another after a while.
"""

import logging
from datetime import timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, Roster, RosterLine, Student
from models.enums import CaseState, RegistryState, Role
from webapp import clock, errors
from webapp.database import PASSING
from webapp.policy import Person, holds_at
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.failures import FAILURES
from webapp.services.cases.told import kept
from webapp.services.changes.kinds.registration import RegistrationForm
from webapp.services.people.accounts import person_now
from webapp.services.rosters.listing import NotYourSchool

PART = 20
TAKEN_FOR = timedelta(minutes=5)

log = logging.getLogger(__name__)


class NoSuchRoster(errors.Refusal):
    """There is no such list of new students."""

    status = 404


class RosterIsSent(errors.Refusal):
    """The list is sent: take back or reject the applications of those who do not belong on it."""

    status = 409


class RosterIsDiscarded(errors.Refusal):
    """The list was discarded. List the students anew."""

    status = 409


class NotSubmitted(errors.Refusal):
    """It could not be submitted for a technical reason. Send the list again, and tell the administrator."""

    status = 500


class RegistrarLeft(errors.Refusal):
    """The account of whoever sent the list was closed meanwhile. Send it again."""

    status = 403


def send(session: Session, registrar: Person, roster_id: int) -> None:
    """Let an application be submitted for each student of a list that has none; commits.

    What was refused before is tried again. Raises NoSuchRoster, NotYourSchool or RosterIsDiscarded.
    """
    roster = _locked(session, registrar, roster_id)
    if roster.discarded_at is not None:
        raise RosterIsDiscarded
    roster.sent_at, roster.sent_by_id, roster.done_at = clock.now(), registrar.account_id, None
    refused = update(RosterLine).where(
        RosterLine.roster_id == roster_id, RosterLine.student_id.is_not(None), RosterLine.told.is_not(None)
    )
    session.execute(refused.values(told=None, taken_at=None))
    session.commit()


def discard(session: Session, registrar: Person, roster_id: int) -> None:
    """Discard a list that was made by mistake, and the admissions that came of it; commits.

    Who had a record before has it again as it was. Raises NoSuchRoster, NotYourSchool or RosterIsSent.
    """
    roster = _locked(session, registrar, roster_id)
    if roster.sent_at is not None:
        raise RosterIsSent
    for line in roster.lines if roster.discarded_at is None else ():
        if line.student is not None and line.student.state == RegistryState.ADMITTED:
            _unlist(line.student)
    roster.discarded_at = roster.discarded_at or clock.now()
    session.commit()


def _unlist(student: Student) -> None:
    *earlier, present = student.enrolments
    present.ended_on, present.ended_as = clock.today(), RegistryState.ADMISSION_CANCELLED
    before = earlier[-1].ended_as if earlier else None
    student.state = before or RegistryState.ADMISSION_CANCELLED


def _locked(session: Session, registrar: Person, roster_id: int) -> Roster:
    roster = session.get(Roster, roster_id, with_for_update=True, populate_existing=True)
    if roster is None:
        raise NoSuchRoster
    if not holds_at(registrar, roster.school_id, Role.REGISTRAR):
        raise NotYourSchool
    return roster


def submit_due(session: Session) -> int:
    """Submit some of what waits of all lists, and return how many students that was.

    Who is taken is nobody else's for a while, so that workers side by side submit each once.
    """
    taken = _take(session)
    if not taken:
        _finish(session)
    for line_id in taken:
        _submit(session, line_id)
    return len(taken)


def _take(session: Session) -> list[int]:
    now = clock.now()
    free = or_(RosterLine.taken_at.is_(None), RosterLine.taken_at < now - TAKEN_FOR)
    some = (
        select(RosterLine)
        .join(RosterLine.roster)
        .where(Roster.sent_at.is_not(None), Roster.done_at.is_(None), free, *_LEFT)
        .order_by(RosterLine.roster_id, RosterLine.position)
        .limit(PART)
        .with_for_update(of=RosterLine, skip_locked=True)
    )
    lines = session.scalars(some).all()
    for line in lines:
        line.taken_at = now
    taken = [line.id for line in lines]
    session.commit()
    return taken


def _finish(session: Session) -> None:
    """Write down which lists are submitted to the last student."""
    left = exists().where(RosterLine.roster_id == Roster.id, *_LEFT)
    over = update(Roster).where(Roster.sent_at.is_not(None), Roster.done_at.is_(None), ~left)
    session.execute(over.values(done_at=clock.now()).execution_options(synchronize_session=False))
    session.commit()


def _submit(session: Session, line_id: int) -> None:
    """Submit one application, or write down why it cannot be; commits. What may pass another time is tried anew."""
    try:
        _submit_application(session, session.get_one(RosterLine, line_id))
    except errors.Refusal as refusal:
        session.rollback()
        _tell(session, line_id, refusal)
    except PASSING as failed:
        session.rollback()
        log.warning("Line %s of a list of new students is tried again: %s", line_id, failed)
    except FAILURES as failed:
        session.rollback()
        log.error("Line %s of a list of new students cannot be submitted: %s", line_id, failed)
        _tell(session, line_id, NotSubmitted())


def _submit_application(session: Session, line: RosterLine) -> None:
    roster = line.roster
    sender = person_now(session, roster.sent_by_id) if roster.sent_by_id else None
    if sender is None:
        raise RegistrarLeft
    assert line.student_id is not None, "he is left"
    form = RegistrationForm(roster.entered_on, line.other_roll)
    draft = save_draft(session, sender, line.student_id, form)
    draft.roster_id = line.roster_id
    session.flush()
    submit(session, sender, draft.id)


def _tell(session: Session, line_id: int, refusal: errors.Refusal) -> None:
    session.get_one(RosterLine, line_id).told = kept(refusal)
    session.commit()


# Who has neither an application that goes with his list nor a refusal.
_LEFT = (
    RosterLine.student_id.is_not(None),
    RosterLine.told.is_(None),
    ~exists().where(
        ChangeRequest.roster_id == RosterLine.roster_id,
        ChangeRequest.student_id == RosterLine.student_id,
        ChangeRequest.state != CaseState.DRAFT,
    ),
)
