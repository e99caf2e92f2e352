"""Return for correction (退回补正) and back: an open request that lies beside the untouched token.

While it is open the clock of the case stands still; when the applicant has mended what was ticked, the case
resumes exactly where it was returned, with the working days that were left (domain 3.0.1, T-33).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, ReturnRequest, Task
from models.enums import ADVICE, Ask, CaseState, EventKind, NoticeKind, TaskState
from webapp import clock
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import clocks, history, pauses, totals
from webapp.services.cases.chain import Event, Plain
from webapp.services.cases.locks import LockedCase, lock_task
from webapp.services.cases.rows import ADVANCE_CASE, TELL
from webapp.services.context import connection_of
from webapp.services.offices.addressees import reroute_tasks

_RUNNING = "SELECT id, due_on FROM task WHERE change_request_id = %(case)s AND state = 'open' AND blocking"

_SUSPEND = """
WITH disarmed AS (DELETE FROM timer WHERE task_id = %(task)s)
UPDATE task SET state = 'suspended', days_left = %(days_left)s WHERE id = %(task)s
"""

# That a step is over its limit hands a case back once; it was handed back, whoever did so.
_HANDED_BACK = "DELETE FROM case_timer WHERE change_request_id = %(case)s AND kind = 'expired'"

_ASK = """
INSERT INTO return_request (change_request_id, task_id, requested_by_id, items, fields, codes, reason, created_at)
VALUES (%(case)s, %(task)s, %(actor_id)s, %(items)s, %(fields)s, %(codes)s, %(opinion)s, %(at)s)
"""


def open_return(session: Session, case: LockedCase, event: Event) -> None:
    """Hand a locked case back to the applicant for what `event` asks for, stop its clock, and write that down."""
    connection, calendar = connection_of(session), calendar_of(session, revision=case.calendar_revision)
    common = {"case": case.id, "task": case.task_id, "at": event.at, "actor_id": event.actor_id}
    asked = {what: event.payload[what] for what in ("items", "fields", "codes", "opinion")}
    moved = {"state": CaseState.RETURNED, "token": case.token, "ended_at": None}
    running = connection.execute(_RUNNING, common).fetchall()
    with connection.pipeline():
        for task_id, due_on in running:
            left = pauses.days_left(calendar, clock.day_of(event.at), due_on)
            connection.execute(_SUSPEND, {"task": task_id, "days_left": left})
        connection.execute(totals.STAND_STILL, common)
        connection.execute(_HANDED_BACK, common)
        connection.execute(_ASK, common | asked)
        connection.execute(ADVANCE_CASE, common | moved | event.values())
        connection.execute(TELL, common | {"notice": NoticeKind(event.kind)})


def hand_back(session: Session, task_id: int, kind: EventKind, *, reason: str, at: datetime) -> None:
    """Hand a case back to the applicant at a task though nobody did so; the applicant has to confirm it."""
    case = lock_task(session, task_id)
    assert case is not None, "it is a task of the case"
    asked: dict[str, Plain] = {"items": [], "fields": [], "codes": [], "opinion": reason}
    event = history.entry(session, case, kind, at=at, actor_id=None, task_key=case.task_key, payload=asked)
    open_return(session, case, event)


def open_return_of(session: Session, case_id: int) -> ReturnRequest | None:
    """Return what the applicant is asked to mend at present, if anything."""
    statement = select(ReturnRequest).where(
        ReturnRequest.change_request_id == case_id, ReturnRequest.resolved_at.is_(None)
    )
    return session.scalar(statement)


def is_about_record(request: ReturnRequest) -> bool:
    """Whether a case came back because the record had changed; every other return says what to correct."""
    return not (request.items or request.fields or request.codes)


def papers_handed_in(
    session: Session, case: ChangeRequest, request: ReturnRequest | None
) -> dict[str, Plain]:
    """Return the digests of a case's papers as its history knows them, but for those asked for anew by `request`.

    Fields that are filled in anew may need papers that nobody has handed in yet.
    """
    sealed, present = history.sealed_papers(session, case.id), history.papers_of(session, case)
    if request is None:
        return sealed
    may_come = {*request.items, *(present.keys() - sealed.keys() if request.fields else ())}
    return sealed | {kind: sha256 for kind, sha256 in present.items() if kind in may_come}


def resume(session: Session, case: ChangeRequest, request: ReturnRequest, at: datetime) -> None:
    """Put a locked case back where it was returned and let its clock run on; the caller writes the history."""
    request.resolved_at = at
    case.state = CaseState.IN_REVIEW
    calendar = calendar_of(session)
    tasks = [task for task in _tasks_in(session, case.id, TaskState.SUSPENDED) if not _is_looked_at(task)]
    for task in tasks:
        clocks.let_run_on(calendar, task, since=request.created_at, at=at)
        if task.ask not in ADVICE:
            clocks.arm(session, calendar, task.id, task.due_on, at)
    totals.run_on(session, case, calendar, returned_at=request.created_at, at=at)
    session.add(
        Outbox(kind=NoticeKind.RESUBMITTED, change_request_id=case.id, task_id=request.task_id, created_at=at)
    )
    reroute_tasks(session, [task.id for task in tasks], clock.day_of(at))


def _is_looked_at(task: Task) -> bool:
    """Whether a task waits for another office's second look, and not for the applicant alone."""
    waiting = (TaskState.OPEN, TaskState.SUSPENDED)
    return any(
        other.ask == Ask.SECOND_LOOK and other.asked_from == task.key and other.state in waiting
        for other in task.change_request.tasks
    )


def _tasks_in(session: Session, case_id: int, state: TaskState) -> Sequence[Task]:
    statement = select(Task).where(
        Task.change_request_id == case_id, Task.state == state, Task.blocking.is_(True)
    )
    return session.scalars(statement).all()
