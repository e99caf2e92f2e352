"""A case opens (立案): it is frozen what it is decided on, it gets its number and first tasks, its history begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox
from models.enums import CaseState, EventKind, NoticeKind, Seat
from webapp import errors
from webapp.policy import Post
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import history, rows, totals
from webapp.services.cases.chain import Plain
from webapp.services.cases.numbers import next_case_number
from webapp.services.cases.routing import new_tasks
from webapp.services.transfers.transfer import Transfer
from workflows import engine

ONE_OPEN_CASE = "one_open_change_request_per_student"


@dataclass(frozen=True, slots=True)
class Opener:
    """Whose doing it is that a case opens, by which post; `evidence` of what another province wants."""

    account_id: int
    post: Post | None = None
    evidence: Mapping[str, Plain] = field(default_factory=dict)


def open_case(
    session: Session, case: ChangeRequest, transfer: Transfer, opener: Opener, at: datetime
) -> None:
    """Make a draft a case in review, with its number, its first tasks and the beginning of its history.

    AnotherCaseOpen. The caller has checked it, and commits.
    """
    case.applicant_ids = [opener.account_id]
    _freeze(session, case, transfer, at)
    _start(session, case, transfer, opener, at)


def _freeze(session: Session, case: ChangeRequest, transfer: Transfer, at: datetime) -> None:
    """Write down what the case is decided on from now on: record, schools, diagram, rules, facts, offices, limit."""
    calendar = calendar_of(session)  # asked before the case is half a draft
    case.record_version = transfer.student.version
    numbering = transfer.receiving if Seat.RECEIVING_SCHOOL in transfer.seats else transfer.releasing
    case.number = next_case_number(session, case.kind, numbering.school.division_code, at)
    case.state, case.submitted_at = CaseState.IN_REVIEW, at
    case.from_school_id = transfer.releasing.school.id
    case.process_version_id = transfer.version.id
    case.facts, case.seats = transfer.facts(), transfer.seats
    totals.begin(session, case, calendar, totals.total_limit(transfer.definition, transfer.facts()), at)
    try:
        session.flush()
    except IntegrityError as error:
        if ONE_OPEN_CASE in str(error.orig):
            raise errors.AnotherCaseOpen from error
        raise


def _start(session: Session, case: ChangeRequest, transfer: Transfer, opener: Opener, at: datetime) -> None:
    advance = engine.start(transfer.definition, transfer.facts())
    case.token = advance.state
    history.add(
        session,
        case,
        EventKind.OPENED,
        at=at,
        actor_id=opener.account_id,
        post=opener.post,
        payload={
            **opener.evidence,
            "case": history.seal_of(case),
            "papers": history.papers_of(session, case),
            "skipped": {task.key: task.reason.value for task in advance.skipped},
        },
    )
    session.add(Outbox(kind=NoticeKind.SUBMITTED, change_request_id=case.id, created_at=at))
    session.flush()
    tasks = new_tasks(advance.opened, case.seats, calendar_of(session), at)
    rows.open_tasks(session, case.id, tasks, at)
