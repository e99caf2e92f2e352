"""Timers that fell due: reminders and overdue signals (催办, 超期), claimed in batches. Domain 3.0.4.

A timer is one row per open task. Firing a reminder arms the overdue signal; firing that one ends the timer.
Nothing is ever approved or rejected by the passing of time.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp import clock
from webapp.services.calendar.deadlines import overdue_at

BATCH = 500

_CLAIM = text("""
    SELECT timer.task_id, timer.kind, task.due_on, task.change_request_id
      FROM timer JOIN task ON task.id = timer.task_id
     WHERE timer.due_at <= :now
     ORDER BY timer.due_at LIMIT :batch
       FOR UPDATE OF timer SKIP LOCKED
""")
_TELL = text("""
    INSERT INTO outbox (kind, change_request_id, task_id, created_at) VALUES (:kind, :case, :task, :now)
""")
_REARM = text("UPDATE timer SET kind = 'overdue', due_at = :at WHERE task_id = :task")
_DROP = text("DELETE FROM timer WHERE task_id = :task")


def fire_due(session: Session) -> int:
    """Fire one batch of the timers that are due, commit, and return how many there were."""
    now = clock.now()
    claimed = session.execute(_CLAIM, {"now": now, "batch": BATCH}).all()
    if claimed:
        session.execute(
            _TELL,
            [
                {"kind": timer.kind, "case": timer.change_request_id, "task": timer.task_id, "now": now}
                for timer in claimed
            ],
        )
    for timer in claimed:
        if timer.kind == "reminder":
            session.execute(_REARM, {"task": timer.task_id, "at": overdue_at(timer.due_on)})
        else:
            session.execute(_DROP, {"task": timer.task_id})
    session.commit()
    return len(claimed)
