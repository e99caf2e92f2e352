"""Return for correction (退回补正) and back: an open request that lies beside the untouched token.

While it is open the clock of the case stands still; when the applicant has mended what was ticked, the case
resumes exactly where it was returned, with the working days that were left (domain 3.0.1, T-33).
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, ReturnRequest, Task, Timer
from models.enums import ADVICE, Ask, CaseState, EventKind, NoticeKind, TaskState
from webapp import clock
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT, Deadline, deadline
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.cases import history, totals
from webapp.services.cases.chain import Plain
from webapp.services.offices.addressees import reroute_tasks


def open_return(session: Session, case: ChangeRequest, request: ReturnRequest, why: EventKind) -> None:
    """Hand a locked case back to the applicant and stop its clock; the caller writes the history."""
    case.state = CaseState.RETURNED
    _stop_clock(session, case.id)
    totals.stand_still(session, case, request.created_at)
    session.add(request)
    session.add(
        Outbox(
            kind=NoticeKind(why),
            change_request_id=case.id,
            task_id=request.task_id,
            created_at=request.created_at,
        )
    )


def hand_back(
    session: Session,
    case: ChangeRequest,
    task_id: int,
    task_key: str,
    kind: EventKind,
    *,
    reason: str,
    at: datetime,
) -> None:
    """Hand a locked case back to the applicant though nobody did so, who has to confirm it; with its history."""
    asked: dict[str, Plain] = {"items": [], "fields": [], "codes": []}
    request = ReturnRequest(change_request_id=case.id, task_id=task_id, reason=reason, created_at=at, **asked)
    open_return(session, case, request, kind)
    said = {**asked, "opinion": reason}
    history.add(session, case, kind, at=at, actor_id=None, task_key=task_key, payload=said)


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
        limit = let_run_on(calendar, task, at)
        if task.ask not in ADVICE:
            session.add(Timer(task_id=task.id, kind=limit.timer, due_at=limit.timer_at))
    totals.run_on(session, case, calendar, returned_at=request.created_at, at=at)
    session.add(
        Outbox(kind=NoticeKind.RESUBMITTED, change_request_id=case.id, task_id=request.task_id, created_at=at)
    )
    reroute_tasks(session, [task.id for task in tasks], clock.day_of(at))


def suspend(calendar: WorkingCalendar, task: Task, on: date) -> None:
    """Let a task's clock stand still from a day on; the caller disarms its timer."""
    task.state = TaskState.SUSPENDED
    task.days_left = max(0, calendar.days_left(on, task.due_on))


def let_run_on(calendar: WorkingCalendar, task: Task, at: datetime) -> Deadline:
    """Open a suspended task with the days that were left, and return its new deadline; the caller arms its timer."""
    limit = deadline(calendar, at, max(task.days_left or 0, LEAST_DAYS_LEFT))
    task.state, task.days_left = TaskState.OPEN, None
    task.due_on, task.due_provisional = limit.due_on, limit.provisional
    # As if the limit had been longer from the start, so that a calendar loaded later gives the same day.
    task.limit_days = calendar.working_days_between(clock.day_of(task.opened_at), limit.due_on)
    return limit


def _stop_clock(session: Session, case_id: int) -> None:
    calendar, today = calendar_of(session), clock.today()
    tasks = _tasks_in(session, case_id, TaskState.OPEN)
    for task in tasks:
        suspend(calendar, task, today)
    session.execute(delete(Timer).where(Timer.task_id.in_([task.id for task in tasks])))


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
