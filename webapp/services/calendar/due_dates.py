"""Due dates follow the calendar: when its days change, those of open tasks are computed again (domain 3.0.3).

A suspended task is left alone: its clock stands still, and its due date is computed when it resumes.
"""

import json
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from webapp.clock import SHANGHAI
from webapp.services.calendar.deadlines import deadline
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of

_OPENED_ON = "CAST(opened_at AT TIME ZONE 'Asia/Shanghai' AS date)"

# Tasks opened on one day with one limit fall due together, so that these are few however many tasks there are.
_LIMITS = f"""
SELECT DISTINCT {_OPENED_ON} AS opened_on, limit_days, due_on, due_provisional AS provisional
  FROM task WHERE state = 'open'
"""  # noqa: S608 - our own text, here and below

_MOVED = f"""
SELECT task.id, task.change_request_id, m.was_due_on, m.due_on, m.provisional, m.timer, m.timer_at
  FROM task
  JOIN jsonb_to_recordset(CAST(:moved AS jsonb)) AS m (
           opened_on date, limit_days int, was_due_on date, was_provisional bool,
           due_on date, provisional bool, timer text, timer_at timestamptz)
    ON ({_OPENED_ON}, task.limit_days, task.due_on, task.due_provisional)
     = (m.opened_on, m.limit_days, m.was_due_on, m.was_provisional)
 WHERE task.state = 'open'
"""  # noqa: S608

# Cases before tasks: the one lock order.
_LOCK_CASES = f"""
SELECT id FROM change_request
 WHERE id IN (SELECT change_request_id FROM ({_MOVED}) moved) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608

# Where the day itself changed people are reminded anew, even if they were told of the old one.
_MOVE = f"""
WITH moved AS ({_MOVED}), changed AS (
    UPDATE task SET due_on = moved.due_on, due_provisional = moved.provisional
      FROM moved WHERE task.id = moved.id
), armed AS (
    INSERT INTO timer (task_id, kind, due_at)
    SELECT id, timer, timer_at FROM moved WHERE due_on <> was_due_on
        ON CONFLICT (task_id) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at
)
SELECT count(*) FROM moved WHERE due_on <> was_due_on
"""  # noqa: S608


def recompute_due_dates(session: Session) -> int:
    """Compute every open task's due date again from its opening and limit; return how many now fall elsewhere.

    `limit_days` counts all working days from the opening on, also those during which the clock stood still.
    The caller commits.
    """
    calendar = calendar_of(session)
    moved = [*filter(None, (_move(calendar, limit) for limit in session.execute(text(_LIMITS))))]
    values = {"moved": json.dumps(moved, default=str)}
    session.execute(text(_LOCK_CASES), values)
    return int(session.execute(text(_MOVE), values).scalar_one())


def missing_years(session: Session) -> list[int]:
    """Return the years not loaded that open tasks' due dates depend on: the administrator has to load them."""
    calendar = calendar_of(session)
    limits = session.execute(text(f"{_LIMITS} AND due_provisional"))
    return sorted(set().union(*(calendar.missing_years(limit.opened_on, limit.due_on) for limit in limits)))


def _move(calendar: WorkingCalendar, limit: Row[Any]) -> dict[str, object] | None:
    """What becomes of the tasks with one limit, or None if nothing does."""
    new = deadline(calendar, datetime.combine(limit.opened_on, time.min, SHANGHAI), limit.limit_days)
    if (new.due_on, new.provisional) == (limit.due_on, limit.provisional):
        return None
    was = {"was_due_on": limit.due_on, "was_provisional": limit.provisional}
    return {"opened_on": limit.opened_on, "limit_days": limit.limit_days, **was, **asdict(new)}
