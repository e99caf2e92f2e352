"""An application for a transfer, by a family or by a school for it: drafted and submitted (domain 3.0, 3.1)."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
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
from webapp.services.transfers import Transfer, TransferForm, transfer_of, transfer_of_case
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
    begun = new_draft(applicant.account_id, school_id, transfer)
    session.execute(insert(ChangeRequest).values(begun).on_conflict_do_nothing())
    own = _drafts(student_id).where(_begun_for(school_id) if school_id else _begun_by(applicant))
    lock = own.with_for_update(key_share=True)
    draft = session.scalar(lock.execution_options(populate_existing=True))
    if draft is None:  # submitted in this very moment, from another window
        raise errors.CaseChanged
    draft.to_school_id, draft.form, draft.saved_at = form.to_school_id, form.stored(), clock.now()
    session.commit()
    return draft


def draft_of(session: Session, applicant: Person, student_id: int) -> ChangeRequest | None:
    """Return the unsubmitted transfer of a student that this person may go on with, if there is one.

    Of several, his own and those of schools whose registrar he is, the newest.
    """
    own = _begun_for(*(post.office_id for post in applicant.posts if post.role == Role.REGISTRAR))
    if may_apply(applicant, student_id):
        own = or_(own, _begun_by(applicant))
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
    lock_record(session, case.student_id)
    transfer = transfer_of_case(session, case)
    school_id = _applying_school(applicant, transfer, begun_by_school=case.applicant_office_id is not None)
    require_eligible(session, transfer)
    _require_papers(session, case, transfer)
    case.applicant_id, case.applicant_office_id = applicant.account_id, school_id
    open_case(session, case, transfer, applying_post(applicant, case), at)
    session.commit()
    return case


def open_case(
    session: Session, case: ChangeRequest, transfer: Transfer, post: Post | None, at: datetime
) -> None:
    """Make a draft a case in review, with its number, its first tasks and the beginning of its history.

    AnotherCaseOpen. The caller has checked it, and commits.
    """
    _freeze(session, case, transfer, at)
    _start(session, case, transfer, post, at)


def applying_post(applicant: Person, case: ChangeRequest) -> Post | None:
    """Return the post by which a registrar acts on a case of his school; none for the family."""
    if case.applicant_office_id is None:
        return None
    return post_for(applicant, case.applicant_office_id, Role.REGISTRAR)


def locked_case(session: Session, case_id: int) -> ChangeRequest | None:
    """Lock a case and return it as it is now; None if there is none."""
    return session.get(ChangeRequest, case_id, with_for_update={"key_share": True}, populate_existing=True)


def lock_record(session: Session, student_id: int) -> None:
    """Let nobody else change a student's record until this transaction ends."""
    session.execute(select(Student.id).where(Student.id == student_id).with_for_update(key_share=True))


def _applying_school(applicant: Person, transfer: Transfer, *, begun_by_school: bool = False) -> int | None:
    """Return the school that this person may apply for, none for the family itself (T-16, T-17).

    What a school has begun stays the school's, though its registrar may be of the family.
    """
    if may_apply(applicant, transfer.student.id) and not begun_by_school:
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


def new_draft(applicant_id: int, school_id: int | None, transfer: Transfer) -> dict[str, object]:
    """Return the columns of a draft by an account, or by a school through it."""
    return {
        "kind": ChangeKind.TRANSFER,
        "state": CaseState.DRAFT,
        "student_id": transfer.student.id,
        "applicant_id": applicant_id,
        "applicant_office_id": school_id,
        "from_school_id": transfer.releasing.school.id,
        "form": {},
        "facts": {},
        "seats": {},
        "version": 0,
        "event_count": 0,
        "last_mac": b"",
        "record_version": transfer.student.version,
        "saved_at": clock.now(),
    }


def _require_papers(session: Session, case: ChangeRequest, transfer: Transfer) -> None:
    given = {paper.kind for paper in current_papers(session, case.id)}
    wanted = {paper.kind for paper in wanted_papers(transfer) if paper.required}
    if missing := wanted - given:
        raise errors.FormIncomplete(missing=tuple(sorted(missing)))


def _freeze(session: Session, case: ChangeRequest, transfer: Transfer, at: datetime) -> None:
    """Write down what the case is decided on from now on: record, schools, diagram, rules, facts, offices."""
    case.record_version = transfer.student.version
    case.applicant_ids = [case.applicant_id]
    numbering = transfer.receiving if Seat.RECEIVING_SCHOOL in transfer.seats else transfer.releasing
    case.number = next_case_number(session, case.kind, numbering.school.division_code, at)
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
