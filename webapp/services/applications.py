"""A family's application for a transfer: drafted, submitted, corrected, withdrawn (domain 3.0, 3.1)."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, Student, Task
from models.enums import (
    CaseState,
    ChangeKind,
    EventKind,
    NoticeKind,
    OfficeKind,
    PaperKind,
    Role,
    Seat,
    TaskState,
)
from webapp import clock, errors
from webapp.policy import Person, holds_at, may_apply
from webapp.services import case_rows, history, returns
from webapp.services.calendar import calendar_of
from webapp.services.eligibility import RULES_ABOUT_OTHER_BUSINESS, require_eligible, wanted_papers
from webapp.services.numbers import next_case_number
from webapp.services.papers import current_papers
from webapp.services.routing import engine_facts, new_tasks
from webapp.services.transfers import Transfer, TransferForm, form_of, transfer_of
from workflows import engine

INITIATORS = {
    "receiving": (Seat.RECEIVING_SCHOOL,),
    "releasing": (Seat.RELEASING_SCHOOL,),
    "both": (Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL),
}
ONE_OPEN_CASE = "one_open_change_request_per_student"


def save_draft(session: Session, applicant: Person, student_id: int, form: TransferForm) -> ChangeRequest:
    """Keep what was filled in so far and return the draft; there is one per applicant and student."""
    transfer = _allowed(session, applicant, student_id, form)
    session.execute(insert(ChangeRequest).values(_new_draft(applicant, transfer)).on_conflict_do_nothing())
    lock = _draft(applicant, student_id).with_for_update(key_share=True)
    draft = session.scalar(lock.execution_options(populate_existing=True))
    if draft is None:  # submitted in this very moment, from another window
        raise errors.CaseChanged
    draft.to_school_id, draft.form = form.to_school_id, form.stored()
    session.commit()
    return draft


def draft_of(session: Session, applicant: Person, student_id: int) -> ChangeRequest | None:
    """Return the applicant's unsubmitted transfer of a student, if there is one."""
    return session.scalar(_draft(applicant, student_id))


def submit(session: Session, applicant: Person, draft_id: int) -> ChangeRequest:
    """Submit a draft: all rules are checked, the case gets its number and its first task.

    Raises NotEligible with every failed rule, FormIncomplete for missing papers, AnotherCaseOpen. Submitting
    what was already submitted changes nothing and returns it.
    """
    case = _locked(session, draft_id)
    if case is None or case.applicant_id != applicant.account_id:
        raise errors.NoSuchCase
    if case.state != CaseState.DRAFT:
        return case
    at = clock.now()
    transfer = _allowed(session, applicant, case.student_id, form_of(case))
    require_eligible(session, transfer)
    _require_papers(session, case, transfer)
    _freeze(session, case, transfer, at)
    _start(session, case, transfer, at)
    session.commit()
    return case


def resubmit(session: Session, applicant: Person, case_id: int) -> None:
    """Hand a returned case back in; it resumes where it was returned (T-33).

    The papers that were ticked must have been uploaded anew since. A case that came back because the record had
    changed is confirmed on the record as it is now, if all that it was decided on still holds; otherwise
    NotEligible or RecordMovedOn, and the family may withdraw it.
    """
    case = _own_open_case(session, applicant, case_id)
    request = returns.open_return_of(session, case.id)
    if request is None:
        raise errors.CaseChanged
    papers = current_papers(session, case.id)
    mended = {paper.kind for paper in papers if paper.uploaded_at >= request.created_at}
    if missing := {PaperKind(item) for item in request.items} - mended:
        raise errors.FormIncomplete(missing=tuple(sorted(missing)))
    if returns.is_about_record(request):
        _confirm_record(session, case)
    at = clock.now()
    returns.resume(session, case, request, at)
    event = history.entry(
        session,
        case,
        EventKind.RESUBMITTED,
        at=at,
        actor_id=applicant.account_id,
        payload={"case": history.seal_of(case)},
    )
    history.append(session, case, event)
    session.commit()


def withdraw(session: Session, applicant: Person, case_id: int) -> None:
    """Take an application back (撤回) before the first authority has decided: domain 3.0.1.

    Raises DecisionTaken afterwards, unless the case came back because the record had changed.
    """
    case = _own_open_case(session, applicant, case_id)
    request = returns.open_return_of(session, case.id)
    overtaken = request is not None and returns.is_about_record(request)
    if _authority_decided(session, case.id) and not overtaken:
        raise errors.DecisionTaken
    at = clock.now()
    case_rows.cancel_tasks(session, case.id, at)
    if request is not None:
        request.resolved_at = at
    case.state, case.ended_at = CaseState.WITHDRAWN, at
    session.add(Outbox(kind=NoticeKind.WITHDRAWN, change_request_id=case.id, created_at=at))
    event = history.entry(
        session, case, EventKind.WITHDRAWN, at=at, actor_id=applicant.account_id, payload={}
    )
    history.append(session, case, event)
    session.commit()


