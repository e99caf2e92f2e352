"""Notices (通知): the outbox is drained in batches into messages to people and posts. Domain 3.0.5.

An outbox row leaves in the same statement that makes its notices, and what brings them to people outside of the
pages, so each is told exactly once. To the family comes last of each, as of several to one person the last is read.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import AMONG_OFFICERS, ASKING_NOTICES
from webapp import clock
from webapp.database import PASSING, is_in_the_way
from webapp.services.context import settings_of
from webapp.services.exchange.writing import write_messages
from webapp.services.notices.deliveries import ACTS, DELIVER_MADE, channels_of
from webapp.services.offices.addressees import addressee_sql, recheck

BATCH = 500

_INTERNAL = tuple(str(kind) for kind in AMONG_OFFICERS)

# Who hears of what: whoever is asked, or acts for him; whoever had a task that nobody has to decide any more; the
# family, and the school that applied for it, of everything but a colleague's reminder or yellow card, and a filing
# (备案) that arrives or is late, as the record changes without it; both schools of what ends, returns or delays the
# case; of a yellow card also the lead of that office, and of delay the superior's, or where it has none that is not the
# child's own guardian, the next one's further up; of the time of a whole case the same of whoever has it (domain 3.0.4,
# 3.0.5); of a copy only whom it was sent to; all offices of the case, but not the family, of what another province says
# and nobody can follow. Who that is, is decided today: a guardian no more hears no more.
_DRAIN = text(f"""
    WITH batch AS (
        DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
                                         WHERE change_request_id <> ALL(CAST(:besides AS bigint[]))
                                         ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED)
        RETURNING id, kind, change_request_id, task_id, created_at
    ), public AS (
        SELECT * FROM batch
         WHERE kind NOT IN {_INTERNAL}
           AND NOT (kind IN ('arrived', 'overdue')
                    AND EXISTS (SELECT FROM task WHERE task.id = task_id AND NOT task.blocking))
    ), signal AS (
        SELECT batch.id, batch.kind, batch.change_request_id, task.office_id, task.role
          FROM batch JOIN task ON task.id = batch.task_id
         WHERE batch.kind IN ('reminder', 'yellow', 'overdue')
         UNION ALL
        SELECT batch.id, batch.kind, batch.change_request_id, task.office_id, task.role
          FROM batch JOIN task ON task.change_request_id = batch.change_request_id
           AND task.state = 'open' AND task.blocking
         WHERE batch.kind IN ('case_reminder', 'case_yellow', 'case_overdue')
    ), late AS (
        SELECT signal.id, signal.office_id, ARRAY(
                   SELECT g.account_id FROM change_request c JOIN guardianship g ON g.student_id = c.student_id
                     JOIN membership m ON m.account_id = g.account_id AND m.role = 'lead'
                    WHERE c.id = signal.change_request_id
                      AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today)
                    ORDER BY 1
               ) AS family
          FROM signal WHERE signal.kind IN ('overdue', 'case_overdue')
    ), superior AS MATERIALIZED (
        SELECT below.id AS below_id, delaying.family, lead.office_id, lead.role
          FROM (SELECT DISTINCT office_id AS id, family FROM late) AS delaying
          JOIN office below ON below.id = delaying.id
         CROSS JOIN LATERAL ({addressee_sql("below.superior_id", "'lead'", ":today", "delaying.family")}) AS lead
    ), personal AS (
        SELECT batch.id, batch.change_request_id, batch.task_id, task.claimed_by_id AS account_id,
               task.office_id, task.role
          FROM batch JOIN task ON task.id = batch.task_id
         WHERE batch.kind = 'asked'
            OR batch.kind = 'handed_over' AND task.claimed_by_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM outbox later
                                WHERE (later.kind, later.task_id) = (batch.kind, batch.task_id) AND later.id > batch.id)
    ), receiver AS (
        SELECT public.id, g.account_id, NULL::bigint AS office_id, NULL::varchar AS role
          FROM public JOIN change_request c ON c.id = public.change_request_id
          JOIN guardianship g ON g.student_id = c.student_id
           AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today)
         UNION
        SELECT public.id, NULL, c.applicant_office_id, 'registrar'
          FROM public JOIN change_request c ON c.id = public.change_request_id
         WHERE c.applicant_office_id IS NOT NULL
         UNION
        SELECT batch.id, NULL, task.office_id, task.role
          FROM batch JOIN task ON task.id = batch.task_id
         WHERE batch.kind IN ('arrived', 'readdressed', 'resubmitted', 'recalled', 'urged', 'sent_back', 'answered')
         UNION
        SELECT signal.id, NULL, signal.office_id, asked.role
          FROM signal CROSS JOIN LATERAL (VALUES (signal.role), ('lead')) AS asked (role)
         WHERE asked.role = signal.role OR signal.kind IN ('yellow', 'case_yellow')
         UNION
        SELECT late.id, NULL, superior.office_id, superior.role
          FROM late JOIN superior ON (below_id, superior.family) = (late.office_id, late.family)
         UNION
        SELECT batch.id, NULL, task.office_id, task.role
          FROM batch JOIN task ON task.change_request_id = batch.change_request_id
           AND task.state = 'cancelled' AND task.ended_at = batch.created_at
         WHERE batch.kind IN ('submitted', 'recalled', 'rejected', 'withdrawn', 'revoked', 'terminated')
         UNION
        SELECT personal.id, personal.account_id, personal.office_id, personal.role FROM personal
         UNION
        SELECT personal.id, acting.account_id, personal.office_id, personal.role
          FROM personal CROSS JOIN LATERAL (
               {ACTS.format(notice="personal")} AND s.absent_id = personal.account_id
          ) AS acting (account_id)
         UNION
        SELECT batch.id, copy.account_id, copy.office_id, copy.role
          FROM batch JOIN copy ON copy.change_request_id = batch.change_request_id
           AND copy.created_at = batch.created_at
         WHERE batch.kind = 'copied'
         UNION
        SELECT public.id, NULL, school.id, 'registrar'
          FROM public JOIN change_request c ON c.id = public.change_request_id
          JOIN office school ON school.id IN (c.from_school_id, c.to_school_id)
         WHERE public.kind IN ('returned', 'record_conflict', 'rejected', 'withdrawn', 'revoked', 'terminated',
                              'completed', 'overdue', 'case_overdue')
         UNION
        SELECT batch.id, NULL, office.id, CASE office.kind WHEN 'school' THEN 'registrar' ELSE 'handler' END
          FROM batch JOIN change_request c ON c.id = batch.change_request_id
         CROSS JOIN LATERAL jsonb_each_text(c.seats) AS seat(name, office_id)
          JOIN office ON office.id = CAST(seat.office_id AS bigint)
         WHERE batch.kind = 'contradicted' AND seat.name <> '外省'
    ), made AS (
        INSERT INTO notice (outbox_id, kind, change_request_id, task_id, account_id, office_id, role,
                            happened_at, created_at)
        SELECT batch.id, batch.kind, batch.change_request_id, batch.task_id,
               receiver.account_id, receiver.office_id, receiver.role, batch.created_at, :now
          FROM receiver JOIN batch ON batch.id = receiver.id
         ORDER BY batch.id, receiver.office_id, receiver.role, receiver.account_id
        RETURNING id, outbox_id, kind, change_request_id, task_id, account_id, office_id, role, created_at
    ), delivered AS (
        {DELIVER_MADE}
    )
    SELECT kind, change_request_id, task_id FROM made
