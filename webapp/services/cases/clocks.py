"""The clock of a task stands still and runs on (domain 3.0.3), and what is next to be said of it is said once.

What was over its limit as its clock stopped stays over: the red card is taken back when the step ends (domain 3.0.1).
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Task
from models.enums import Ask, TaskState
from webapp.clock import day_of
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT, overdue_at, timer_for
from webapp.services.calendar.working_days import WorkingCalendar
from webapp.services.cases.history import Entry
from webapp.services.cases.pauses import days_left, pauses_in, run_on
from webapp.services.cases.task_rows import TaskRow
from webapp.services.context import connection_of

# That it is over its limit is told of a task once since it was opened.
_ARM = """
INSERT INTO timer (task_id, kind, due_at)
SELECT id, CAST(%(timer)s AS varchar), CAST(%(timer_at)s AS timestamptz) FROM {task}
 WHERE CAST(%(timer_at)s AS timestamptz) > %(at)s OR NOT EXISTS (
       SELECT FROM (SELECT change_request_id, task_id, kind, created_at FROM notice
                     UNION ALL SELECT change_request_id, task_id, kind, created_at FROM outbox) AS told
        WHERE told.change_request_id = opened.change_request_id AND told.task_id = opened.id
          AND told.kind = CAST(%(timer)s AS varchar) AND told.created_at >= opened.opened_at)
"""
_ARM_TASK = _ARM.format(
    task="(SELECT id, change_request_id, opened_at FROM task WHERE id = %(task)s) AS opened"
)
_OPEN_AGAIN = f"""
WITH opened AS (
    UPDATE task SET state = 'open', outcome = NULL, ended_at = NULL, ended_by_id = NULL, ended_for_id = NULL,
           days_left = NULL, limit_days = %(limit_days)s, due_on = %(due_on)s, due_provisional = %(provisional)s
     WHERE id = %(task)s RETURNING id, change_request_id, opened_at)
{_ARM.format(task="opened")}
"""  # noqa: S608 - the statement is our own text


def arm(session: Session, calendar: WorkingCalendar, task_id: int, due_on: date, at: datetime) -> None:
    """Set the timer of an open task that has none to what is next to be said of it."""
    kind, timer_at = timer_for(calendar, at, due_on)
    values = {"task": task_id, "timer": kind, "timer_at": timer_at, "at": at}
    connection_of(session).execute(_ARM_TASK, values)


def suspend(calendar: WorkingCalendar, task: Task, on: date) -> None:
    """Let a task's clock stand still from a day on; the caller disarms its timer."""
    task.state = TaskState.SUSPENDED
    task.days_left = days_left(calendar, on, task.due_on)


def let_run_on(
    calendar: WorkingCalendar, task: Task, *, since: datetime, at: datetime, least: int = LEAST_DAYS_LEFT
) -> None:
    """Open a task that was suspended `since`, with the working days that were left and no fewer than `least`.

    The caller arms its timer.
    """
    left, task.state, task.days_left = task.days_left or 0, TaskState.OPEN, None
    if overdue_at(task.due_on) <= since:
        return
    limit = calendar.due(day_of(at), max(left, least))
    task.due_on, task.due_provisional = limit.day, limit.provisional
    # As if the limit had been longer from the start, so that a calendar loaded later gives the same day.
    task.limit_days = calendar.working_days_between(day_of(task.opened_at), limit.day)


def open_again(
    session: Session,
    calendar: WorkingCalendar,
    task: TaskRow,
    tasks: Iterable[TaskRow],
    told: Iterable[Entry],
    *,
    at: datetime,
) -> None:
    """Open a task again that was closed, or sent for a second look, and set its timer.

    Its limit is as if it had been open all the time: it stood still while the applicant supplemented, and for nothing
    else. `tasks` and `told` are those of its case.
    """
    opened_on, stopped = day_of(task.opened_at), _stopped(task, tasks)
    missed = (pause for pause in pauses_in(told) if pause.since >= stopped)
    due = run_on(calendar, calendar.due(opened_on, task.limit_days), missed)
    kind, timer_at = timer_for(calendar, at, due.day)
    values = {
        "task": task.id,
        "limit_days": calendar.working_days_between(opened_on, due.day),
        "due_on": due.day,
        "provisional": due.provisional,
        "timer": kind,
        "timer_at": timer_at,
        "at": at,
    }
    connection_of(session).execute(_OPEN_AGAIN, values)


def _stopped(task: TaskRow, tasks: Iterable[TaskRow]) -> datetime:
    """Return when a task was closed, or was sent for a second look that was closed with it or still waits."""
    looks = (one for one in tasks if (one.asked_from, one.ask) == (task.key, Ask.SECOND_LOOK))
    times = [look.opened_at for look in looks if look.ended_at == task.ended_at]
    return min(times if task.ended_at is None else [*times, task.ended_at])