def _allowed(session: Session, applicant: Person, student_id: int, form: TransferForm) -> Transfer:
    """The transfer, if this person may start it: the family, or the school that starts it (T-16, T-17)."""
    transfer = transfer_of(session, student_id, form, clock.today())
    if may_apply(applicant, student_id):
        return transfer
    schools = {
        Seat.RECEIVING_SCHOOL: transfer.receiving.school,
        Seat.RELEASING_SCHOOL: transfer.releasing.school,
    }
    mine = {seat for seat, school in schools.items() if holds_at(applicant, school.id, Role.REGISTRAR)}
    starting = INITIATORS[transfer.initiator]
    if mine & set(starting):
        return transfer
    if mine:
        raise errors.WrongInitiator(side=starting)
    raise errors.NotYourChild


def _draft(applicant: Person, student_id: int) -> Select[ChangeRequest]:
    return select(ChangeRequest).where(
        ChangeRequest.applicant_id == applicant.account_id,
        ChangeRequest.student_id == student_id,
        ChangeRequest.kind == ChangeKind.TRANSFER,
        ChangeRequest.state == CaseState.DRAFT,
    )


def _new_draft(applicant: Person, transfer: Transfer) -> dict[str, object]:
    return {
        "kind": ChangeKind.TRANSFER,
        "state": CaseState.DRAFT,
        "student_id": transfer.student.id,
        "applicant_id": applicant.account_id,
        "from_school_id": transfer.releasing.school.id,
        "form": {},
        "facts": {},
        "seats": {},
        "version": 0,
        "event_count": 0,
        "last_mac": b"",
        "record_version": transfer.student.version,
        "created_at": clock.now(),
    }


def _require_papers(session: Session, case: ChangeRequest, transfer: Transfer) -> None:
    given = {paper.kind for paper in current_papers(session, case.id)}
    wanted = {paper.kind for paper in wanted_papers(transfer) if paper.required}
    if missing := wanted - given:
        raise errors.FormIncomplete(missing=tuple(sorted(missing)))


def _freeze(session: Session, case: ChangeRequest, transfer: Transfer, at: datetime) -> None:
    """Write down what the case is decided on from now on: record, schools, diagram, rules, facts, offices."""
    case.record_version = _record_version(session, case.student_id)
    case.number = next_case_number(session, case.kind, transfer.receiving.school.division_code, at)
    case.state, case.submitted_at = CaseState.IN_REVIEW, at
    case.from_school_id = transfer.releasing.school.id
    case.process_version_id = transfer.version.id
    case.facts, case.seats = transfer.facts(), transfer.seats
    try:
        session.flush()
    except IntegrityError as error:
        if ONE_OPEN_CASE in str(error.orig):
            raise errors.AnotherCaseOpen from error
        raise


def _start(session: Session, case: ChangeRequest, transfer: Transfer, at: datetime) -> None:
    advance = engine.start(transfer.definition, transfer.facts())
    case.token = advance.state
    event = history.entry(
        session,
        case,
        EventKind.OPENED,
        at=at,
        actor_id=case.applicant_id,
        payload={
            "case": history.seal_of(case),
            "skipped": {task.key: task.reason.value for task in advance.skipped},
        },
    )
    history.append(session, case, event)
    session.add(Outbox(kind=NoticeKind.SUBMITTED, change_request_id=case.id, created_at=at))
    session.flush()
    tasks = new_tasks(advance.opened, case.seats, calendar_of(session), at)
    case_rows.open_tasks(session, case.id, tasks, at)


def _confirm_record(session: Session, case: ChangeRequest) -> None:
    """Hold a case to the record as it is now: still lawful, and the same offices on the same facts."""
    present = _record_version(session, case.student_id)
    transfer = transfer_of(session, case.student_id, form_of(case), clock.today())
    require_eligible(session, transfer, besides=RULES_ABOUT_OTHER_BUSINESS)
    facts = engine_facts(case.facts)
    if (transfer.releasing.school.id, transfer.seats, transfer.facts()) != (
        case.from_school_id,
        case.seats,
        facts,
    ):
        raise errors.RecordMovedOn
    case.record_version = present


def _own_open_case(session: Session, applicant: Person, case_id: int) -> ChangeRequest:
    case = _locked(session, case_id)
    if case is None or not (
        case.applicant_id == applicant.account_id or may_apply(applicant, case.student_id)
    ):
        raise errors.NoSuchCase
    if not case.state.is_open:
        raise errors.CaseEnded(state=case.state)
    return case


def _locked(session: Session, case_id: int) -> ChangeRequest | None:
    return session.get(ChangeRequest, case_id, with_for_update={"key_share": True}, populate_existing=True)


def _record_version(session: Session, student_id: int) -> int:
    return session.scalars(select(Student.version).where(Student.id == student_id).with_for_update()).one()


def _authority_decided(session: Session, case_id: int) -> bool:
    decided = select(Task.id).where(
        Task.change_request_id == case_id,
        Task.state == TaskState.DONE,
        Task.seat_office.has(kind=OfficeKind.BUREAU),
    )
    return session.scalar(decided.limit(1)) is not None
