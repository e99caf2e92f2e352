"""What an applicant does with a case on its way: hand it in corrected (补正), or take it back (撤回)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import ChangeRequest, ReturnRequest, Task
from models.enums import Ask, CaseState, EventKind, OfficeKind, PaperKind, TaskState
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases import endings, fields, history, returns
from webapp.services.cases.agreements import is_bound
from webapp.services.cases.applications import (
    applying_post,
    lock_record,
    locked_case_of,
    require_begun_here,
    require_initiator,
    require_papers,
)
from webapp.services.cases.chain import Plain
from webapp.services.cases.diagram_timers import reset_timers
from webapp.services.cases.openings import Anew, begin_anew, open_first_tasks
from webapp.services.cases.routing import engine_facts
from webapp.services.changes.eligibility import RULES_ABOUT_OTHER_BUSINESS, require_eligible
from webapp.services.changes.planning import change_of_case
from webapp.services.papers.files import current_papers


class PapersExchanged(errors.Refusal):
    """A paper that nobody asked for is not the one handed in, so the case cannot go on. Tell the county's bureau."""

    status = 409


def resubmit(
    session: Session, applicant: Person, case_id: int, *, corrected: Mapping[str, Plain] | None = None
) -> bool:
    """Hand a returned case back in; it resumes where it was returned (T-33). `corrected` goes into its history.

    The papers that were ticked must have been uploaded anew since, the fields filled in, and the other papers still be
    those handed in (FormIncomplete, PapersExchanged). If a key field has changed, the case begins anew at its first
    step, if it might be applied for like that: otherwise NotEligible, AnotherProcess, or what `require_initiator` and
    `require_begun_here` raise.
    A case that came back because the record had changed is confirmed on the record as it is now, if all that it was
    decided on still holds; otherwise NotEligible or RecordMovedOn, and the family may withdraw it. Whoever sends it
    twice has sent it once; of others, ApplicationMovedOn. Returns whether it began anew.
    """
    case, applicant = _own_open_case(session, applicant, case_id)
    request = returns.open_return_of(session, case.id)
    if request is None:
        if history.ends_with(session, case, EventKind.RESUBMITTED, applicant.account_id):
            return False
        raise errors.ApplicationMovedOn
    papers = _mended_papers(session, case, request)
    if returns.is_about_record(request) or request.codes:
        _confirm_record(session, case)
    at, changed = clock.now(), fields.apply(session, case, request)
    case.applicant_ids = sorted({*case.applicant_ids, applicant.account_id})
    anew = _begin_anew(session, case, at) if any(field.is_key for field in changed) else None
    if anew is None:
        returns.resume(session, case, request, at)
    else:
        request.resolved_at = at
    said: dict[str, Plain] = {**(corrected or {}), **{field.value: both for field, both in changed.items()}}
    payload = {"case": history.seal_of(case), "papers": papers, "corrected": said}
    _note_resubmitted(session, applicant, case, at, payload | (anew.told if anew else {}))
    if anew:
        open_first_tasks(session, case, anew.advance, at)
    else:
        reset_timers(session, case)
    session.commit()
    return anew is not None


def _begin_anew(session: Session, case: ChangeRequest, at: datetime) -> Anew:
    """A key field has changed: it is another application, which is checked like one and begins at step 1 (3.0.1)."""
    lock_record(session, case.student_id)
    change = change_of_case(session, case)
    require_initiator(change, case.applicant_office_id)
    require_begun_here(session, change)
    require_eligible(session, change, besides=RULES_ABOUT_OTHER_BUSINESS)
    require_papers(session, case, change)
    return begin_anew(session, case, change, at)


def _note_resubmitted(
    session: Session, applicant: Person, case: ChangeRequest, at: datetime, payload: Mapping[str, Plain]
) -> None:
    history.add(
        session,
        case,
        EventKind.RESUBMITTED,
        at=at,
        actor_id=applicant.account_id,
        post=applying_post(applicant, case),
        payload=payload,
    )


def withdraw(session: Session, applicant: Person, case_id: int) -> None:
    """Take an application back (撤回). Raises BoundByAgreement or DecisionTaken if `may_be_withdrawn` says no."""
    case, applicant = _own_open_case(session, applicant, case_id)
    if is_bound(session, case.id):
        raise errors.BoundByAgreement
    if not may_be_withdrawn(session, case):
        raise errors.DecisionTaken
    endings.end(
        session,
        case,
        CaseState.WITHDRAWN,
        EventKind.WITHDRAWN,
        actor_id=applicant.account_id,
        post=applying_post(applicant, case),
        payload={},
    )
    session.commit()


def may_be_withdrawn(session: Session, case: ChangeRequest) -> bool:
    """Whether a case may still be taken back: before the first authority has decided, or while it is returned (3.0.1).

    What has to be corrected, perhaps nobody can. Never while another province goes by what we told it, that our side
    agrees, as it may have enrolled the pupil by now.
    """
    if not case.state.is_open or is_bound(session, case.id):
        return False
    return case.state == CaseState.RETURNED or not _authority_decided(session, case.id)


def _own_open_case(session: Session, applicant: Person, case_id: int) -> tuple[ChangeRequest, Person]:
    case, applicant = locked_case_of(session, applicant, case_id)
    if not case.state.is_open:
        raise errors.CaseEnded(state=case.state)
    return case, applicant


def _mended_papers(session: Session, case: ChangeRequest, request: ReturnRequest) -> dict[str, Plain]:
    """The papers of a returned case, all that was asked for and nothing else exchanged."""
    present = current_papers(session, case.id)
    mended = {paper.kind for paper in present if paper.uploaded_at >= request.created_at}
    if missing := {PaperKind(item) for item in request.items} - mended:
        raise errors.FormIncomplete(missing=tuple(sorted(missing)))
    papers = returns.papers_handed_in(session, case, request)
    if papers != history.papers_of(session, case):
        raise PapersExchanged
    return papers


def _confirm_record(session: Session, case: ChangeRequest) -> None:
    """Hold a case to the record as it is now: still lawful, and the same offices on the same facts."""
    lock_record(session, case.student_id)
    change = change_of_case(session, case)
    require_eligible(session, change, besides=RULES_ABOUT_OTHER_BUSINESS)
    facts = engine_facts(case.facts)
    if (change.school.id, change.seats, change.facts()) != (
        case.from_school_id,
        case.seats,
        facts,
    ):
        raise errors.RecordMovedOn
    case.record_version = change.student.version


def _authority_decided(session: Session, case_id: int) -> bool:
    """Whether an authority's decision stands, or its signature beside which another is awaited."""
    tasks = select(Task).where(Task.change_request_id == case_id, Task.state != TaskState.CANCELLED)
    every = session.scalars(tasks.options(joinedload(Task.seat_office))).all()
    awaited = {task.asked_from for task in every if task.ask == Ask.COSIGNATURE}
    log = history.log_of_case(session, case_id)
    return any(
        task.seat_office.kind == OfficeKind.BUREAU
        and task.state == TaskState.DONE
        and (task.key in log or task.key in awaited)
        for task in every
    )
