"""An application for a transfer, by a family or by a school for it: drafted and submitted (domain 3.0, 3.1)."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, Student
from models.enums import CaseState, ChangeKind, EventKind, NoticeKind, Role, Seat
from webapp import clock, errors
from webapp.policy import Person, Post, holds_at, may_apply, may_go_on_with_draft, post_for
from webapp.services import case_rows, history
from webapp.services.calendar import calendar_of
from webapp.services.eligibility import require_eligible, wanted_papers
from webapp.services.numbers import next_case_number
from webapp.services.papers import current_papers
from webapp.services.routing import new_tasks
from webapp.services.transfers import Transfer, TransferForm, form_of, transfer_of
from workflows import engine

INITIATORS = {
    "receiving": (Seat.RECEIVING_SCHOOL,),
    "releasing": (Seat.RELEASING_SCHOOL,),
    "both": (Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL),
}
ONE_OPEN_CASE = "one_open_change_request_per_student"


def save_draft(session: Session, applicant: Person, student_id: int, form: TransferForm) -> ChangeRequest:
    """Keep what was filled in so far and return the draft: one per student of a guardian, and one of a school.

    Raises NotYourChild or WrongInitiator to whoever may not apply.
    """
    transfer = transfer_of(session, student_id, form, clock.today())
    school_id = _applying_school(applicant, transfer)
    begun = _new_draft(applicant, school_id, transfer)
    session.execute(insert(ChangeRequest).values(begun).on_conflict_do_nothing())
    own = _drafts(student_id).where(_begun_for(school_id) if school_id else _begun_by(applicant))
    lock = own.with_for_update(key_share=True)
    draft = session.scalar(lock.execution_options(populate_existing=True))
    if draft is None:  # submitted in this very moment, from another window
        raise errors.CaseChanged
    draft.to_school_id, draft.form = form.to_school_id, form.stored()
    session.commit()
    return draft


def draft_of(session: Session, applicant: Person, student_id: int) -> ChangeRequest | None:
    """Return the unsubmitted transfer of a student that this person may go on with, if there is one.

    Of the drafts of several schools whose registrar he is, the newest.
    """
    schools = [post.office_id for post in applicant.posts if post.role == Role.REGISTRAR]
    own = _begun_by(applicant) if may_apply(applicant, student_id) else _begun_for(*schools)
    return session.scalar(_drafts(student_id).where(own).order_by(ChangeRequest.id.desc()).limit(1))


def submit(session: Session, applicant: Person, draft_id: int) -> ChangeRequest:
    """Submit a draft: all rules are checked, the case gets its number and its first task.

    Raises NotEligible with every failed rule, FormIncomplete for missing papers, AnotherCaseOpen. Submitting
    what was already submitted changes nothing and returns it.
    """
    case = locked_case(session, draft_id)
    if case is None or not may_go_on_with_draft(applicant, case):
        raise errors.NoSuchCase
    if case.state != CaseState.DRAFT:
        return case
    at = clock.now()
    transfer = transfer_of(session, case.student_id, form_of(case), clock.today())
    school_id = _applying_school(applicant, transfer)
    require_eligible(session, transfer)
    _require_papers(session, case, transfer)
    case.applicant_id, case.applicant_office_id = applicant.account_id, school_id
    _freeze(session, case, transfer, at)
    _start(session, case, transfer, applying_post(applicant, case), at)
    session.commit()
    return case


def applying_post(applicant: Person, case: ChangeRequest) -> Post | None:
    """Return the post by which a registrar acts on a case of his school; none for the family."""
    if case.applicant_office_id is None or may_apply(applicant, case.student_id):
        return None
    return post_for(applicant, case.applicant_office_id, Role.REGISTRAR)


def locked_case(session: Session, case_id: int) -> ChangeRequest | None:
    """Lock a case and return it as it is now; None if there is none."""
    return session.get(ChangeRequest, case_id, with_for_update={"key_share": True}, populate_existing=True)


def record_version(session: Session, student_id: int) -> int:
    """Lock a student's record and return its version."""
    return session.scalars(select(Student.version).where(Student.id == student_id).with_for_update()).one()


def _applying_school(applicant: Person, transfer: Transfer) -> int | None:
    """Return the school that this person may apply for, none for the family itself (T-16, T-17)."""
    if may_apply(applicant, transfer.student.id):
        return None
    schools = {
        Seat.RECEIVING_SCHOOL: transfer.receiving.school.id,
        Seat.RELEASING_SCHOOL: transfer.releasing.school.id,
    }
    mine = {seat for seat, school_id in schools.items() if holds_at(applicant, school_id, Role.REGISTRAR)}
    starting = INITIATORS[transfer.initiator]
    for seat in starting:
        if seat in mine:
            return schools[seat]
    if mine:
        raise errors.WrongInitiator(side=starting)
    raise errors.NotYourChild


def _drafts(student_id: int) -> Select[ChangeRequest]:
    return select(ChangeRequest).where(
        ChangeRequest.student_id == student_id,
        ChangeRequest.kind == ChangeKind.TRANSFER,
        ChangeRequest.state == CaseState.DRAFT,
    )


def _begun_by(guardian: Person) -> ColumnElement[bool]:
    return and_(
        ChangeRequest.applicant_id == guardian.account_id, ChangeRequest.applicant_office_id.is_(None)
    )


def _begun_for(*school_ids: int) -> ColumnElement[bool]:
    return ChangeRequest.applicant_office_id.in_(school_ids)


def _new_draft(applicant: Person, school_id: int | None, transfer: Transfer) -> dict[str, object]:
    return {
        "kind": ChangeKind.TRANSFER,
        "state": CaseState.DRAFT,
        "student_id": transfer.student.id,
        "applicant_id": applicant.account_id,
        "applicant_office_id": school_id,
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
    case.record_version = record_version(session, case.student_id)
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


def _start(
    session: Session, case: ChangeRequest, transfer: Transfer, post: Post | None, at: datetime
) -> None:
    advance = engine.start(transfer.definition, transfer.facts())
    case.token = advance.state
    event = history.entry(
        session,
        case,
        EventKind.OPENED,
        at=at,
        actor_id=case.applicant_id,
        post=post,
        payload={
            "case": history.seal_of(case),
            "papers": history.papers_of(session, case),
            "skipped": {task.key: task.reason.value for task in advance.skipped},
        },
    )
    history.append(session, case, event)
    session.add(Outbox(kind=NoticeKind.SUBMITTED, change_request_id=case.id, created_at=at))
    session.flush()
    tasks = new_tasks(advance.opened, case.seats, calendar_of(session), at)
    case_rows.open_tasks(session, case.id, tasks, at)
