"""Timers of diagrams that are due are fired (定时到期): the case moves on, as by a decision that nobody took.

What that leads to was proved when the diagram was checked: time that passes neither approves nor rejects anything
(domain 3.0.4).
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox
from models.enums import CaseState, CaseTimerKind, EventKind, NoticeKind, TaskState
from webapp import clock, errors
from webapp.database import PASSING
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import history, returns, rows, totals
from webapp.services.cases.beside import CLOSED, engine_key
from webapp.services.cases.chain import Plain
from webapp.services.cases.diagram_timers import reset_timers
from webapp.services.cases.failures import FAILURES
from webapp.services.cases.routing import engine_facts, facts_as_key, new_tasks
from webapp.services.changes.planning import effect_of
from webapp.services.context import connection_of
from webapp.services.processes.versions import definition_of
from webapp.services.registry import record
from workflows import engine
from workflows.definition import Definition

BATCH = 100
LATER = timedelta(hours=1)  # a timer that cannot be fired keeps no other waiting

_NEXT = text("""
    SELECT c.id, c.number, t.key, t.kind FROM case_timer t JOIN change_request c ON c.id = t.change_request_id
     WHERE t.key <> '' AND t.due_at <= :now AND c.state = 'in_review'
     ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED
""")
_IS_DUE = text("SELECT 1 FROM case_timer WHERE change_request_id = :case AND key = :key AND due_at <= :now")
_SPENT = text("DELETE FROM case_timer WHERE change_request_id = :case AND key = :key")
_PUT_OFF = text("UPDATE case_timer SET due_at = :at WHERE change_request_id = :case AND key = :key")

log = logging.getLogger(__name__)


class StepExpired(errors.Refusal):
    """The office did not decide within its time limit. Submit it again to have it decided, or withdraw it."""

    status = 409


def fire_due_timers(session: Session) -> int:
    """Fire a batch of the timers of diagrams that are due, each in a transaction of its own; return how many."""
    fired = 0
    while fired < BATCH and (due := session.execute(_NEXT, {"now": clock.now()}).one_or_none()):
        try:
            _fire_one(session, due)
        except PASSING:
            raise
        except FAILURES as failed:
            session.rollback()
            log.error("The timer %s of case %s is put off: %s", due.key, due.number, failed)
            session.execute(_PUT_OFF, {"case": due.id, "key": due.key, "at": clock.now() + LATER})
        session.commit()
        fired += 1
    session.rollback()
    return fired


def _fire_one(session: Session, due: Row[Any]) -> None:
    at = clock.now()
    if session.scalar(_IS_DUE, {"case": due.id, "key": due.key, "now": at}):
        case = session.get_one(ChangeRequest, due.id, populate_existing=True)
        (_fire if due.kind == CaseTimerKind.FIRES else _expire)(session, case, due.key, at)


def _expire(session: Session, case: ChangeRequest, key: str, at: datetime) -> None:
    """Hand a case back of which a step is over its limit, if that waits still (on_expiry: domain appendix B)."""
    session.execute(_SPENT, {"case": case.id, "key": key})
    waiting = (task for task in case.tasks if (task.key, task.state) == (key, TaskState.OPEN))
    for late in (task for task in waiting if overdue_at(task.due_on) <= at):
        reason = StepExpired.template()
        returns.hand_back(session, late.id, EventKind.RETURNED, reason=reason, at=at)


def _fire(session: Session, case: ChangeRequest, key: str, at: datetime) -> None:
    version = case.process_version
    assert version is not None, "it is in review"
    definition = definition_of(session, version.id, version.sha256)
    facts = facts_as_key(engine_facts(case.facts))
    stands = history.folded(definition, facts, history.log_of_case(session, case.id)).state
    advance = engine.fire(definition, stands, key, dict(facts))
    if not advance.ended:
        _move_on(session, case, key, advance, at)
    elif change := _change_of_record(session, case, definition, at):
        _move_on(session, case, key, advance, at, change=change)


def _change_of_record(
    session: Session, case: ChangeRequest, definition: Definition, at: datetime
) -> record.RecordChange | None:
    """All had approved, and the case only waited (公示): return what to write if the record is still the same.

    Else the case is handed back.
    """
    as_opened = record.lock_as_opened(session, case.id)
    if as_opened is None:
        last = max((task for task in case.tasks if task.outcome), key=lambda task: (task.ended_at, task.id))
        reason = errors.RecordChanged.template()
        returns.hand_back(session, last.id, EventKind.RECORD_CONFLICT, reason=reason, at=at)
        return None
    return effect_of(session, as_opened, definition, engine_facts(case.facts), clock.day_of(at))


def _move_on(
    session: Session,
    case: ChangeRequest,
    key: str,
    advance: engine.Advance,
    at: datetime,
    *,
    change: record.RecordChange | None = None,
) -> None:
    """Write what a firing brings about: as a decision, but that nobody took it; the end, if there is a `change`."""
    beside = _close(session, case, advance.closed, at)
    case.token = advance.state
    skipped = {task.key: task.reason.value for task in advance.skipped}
    said: dict[str, Plain] = {"skipped": skipped, CLOSED: beside}
    kind = EventKind.FIRED
    if change:
        kind = EventKind.COMPLETED
        said["record"] = {"before": {**change.before}, "after": {**change.after}}
        _complete(session, case, change, at)
    history.add(session, case, kind, at=at, actor_id=None, task_key=key, payload=said)
    session.flush()
    tasks = new_tasks(advance.opened, case.seats, calendar_of(session), at)
    rows.open_tasks(session, case.id, tasks, at)
    if change:
        totals.disarm(session, case.id)
    else:
        reset_timers(session, case)


def _close(session: Session, case: ChangeRequest, keys: Collection[str], at: datetime) -> list[Plain]:
    """Close the tasks of the steps that a timer has taken away; return which of them were asked beside these."""
    waiting = [task for task in case.tasks if task.state in (TaskState.OPEN, TaskState.SUSPENDED)]
    taken = [task for task in waiting if engine_key(task.asked_from or task.key) in keys]
    rows.close_tasks(session, case.id, [task.key for task in taken], at)
    return [task.key for task in taken if task.ask]


def _complete(session: Session, case: ChangeRequest, change: record.RecordChange, at: datetime) -> None:
    connection = connection_of(session)
    for statement, values in change.statements:
        connection.execute(statement, values)
    case.state, case.ended_at = CaseState.COMPLETED, at
    session.add(Outbox(kind=NoticeKind.COMPLETED, change_request_id=case.id, created_at=at))
