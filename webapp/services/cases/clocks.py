"""The clock of a task stands still and runs on (domain 3.0.3), and what is next to be said of it is said once.

What was over its limit as its clock stopped stays over: the red card is taken back when the step ends (domain 3.0.1).
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from models import Task
from models.enums import TaskState
from webapp.clock import day_of
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT, deadline, overdue_at, timer_for
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.context import connection_of

# That it is over its limit is told of a task once since it was opened.
ARM = """
INSERT INTO timer (task_id, kind, due_at)
SELECT id, CAST(%(timer)s AS varchar), CAST(%(timer_at)s AS timestamptz) FROM task
 WHERE id = %(task)s AND (CAST(%(timer_at)s AS timestamptz) > %(at)s OR NOT EXISTS (
       SELECT FROM (SELECT change_request_id, task_id, kind, created_at FROM notice
                     UNION ALL SELECT change_request_id, task_id, kind, created_at FROM outbox) AS told
        WHERE told.change_request_id = task.change_request_id AND told.task_id = task.id
          AND told.kind = CAST(%(timer)s AS varchar) AND told.created_at >= task.opened_at))
"""


def arm(session: Session, task: Task, at: datetime) -> None:
    """Set the timer of an open task that has none to what is next to be said of it."""
    kind, timer_at = timer_for(calendar_of(session), at, task.due_on)
    values = {"task": task.id, "timer": kind, "timer_at": timer_at, "at": at}
    connection_of(session).execute(ARM, values)


def days_left(calendar: WorkingCalendar, on: date, due_on: date) -> int:
    """Return with how many working days a clock stands still from a day on."""
    return max(0, calendar.days_left(on, due_on))


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
    limit = deadline(calendar, at, max(left, least))
    task.due_on, task.due_provisional = limit.due_on, limit.provisional
    # As if the limit had been longer from the start, so that a calendar loaded later gives the same day.
    task.limit_days = calendar.working_days_between(day_of(task.opened_at), limit.due_on)


def go_on(task: Task) -> None:
    """Open a suspended task as if its clock had never stood still; the caller arms its timer."""
    task.state, task.days_left = TaskState.OPEN, None
