"""Timers that fell due: reminders, yellow and red cards (催办, 黄牌, 红牌), claimed in batches. Domain 3.0.4.

A timer is one row per open task: the reminder arms the yellow card, that one the red card, and then the timer ends.
The total of a case has one of its own. Nothing is ever approved or rejected by the passing of time.
"""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from models.enums import TimerKind
from webapp import clock
from webapp.database import PASSING
from webapp.services.cases.expiry import OnExpiry, on_expiry
from webapp.services.cases.failures import FAILURES
from webapp.services.processes.versions import definition_of

BATCH = 500

log = logging.getLogger(__name__)

# What follows is said at the same hours as by `calendar.deadlines`: 08:00 of the last day, and its end.
_NEXT = """
    kind = CASE fired.kind WHEN 'reminder' THEN 'yellow' ELSE 'overdue' END,
    due_at = CASE fired.kind WHEN 'reminder' THEN due_on + time '08:00'
                             ELSE due_on + interval '1 day' END AT TIME ZONE 'Asia/Shanghai'
"""
_FIRE = text(f"""
    WITH claimed AS (
        SELECT task_id, kind FROM timer WHERE due_at <= :now ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED
    ), fired AS (
        SELECT claimed.kind, task.id AS task_id, task.change_request_id, task.due_on, task.blocking
          FROM claimed JOIN task ON task.id = claimed.task_id
    ), told AS (
        INSERT INTO outbox (kind, change_request_id, task_id, created_at)
        SELECT kind, change_request_id, task_id, :now FROM fired
    ), armed AS (
        UPDATE timer SET {_NEXT} FROM fired WHERE timer.task_id = fired.task_id AND fired.kind <> 'overdue'
    ), spent AS (
        DELETE FROM timer USING fired WHERE timer.task_id = fired.task_id AND fired.kind = 'overdue'
    )
    SELECT kind, task_id, change_request_id, blocking FROM fired
""")  # noqa: S608 - our own text
_FIRE_TOTALS = text(f"""
    WITH claimed AS (
        SELECT change_request_id, kind FROM case_timer WHERE key = '' AND due_at <= :now
         ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED
    ), fired AS (
        SELECT claimed.kind, c.id, c.due_on FROM claimed JOIN change_request c ON c.id = change_request_id
    ), armed AS (
        UPDATE case_timer t SET {_NEXT} FROM fired
         WHERE (t.change_request_id, t.key) = (fired.id, '') AND fired.kind <> 'overdue'
    ), spent AS (
        DELETE FROM case_timer t USING fired
         WHERE (t.change_request_id, t.key) = (fired.id, '') AND fired.kind = 'overdue'
    )
    INSERT INTO outbox (kind, change_request_id, created_at)
    SELECT 'case_' || kind, id, :now FROM fired RETURNING id
""")  # noqa: S608 - our own text
# Whose case is handed back is so in a turn of its own, which locks the case before all else.
_EXPIRE = text("""
    INSERT INTO case_timer (change_request_id, key, kind, due_at)
    SELECT change_request_id, key, 'expired', :now FROM task WHERE id = :task ON CONFLICT DO NOTHING
""")
_OVERDUE_CASES = text("""
    SELECT c.id, c.process_version_id AS version, process.sha256,
           c.facts->'packs' AS packs
      FROM change_request c JOIN process_version process ON process.id = c.process_version_id
     WHERE c.id = ANY(:cases)
""")


def fire_due(session: Session) -> int:
    """Fire one batch of the timers that are due, commit, and return how many there were."""
    fired = fire_of_tasks(session)
    for task_id in to_be_returned(session, fired) if fired else ():
        session.execute(_EXPIRE, {"task": task_id, "now": clock.now()})
    count = len(fired) + _fire_totals(session)
    session.commit()
    return count


def fire_of_tasks(session: Session) -> Sequence[Row[Any]]:
    """Fire one batch of the timers of tasks that are due and return them: kind, task_id, change_request_id, blocking.

    The caller commits.
    """
    return session.execute(_FIRE, {"now": clock.now(), "batch": BATCH}).all()


def _fire_totals(session: Session) -> int:
    return len(session.execute(_FIRE_TOTALS, {"now": clock.now(), "batch": BATCH}).all())


def to_be_returned(session: Session, fired: Sequence[Row[Any]]) -> list[int]:
    """Return which tasks are to be handed back to the applicant, now that these timers of tasks were fired.

    Those that became overdue, where the packs of the case say so; but no filing (备案), for which nobody waits.
    """
    overdue = [timer for timer in fired if timer.kind == TimerKind.OVERDUE and timer.blocking]
    cases = session.execute(_OVERDUE_CASES, {"cases": [timer.change_request_id for timer in overdue]})
    returned = {case.id for case in cases if _is_handed_back(session, case)}
    return [timer.task_id for timer in overdue if timer.change_request_id in returned]


def _is_handed_back(session: Session, case: Row[Any]) -> bool:
    try:
        definition = definition_of(session, case.version, case.sha256)
        rule = on_expiry(definition, tuple(case.packs))
    except PASSING:
        raise
    except FAILURES as failed:
        log.error("Case %s is overdue, and stays where it is: %s", case.id, failed)
        return False
    return rule == OnExpiry.AUTO_RETURN
