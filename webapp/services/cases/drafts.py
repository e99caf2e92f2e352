"""How a draft (草稿) ends without being submitted: whoever may go on with it discards it, or it is forgotten."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Paper
from models.enums import CaseState
from webapp import clock, errors
from webapp.policy import Person, may_go_on_with_draft
from webapp.services.cases.applications import locked_case
from webapp.services.changes.planning import OF_GRADUATES

KEPT = timedelta(days=90)  # since it was last saved


def discard(session: Session, applicant: Person, draft_id: int) -> None:
    """Delete a draft and its papers at the wish of whoever may go on with it; NoSuchCase to anybody else."""
    draft = locked_case(session, draft_id)
    if draft is None or draft.state != CaseState.DRAFT or not may_go_on_with_draft(applicant, draft):
        raise errors.NoSuchCase
    _delete(session, [draft.id])
    session.commit()


def forget_drafts(session: Session) -> None:
    """Delete the drafts that nobody touched for long, or whose student has left the school they were begun at.

    The worker's daily cleaning. The caller commits.
    """
    still_there = select(Enrolment.id).where(
        Enrolment.student_id == ChangeRequest.student_id,
        Enrolment.school_id == ChangeRequest.from_school_id,
        or_(Enrolment.ended_on.is_(None), ChangeRequest.kind.in_(OF_GRADUATES)),
    )
    forgotten = or_(ChangeRequest.saved_at < clock.now() - KEPT, ~still_there.exists())
    drafts = select(ChangeRequest.id).where(and_(ChangeRequest.state == CaseState.DRAFT, forgotten))
    _delete(session, session.scalars(drafts.with_for_update(skip_locked=True)).all())


def _delete(session: Session, draft_ids: Iterable[int]) -> None:
    """The files stay in the object store: they lie under their digest, and others may have handed in the same."""
    session.execute(delete(Paper).where(Paper.change_request_id.in_(draft_ids)))
    session.execute(delete(ChangeRequest).where(ChangeRequest.id.in_(draft_ids)))
