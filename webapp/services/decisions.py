"""What an officer does with a task: approve, reject, acknowledge, return (审批动作, domain 3.0.4b).

Each is one transaction in the same order: load, may they, is it still so, do it, write it down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import CaseState, EventKind, NoticeKind, Outcome, PaperKind, Role, Seat, TaskState
from webapp import clock, errors
from webapp.policy import Person, Post, is_own_application, is_own_child, post_for
from webapp.services import history, record, returns
from webapp.services.calendar import calendar_of
from webapp.services.case_rows import Decision, LockedCase, lock_task, write_decision
from webapp.services.eligibility import require_eligible
from webapp.services.facts import lock_places
from webapp.services.processes import definition_of
from webapp.services.routing import engine_facts, new_tasks
from webapp.services.transfers import form_of, transfer_of
from workflows import engine
from workflows.definition import Definition, Step
from workflows.state import StateError


@dataclass(frozen=True, slots=True)
class _Act:
    """An officer about to act on a task: allowed to, and the task still waits for it."""

    officer: Person
    post: Post
    case: LockedCase
    definition: Definition
    step: Step
    opinion: str
    at: datetime


def decide(
    session: Session, officer: Person, task_id: int, *, outcome: Outcome, version: int, opinion: str = ""
) -> CaseState:
    """Approve, reject or acknowledge a task and return the state the case is in then.

    `version` is the case's as the officer saw it. Raises a Refusal, after which nothing has changed but, when
    the last approval met a changed record, that the case is returned to the applicant (RecordChanged).
    """
    act = _prepare(session, officer, task_id, version, opinion)
    decision = _decision_on(session, act, outcome)
    write_decision(session, decision)
    session.commit()
    return decision.state


def return_to_applicant(
    session: Session, officer: Person, task_id: int, *, items: Sequence[PaperKind], reason: str, version: int
) -> None:
    """Ask the applicant to mend the ticked papers (退回补正); the clock stands still until the case is back.

    It resumes at this very task. Raises ReasonMissing or NothingTicked, and what `decide` raises.
    """
    act = _prepare(session, officer, task_id, version, reason)
    _require_reason(reason)
    if not items:
        raise errors.NothingTicked
    if not act.case.blocking:
        raise errors.UnknownOutcome(outcome=Outcome.RETURN, allowed=Outcome.ACKNOWLEDGE)
    _send_back(session, act, EventKind.RETURNED, items=items, reason=reason)
    session.commit()


def _prepare(session: Session, officer: Person, task_id: int, version: int, opinion: str) -> _Act:
    case = lock_task(session, task_id)
    if case is None:
        raise errors.NoSuchTask
    definition = definition_of(session, case.process_version_id, case.process_sha256)
    post = _post_that_may(officer, case, definition)
    _check_still_open(case, version)
    return _Act(
        officer, post, case, definition, definition.steps[case.task_step], opinion.strip(), clock.now()
    )


def _post_that_may(officer: Person, case: LockedCase, definition: Definition) -> Post:
    step, post = definition.steps[case.task_step], post_for(officer, case.office_id, Role(case.role))
    if post is None:
        raise errors.NotAllowed
    if is_own_child(officer, case.student_id):
        raise errors.OwnChild
    for taken, account_id in case.taken:
        if taken in step.separate_from and account_id == officer.account_id:
            raise errors.DutiesSeparated(step=definition.steps[taken].name)
    if step.separate_from and is_own_application(officer, case.applicant_id):
        raise errors.DutiesSeparated(step=EventKind.OPENED)
    return post


def _check_still_open(case: LockedCase, version: int) -> None:
    if case.task_state == TaskState.DONE:
        told = errors.AlreadyDecided if case.blocking else errors.AlreadyFiled
        raise told(office=case.office, role=Role(case.role), at=case.ended_at)
    if case.task_state == TaskState.SUSPENDED:
        raise errors.CaseReturned
    if case.task_state == TaskState.CANCELLED:
        raise errors.TaskClosed
    if case.version != version:
        raise errors.CaseChanged


def _decision_on(session: Session, act: _Act, outcome: Outcome) -> Decision:
    if not act.case.blocking:
        return _acknowledgement(session, act, outcome)
    if outcome == Outcome.REJECT:
        return _rejection(session, act)
    if outcome in act.step.outcomes:
        return _approval(session, act, outcome)
    raise errors.UnknownOutcome(outcome=outcome, allowed=(*map(Outcome, act.step.outcomes), Outcome.REJECT))


def _approval(session: Session, act: _Act, outcome: Outcome) -> Decision:
    case = act.case
    if act.step.seat == Seat.RECEIVING_SCHOOL and case.places_published:
        _require_place(session, case.id)
    advance = _advance(session, act, outcome)
    payload: dict[str, Any] = {"skipped": {task.key: task.reason for task in advance.skipped}}
    calendar = calendar_of(session, revision=case.calendar_revision)
    moved = {"token": advance.state, "opened": new_tasks(advance.opened, case.seats, calendar, act.at)}
    if not advance.ended:
        return _decision(
            session, act, outcome, EventKind.DECIDED, payload, state=CaseState.IN_REVIEW, **moved
        )
    change = _change_of_record(session, act)
    return _decision(
        session,
        act,
        outcome,
        EventKind.COMPLETED,
        payload | {"record": {"before": change.before, "after": change.after}},
        state=CaseState.COMPLETED,
        record=change.statements,
        tells=(NoticeKind.COMPLETED,),
        **moved,
    )


def _change_of_record(session: Session, act: _Act) -> record.RecordChange:
    """Return what to write, on the record that the case was opened on; else the case goes back, never over."""
    as_opened = record.lock_as_opened(session, act.case.id)
    if as_opened is None:
        _send_back(session, act, EventKind.RECORD_CONFLICT, items=(), reason=errors.RecordChanged.template())
        session.commit()
        raise errors.RecordChanged
    return record.approved_change(as_opened, clock.day_of(act.at))


def _advance(session: Session, act: _Act, outcome: Outcome) -> engine.Advance:
    """Ask the engine; a stored state that does not fit is only a cache, and the history is folded instead."""
    case, facts = act.case, engine_facts(act.case.facts)
    try:
        return engine.complete(act.definition, case.token, case.task_key, outcome, facts)
    except StateError:
        state = history.folded_state(session, case.id, act.definition, facts)
        return engine.complete(act.definition, state, case.task_key, outcome, facts)


def _rejection(session: Session, act: _Act) -> Decision:
    """Reject (不通过): ends the case whatever else is open; the reason is mandatory (domain 3.0.1)."""
    _require_reason(act.opinion)
    return _decision(
        session,
        act,
        Outcome.REJECT,
        EventKind.REJECTED,
        {},
        state=CaseState.REJECTED,
        token=act.case.token,
        cancels_others=True,
        tells=(NoticeKind.REJECTED,),
    )


def _acknowledgement(session: Session, act: _Act, outcome: Outcome) -> Decision:
    """Acknowledge a filing (备案): it records and decides nothing, so the case stays as it is."""
    if outcome != Outcome.ACKNOWLEDGE:
        raise errors.UnknownOutcome(outcome=outcome, allowed=Outcome.ACKNOWLEDGE)
    return _decision(
        session,
        act,
        outcome,
        EventKind.ACKNOWLEDGED,
        {},
        state=CaseState(act.case.state),
        token=act.case.token,
    )


def _decision(
    session: Session,
    act: _Act,
    outcome: Outcome,
    kind: EventKind,
    payload: Mapping[str, Any],
    **changes: Any,  # noqa: ANN401 - the rest of Decision, checked there
) -> Decision:
    event = history.entry(
        session,
        act.case,
        kind,
        at=act.at,
        actor_id=act.officer.account_id,
        post=act.post,
        task_key=act.case.task_key,
        outcome=outcome,
        payload={"opinion": act.opinion, **payload},
    )
    return Decision(act.case, act.at, act.officer.account_id, outcome=outcome, event=event, **changes)


def _require_place(session: Session, case_id: int) -> None:
    """The receiving school cannot agree without a free place (T-P8); NotEligible says so."""
    case = session.get_one(ChangeRequest, case_id)
    lock_places(session, case.to_school_id, case.form["grade"])
    transfer = transfer_of(session, case.student_id, form_of(case), clock.today())
    require_eligible(session, transfer, "receiving_school")


def _send_back(
    session: Session, act: _Act, kind: EventKind, *, items: Sequence[PaperKind], reason: str
) -> None:
    returns.open_return(
        session,
        act.case.id,
        act.case.task_id,
        kind,
        by=act.officer,
        post=act.post,
        items=items,
        reason=reason,
        at=act.at,
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise errors.ReasonMissing
