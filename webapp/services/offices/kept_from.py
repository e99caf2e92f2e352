"""Who must not decide a task (回避、不相容岗位分离): when it is opened, and as it waits. Source: domain 2.1."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import ADVICE, Role
from webapp.policy import CHECKING_ROLE

_ADVICE = ", ".join(f"'{ask}'" for ask in ADVICE)
# Whether whoever took the task `d` took its step: whoever was asked for advice only said something about it.
TAKES = f"(d.ask IS NULL OR d.ask NOT IN ({_ADVICE}))"
# Whether he decided something for its office too: a filing decides nothing, and what another province said is only
# written down here.
DECIDES = f"(d.blocking AND d.role <> '{Role.COUNTERPART}')"

# Whether the task `d` is another signature of the same step, as `is_beside` says.
_BESIDE = """(split_part(d.key, '.', 1) = split_part(task.key, '.', 1)
                 AND split_part(d.key, '+', 1) <> split_part(task.key, '+', 1))"""


def kept_from_sql(day: str) -> str:
    """Return SQL that yields who must not decide the row `task` of the case `c` on a day, which is SQL too.

    The student's guardians; from advice who asked for it; from all else whoever took a step that it is separate from,
    signed it or decided for another office, and who handed the case in, unless it only checks. It looks for the state,
    as asking for ended_by_id would tempt the planner into the index of all ended tasks.
    """
    return f"""
    SELECT unnest(task.asker_ids) AS account_id
     UNION
    SELECT g.account_id FROM guardianship g
     WHERE g.student_id = c.student_id AND g.valid_from <= {day} AND (g.valid_to IS NULL OR g.valid_to > {day})
     UNION
    SELECT unnest(array_remove(ARRAY[d.ended_by_id, d.ended_for_id], NULL)) FROM task d
     WHERE coalesce(task.ask, '') NOT IN ({_ADVICE})
       AND d.change_request_id = c.id AND d.state = 'done' AND {TAKES}
       AND (d.step = ANY(task.separate_from) OR {_BESIDE}
            OR task.blocking AND {DECIDES} AND d.seat_office_id <> task.seat_office_id)
     UNION
    SELECT unnest(c.applicant_ids)
     WHERE task.seat_role <> '{CHECKING_ROLE}' AND coalesce(task.ask, '') NOT IN ({_ADVICE})
    """  # noqa: S608 - the role is our own


# Of a task that is about to be opened; for a psycopg statement with the values of a `NewTask`, `case` and `day`.
EXCLUDED = f"""
SELECT ARRAY(
    SELECT account_id
      FROM (SELECT CAST(%(key)s AS varchar) AS key, CAST(%(ask)s AS varchar) AS ask, %(blocking)s AS blocking,
                   CAST(%(office)s AS bigint) AS seat_office_id, CAST(%(role)s AS varchar) AS seat_role,
                   CAST(%(separate_from)s AS varchar[]) AS separate_from,
                   CAST(%(asker_ids)s AS bigint[]) AS asker_ids) AS task
      JOIN change_request c ON c.id = %(case)s
     CROSS JOIN LATERAL ({kept_from_sql("%(day)s")}) AS kept
) AS ids
"""  # noqa: S608 - our own text
KEPT_FROM = kept_from_sql(":day")

_KEPT_FROM = text(f"""
SELECT kept.account_id FROM task JOIN change_request c ON c.id = task.change_request_id
 CROSS JOIN LATERAL ({KEPT_FROM}) AS kept
 WHERE task.id = :task
""")  # noqa: S608 - our own text


def kept_from(session: Session, task_id: int, on: date) -> set[int]:
    """Return the accounts that must not decide a task on a day."""
    return {*session.scalars(_KEPT_FROM, {"task": task_id, "day": on})}
