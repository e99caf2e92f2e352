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
BESIDE = """(split_part(d.key, '.', 1) = split_part({key}, '.', 1)
                 AND split_part(d.key, '+', 1) <> split_part({key}, '+', 1))"""

# Who must not decide a new task: the student's guardians, whoever took a step that it is separate from, signed it or
# decided for another office, and whoever handed the case in, unless it only checks (domain 2.1). For a psycopg
# statement with `case`, `key`, `day`, `office`, `role`, `decides` and `separate_from`. It looks for the state, as
# asking for ended_by_id would tempt the planner into the index of all ended tasks.
EXCLUDED = f"""
SELECT ARRAY(
    SELECT g.account_id FROM change_request c JOIN guardianship g ON g.student_id = c.student_id
     WHERE c.id = %(case)s AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
     UNION
    SELECT unnest(array_remove(ARRAY[d.ended_by_id, d.ended_for_id], NULL)) FROM task d
     WHERE d.change_request_id = %(case)s AND d.state = 'done' AND {TAKES}
       AND (d.step = ANY(CAST(%(separate_from)s AS varchar[])) OR {BESIDE.format(key="%(key)s")}
            OR %(decides)s AND {DECIDES} AND d.office_id <> %(office)s)
     UNION
    SELECT unnest(applicant_ids) FROM change_request WHERE id = %(case)s AND %(role)s <> '{CHECKING_ROLE}'
     ORDER BY 1
) AS ids
"""  # noqa: S608 - the role is our own

# The same of the row `task` of the case `c` as it waits, on :day. Beside those who were excluded when it was opened, it
# is kept from who has become a guardian, handed the case in again, signed the same step or decided for another office.
KEPT_FROM = f"""
    SELECT unnest(task.excluded_ids)
     UNION
    SELECT g.account_id FROM guardianship g
     WHERE g.student_id = c.student_id
       AND g.valid_from <= :day AND (g.valid_to IS NULL OR g.valid_to > :day)
     UNION
    SELECT unnest(array_remove(ARRAY[d.ended_by_id, d.ended_for_id], NULL)) FROM task d
     WHERE task.blocking AND coalesce(task.ask, '') NOT IN ({_ADVICE})
       AND d.change_request_id = c.id AND d.state = 'done' AND {TAKES} AND {DECIDES}
       AND (d.office_id <> task.seat_office_id OR {BESIDE.format(key="task.key")})
     UNION
    SELECT unnest(c.applicant_ids) WHERE task.seat_role <> '{CHECKING_ROLE}'
"""  # noqa: S608 - the role is our own

_KEPT_FROM = text(f"""
SELECT kept.account_id FROM task JOIN change_request c ON c.id = task.change_request_id
 CROSS JOIN LATERAL ({KEPT_FROM}) AS kept (account_id)
 WHERE task.id = :task
""")  # noqa: S608 - our own text


def kept_from(session: Session, task_id: int, on: date) -> set[int]:
    """Return the accounts that must not decide a task on a day."""
    return {*session.scalars(_KEPT_FROM, {"task": task_id, "day": on})}
