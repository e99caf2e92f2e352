"""Due dates follow the calendar: when its days change, those of open tasks and cases are computed again (domain 3.0.3).

What is with the applicant is left alone: its clock stands still, and its due date is computed when it resumes.
"""

import json
import logging
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from models.enums import ADVICE
from webapp.clock import FIRST_DAY, LAST_DAY, SHANGHAI
from webapp.services.calendar.deadlines import deadline
from webapp.services.calendar.working_days import (
    DayOutOfCalendar,
    NegativeLimit,
    WorkingCalendar,
    calendar_of,
)

log = logging.getLogger(__name__)

_LIMIT = """
CAST({0} AT TIME ZONE 'Asia/Shanghai' AS date), {1}.limit_days, {1}.due_on, {1}.due_provisional
"""
_OF_TASKS, _OF_CASES = _LIMIT.format("opened_at", "task"), _LIMIT.format("submitted_at", "change_request")

# What began on one day with one limit falls due together, so that these are few however much is open. What lies beyond
# the calendar is no doing of ours, and the doctor's to find.
_LIMITS = f"""
SELECT opened_on, limit_days, due_on, provisional
  FROM (SELECT {_OF_TASKS} FROM task WHERE state = 'open' {{those}}
         UNION
        SELECT {_OF_CASES} FROM change_request WHERE state = 'in_review' {{those}})
    AS limits (opened_on, limit_days, due_on, provisional)
 WHERE opened_on BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}' AND due_on BETWEEN '{FIRST_DAY}' AND '{LAST_DAY}'
"""  # noqa: S608 - our own text, here and below

_ADVICE = ", ".join(f"'{ask}'" for ask in ADVICE)

_MOVES = """
jsonb_to_recordset(CAST(:moved AS jsonb)) AS m (
    opened_on date, limit_days int, was_due_on date, was_provisional bool,
    due_on date, provisional bool, timer text, timer_at timestamptz)
"""
_WAS = "(m.opened_on, m.limit_days, m.was_due_on, m.was_provisional)"
_MOVED = f"""
SELECT id, change_request_id, ask, m.was_due_on, m.due_on, m.provisional, m.timer, m.timer_at
  FROM task JOIN {_MOVES} ON ({_OF_TASKS}) = {_WAS} WHERE state = 'open'
"""  # noqa: S608
_MOVED_CASES = f"""
SELECT id, m.was_due_on, m.due_on, m.provisional, m.timer, m.timer_at
  FROM change_request JOIN {_MOVES} ON ({_OF_CASES}) = {_WAS} WHERE state = 'in_review'
"""  # noqa: S608

# Cases before tasks: the one lock order.
_LOCK_CASES = f"""
SELECT id FROM change_request
 WHERE id IN (SELECT change_request_id FROM ({_MOVED}) moved UNION SELECT id FROM ({_MOVED_CASES}) moved)
 ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608

# Where the day itself changed people are reminded anew, even if they were told of the old one.
_MOVE_CASES = f"""
WITH moved AS ({_MOVED_CASES}), changed AS (
    UPDATE change_request SET due_on = moved.due_on, due_provisional = moved.provisional
      FROM moved WHERE change_request.id = moved.id
)
INSERT INTO case_timer (change_request_id, key, kind, due_at)
SELECT id, '', timer, timer_at FROM moved WHERE due_on <> was_due_on
    ON CONFLICT (change_request_id, key) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at
"""  # noqa: S608

# Of advice nobody is reminded.
_MOVE = f"""
WITH moved AS ({_MOVED}), changed AS (
    UPDATE task SET due_on = moved.due_on, due_provisional = moved.provisional
      FROM moved WHERE task.id = moved.id
), armed AS (
    INSERT INTO timer (task_id, kind, due_at)
    SELECT id, timer, timer_at FROM moved WHERE due_on <> was_due_on AND coalesce(ask, '') NOT IN ({_ADVICE})
        ON CONFLICT (task_id) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at
)
SELECT count(*) FROM moved WHERE due_on <> was_due_on
"""  # noqa: S608


def recompute_due_dates(session: Session) -> int:
    """Compute every open task's and case's due date again from its beginning and limit; return how many tasks moved.

    `limit_days` counts all working days from the opening on, also those during which the clock stood still.
    The caller commits.
    """
    calendar = calendar_of(session)
    limits = session.execute(text(_LIMITS.format(those="")))
    moved = [*filter(None, (_move(calendar, limit) for limit in limits))]
    values = {"moved": json.dumps(moved, default=str)}
    session.execute(text(_LOCK_CASES), values)
    session.execute(text(_MOVE_CASES), values)
    return int(session.execute(text(_MOVE), values).scalar_one())


def missing_years(session: Session) -> list[int]:
    """Return the years not loaded that due dates of open tasks and cases depend on, for the administrator to load."""
    calendar = calendar_of(session)
    limits = session.execute(text(_LIMITS.format(those="AND due_provisional")))
    return sorted(set().union(*(calendar.missing_years(limit.opened_on, limit.due_on) for limit in limits)))


def _move(calendar: WorkingCalendar, limit: Row[Any]) -> dict[str, object] | None:
    """What becomes of the tasks and cases with one limit, or None if nothing does."""
    try:
        new = deadline(calendar, datetime.combine(limit.opened_on, time.min, SHANGHAI), limit.limit_days)
    except (DayOutOfCalendar, NegativeLimit) as impossible:
        log.error(
            "What is due on %s, having begun on %s, stays so: %s", limit.due_on, limit.opened_on, impossible
        )
        return None
    if (new.due_on, new.provisional) == (limit.due_on, limit.provisional):
        return None
    was = {"was_due_on": limit.due_on, "was_provisional": limit.provisional}
    return {"opened_on": limit.opened_on, "limit_days": limit.limit_days, **was, **asdict(new)}