""")  # noqa: S608 - built from our own text


# Cases of the next batch that somebody has locked.
_HELD = text("""
    WITH next AS (
        SELECT DISTINCT change_request_id AS id
          FROM (SELECT change_request_id FROM outbox ORDER BY id LIMIT :batch) AS batch
    ), free AS (
        SELECT c.id FROM change_request c JOIN next USING (id) FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    SELECT id FROM next WHERE id NOT IN (SELECT id FROM free)
""")


def drain(session: Session) -> int:
    """Turn one batch of the outbox into notices and messages to other provinces; commit, and count the notices.

    What is to be told of a case that somebody holds for long waits, and nothing else.
    """
    try:
        return _drain(session, besides=[])
    except PASSING as failed:
        if not is_in_the_way(failed):
            raise
        session.rollback()
    held = session.scalars(_HELD, {"batch": BATCH}).all()
    session.rollback()
    return _drain(session, besides=held)


def _drain(session: Session, besides: Sequence[int]) -> int:
    """Do so but for some cases.

    Whoever was asked in the moment when he lost the seat could not be found by who took it from him, nor he by who
    asked: tasks that have arrived are rechecked here, when both are settled.
    """
    today = clock.today()
    facts = {
        "batch": BATCH,
        "besides": [*besides],
        "now": clock.now(),
        "today": today,
        "channels": [*channels_of(settings_of(session))],
    }
    made = session.execute(_DRAIN, facts).all()
    if asked := {notice.task_id for notice in made if notice.kind in ASKING_NOTICES}:
        recheck(session, asked, today)
    write_messages(session, made)
    session.commit()
    return len(made)
