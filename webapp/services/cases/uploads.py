"""Handing papers in and reading them: what is asked for may be handed in, and only who sees the case reads it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from models import ChangeRequest, Paper
from models.enums import CaseState, PaperKind
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant, may_go_on_with_draft, may_see_case
from webapp.services.cases.applications import locked_case
from webapp.services.cases.fields import more_papers
from webapp.services.cases.previews import papers_for
from webapp.services.cases.returns import open_return_of
from webapp.services.papers.files import add_paper
from webapp.services.people.accounts import require_person_now
from webapp.services.people.looks import log_look


class PaperNotAskedFor(errors.Refusal):
    """Nobody asks for this paper now: hand in only what is on the list, while the list is on the page."""

    status = 409


def hand_in(
    session: Session, person: Person, case_id: int, *, kind: PaperKind, filename: str, data: bytes
) -> ChangeRequest:
    """Add a paper to a draft, or to a returned case that asks for it; return the case.

    Raises NoSuchCase, PaperNotAskedFor, and what `add_paper` raises for the file itself.
    """
    case, person = locked_case(session, case_id), require_person_now(session, person)
    if case is None or not _is_applicant(person, case):
        raise errors.NoSuchCase
    if kind not in _asked_for(session, case):
        raise PaperNotAskedFor
    add_paper(session, person, case, kind=kind, filename=filename, data=data)
    case.saved_at = clock.now()
    session.commit()
    return case


def paper_for(session: Session, person: Person, paper_id: int) -> Paper:
    """Return a paper to whoever may see its case, and log the look; the caller commits.

    Raises NoSuchPaper also for a paper of somebody else's draft, of which nobody knows yet.
    """
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise errors.NoSuchPaper
    case = session.get_one(ChangeRequest, paper.change_request_id)
    if case.state == CaseState.DRAFT and not may_go_on_with_draft(person, case):
        raise errors.NoSuchPaper
    if case.state != CaseState.DRAFT and not may_see_case(person, case):
        raise errors.NotAllowed
    # A draft may be deleted, a look never.
    case_id = None if case.state == CaseState.DRAFT else case.id
    log_look(session, person, "paper", student_id=case.student_id, case_id=case_id)
    return paper


def _is_applicant(person: Person, case: ChangeRequest) -> bool:
    if case.state == CaseState.DRAFT:
        return may_go_on_with_draft(person, case)
    return acts_for_applicant(person, case)


def _asked_for(session: Session, case: ChangeRequest) -> Collection[str]:
    if case.state == CaseState.DRAFT:
        return [paper.kind for paper in papers_for(session, case)]
    request = open_return_of(session, case.id)
    return [*request.items, *more_papers(session, case, request)] if request else ()
