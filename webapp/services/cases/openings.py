"""A case opens (立案): it is frozen what it is decided on, it gets its number and first tasks, its history begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox
from models.enums import CaseState, EventKind, NoticeKind
from webapp import errors
from webapp.policy import Post
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import history, rows, totals
from webapp.services.cases.beside import REACHED
from webapp.services.cases.chain import Plain
from webapp.services.cases.diagram_timers import reset_timers
from webapp.services.cases.numbers import next_case_number
from webapp.services.cases.routing import engine_facts, facts_as_key, new_tasks
from webapp.services.changes.change import Change
from webapp.services.processes.versions import definition_of
from workflows import engine


class AnotherProcess(errors.Refusal):
    """Like this it takes another way, {process}. Withdraw this application, or let it be rejected, and apply anew."""

    status = 422


ONE_OPEN_CASE = "one_open_change_request_per_student"


@dataclass(frozen=True, slots=True)
class Opener:
    """Whose doing it is that a case opens, by which post; `evidence` of what another province wants."""

    account_id: int
    post: Post | None = None
    evidence: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Anew:
    """A case that begins anew: its first steps, and how often each step was reached before."""

    advance: engine.Advance
    reached: Mapping[str, int]

    @property
    def told(self) -> dict[str, Plain]:
        """What its history says of that."""
        return {REACHED: dict(self.reached), "skipped": _skipped(self.advance)}


def begin_anew(session: Session, case: ChangeRequest, change: Change, at: datetime) -> Anew:
    """Let a locked case begin anew at its first step, on facts that have changed; AnotherProcess.

    What was decided so far stands in its history alone. The caller adds to it what is `told`, opens the first tasks
    by `open_first_tasks`, and commits.
    """
    version = case.process_version
    assert version is not None, "it was submitted"
    definition = definition_of(session, version.id, version.sha256)
    if change.definition.key != definition.key:
        raise AnotherProcess(process=change.definition.name)
    log, facts = history.log_of_case(session, case.id), facts_as_key(engine_facts(case.facts))
    reached = engine.reached_steps(definition, history.folded(definition, facts, log).state)
    rows.cancel_tasks(session, case.id, at)
    case.state, case.record_version = CaseState.IN_REVIEW, change.student.version
    case.from_school_id = change.school.id
    case.facts, case.seats = change.facts(), change.seats
    advance = engine.start(definition, change.facts(), reached)
    case.token = advance.state
    totals.begin_anew(session, case, calendar_of(session), definition, at)
    return Anew(advance, reached)


def open_first_tasks(session: Session, case: ChangeRequest, advance: engine.Advance, at: datetime) -> None:
    """Open the first tasks of a case, once its history says that it has begun; the family is told."""
    session.add(Outbox(kind=NoticeKind.SUBMITTED, change_request_id=case.id, created_at=at))
    session.flush()
    tasks = new_tasks(advance.opened, case.seats, calendar_of(session), at)
    rows.open_tasks(session, case.id, tasks, at)
    reset_timers(session, case)


def open_case(session: Session, case: ChangeRequest, change: Change, opener: Opener, at: datetime) -> None:
    """Make a draft a case in review, with its number, its first tasks and the beginning of its history.

    AnotherCaseOpen. The caller has checked it, and commits.
    """
    case.applicant_ids = [opener.account_id]
    _freeze(session, case, change, at)
    _start(session, case, change, opener, at)


def _freeze(session: Session, case: ChangeRequest, change: Change, at: datetime) -> None:
    """Write down what the case is decided on from now on: record, schools, diagram, rules, facts, offices, limit."""
    calendar = calendar_of(session)  # asked before the case is half a draft
    case.record_version = change.student.version
    case.number = next_case_number(session, case.kind, change.numbered_at, at)
    case.state, case.submitted_at = CaseState.IN_REVIEW, at
    case.from_school_id = change.school.id
    case.process_version_id = change.version.id
    case.facts, case.seats = change.facts(), change.seats
    totals.begin(session, case, calendar, totals.total_limit(change.definition, change.facts()), at)
    try:
        session.flush()
    except IntegrityError as error:
        if ONE_OPEN_CASE in str(error.orig):
            raise errors.AnotherCaseOpen from error
        raise


def _start(session: Session, case: ChangeRequest, change: Change, opener: Opener, at: datetime) -> None:
    advance = engine.start(change.definition, change.facts())
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
            "process": change.version.sha256,
            "papers": history.papers_of(session, case),
            "skipped": _skipped(advance),
        },
    )
    open_first_tasks(session, case, advance, at)


def _skipped(advance: engine.Advance) -> dict[str, Plain]:
    return {task.key: task.reason.value for task in advance.skipped}
