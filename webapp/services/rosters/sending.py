"""A list is sent (报送花名册): the worker submits an application for each of its students, a few at a time.

Each is one transaction, so that whoever is killed has submitted it or has not: what is left to do is whoever has
neither an application that goes with the list nor a refusal.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from models import ChangeRequest, Roster, RosterLine, Student
from models.enums import CaseState, RegistryState, Role
from webapp import clock, errors
from webapp.policy import Person, holds_at
from webapp.services.cases.applications import save_draft, submit
from webapp.services.cases.told import kept
from webapp.services.changes.kinds.registration import RegistrationForm
from webapp.services.people.accounts import person_now
from webapp.services.rosters.listing import NotYourSchool

PART = 20


class NoSuchRoster(errors.Refusal):
    """There is no such list of new students."""

    status = 404


class RosterIsSent(errors.Refusal):
    """The list is sent: take back or reject the applications of those who do not belong on it."""

    status = 409


class RosterIsDiscarded(errors.Refusal):
    """The list was discarded. List the students anew."""

    status = 409


class SenderLeft(errors.Refusal):
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
    session.execute(refused.values(told=None))
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
    """Submit what waits of the first list that nobody else submits, and return how many students that was."""
    waiting = select(Roster).where(Roster.sent_at.is_not(None), Roster.done_at.is_(None)).order_by(Roster.id)
    roster = session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
    if roster is None or roster.sent_by_id is None:
        session.rollback()
        return 0
    lines, sender = _left(session, roster), person_now(session, roster.sent_by_id)
    if not lines:
        roster.done_at = clock.now()
    roster_id, line_ids = roster.id, [line.id for line in lines]
    session.commit()
    for line_id in line_ids:
        _submit(session, roster_id, line_id, sender)
    return len(line_ids)


def _left(session: Session, roster: Roster) -> Sequence[RosterLine]:
    """Return some of those that have neither been submitted nor refused."""
    submitted = exists().where(
        ChangeRequest.roster_id == roster.id,
        ChangeRequest.student_id == RosterLine.student_id,
        ChangeRequest.state != CaseState.DRAFT,
    )
    left = select(RosterLine).where(
        RosterLine.roster_id == roster.id,
        RosterLine.student_id.is_not(None),
        RosterLine.told.is_(None),
        ~submitted,
    )
    return session.scalars(left.order_by(RosterLine.position).limit(PART)).all()


def _submit(session: Session, roster_id: int, line_id: int, sender: Person | None) -> None:
    """Submit one application, or write down why it cannot be; commits."""
    try:
        if sender is None:
            raise SenderLeft
        line = session.get_one(RosterLine, line_id)
        assert line.student_id is not None, "he is left"
        form = RegistrationForm(line.roster.entered_on, line.other_roll)
        draft = save_draft(session, sender, line.student_id, form)
        draft.roster_id = roster_id
        session.flush()
        submit(session, sender, draft.id)
    except errors.Refusal as refusal:
        session.rollback()
        session.get_one(RosterLine, line_id).told = kept(refusal)
        session.commit()
