"""Who is asked when a seat of the diagram has no holder: nobody's task is ever lost.

First whoever holds the role in the office; then the office's lead (分管领导); then the lead of its superior,
and further up. Whoever must not decide the task, and an office that has ended, are passed over. If nobody is
found, the task stays at the seat itself. A seat without a holder of its own is vacant whoever stands in, so that
the list of vacancies shows it; but for the seat of another province (外省), which always stays where it is: its people
answer from there, and whoever has an account of an office of that province here does not stand in for them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import NoticeKind, Role
from webapp import clock
from webapp.services.offices.absences import acts_sql
from webapp.services.offices.kept_from import KEPT_FROM

SLICE = 2_000  # open tasks; a twentieth of a second


@dataclass(frozen=True, slots=True)
class Addressee:
    """An office and a role that a task is sent to; `vacant` when the seat it is for has no holder."""

    office_id: int
    role: Role
    vacant: bool


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat without a holder that open tasks are for: how many, until when the first, and who stands in.

    When nobody stands in, `asked` is the seat itself.
    """

    office_id: int
    office: str
    role: Role
    asked: Addressee
    tasks: int
    due_on: date


def addressee_sql(office: str, role: str, day: str, excluded: str) -> str:
    """Return SQL that yields one row (office_id, role, vacant): who is asked for a seat on a day.

    The arguments are SQL too; `excluded` is an array of accounts, none of them NULL, that are not to be asked.
    """
    return f"""
    SELECT coalesce(found.office_id, seat.id) AS office_id, coalesce(found.role, {role}) AS role,
           (found.office_id IS DISTINCT FROM seat.id OR found.role <> {role})
               AND {role} <> '{Role.COUNTERPART}' AS vacant
      FROM office seat
      LEFT JOIN LATERAL (
           SELECT m.office_id, m.role
             FROM unnest(seat.path) WITH ORDINALITY AS up (office_id, depth)
             JOIN office o ON o.id = up.office_id
              AND o.valid_from <= {day} AND (o.valid_to IS NULL OR o.valid_to > {day})
             JOIN membership m ON m.office_id = up.office_id
              AND (m.role = '{Role.LEAD}' OR m.role = {role} AND m.office_id = seat.id)
              AND m.valid_from <= {day} AND (m.valid_to IS NULL OR m.valid_to > {day})
              AND m.account_id <> ALL (CAST({excluded} AS bigint[]))
             JOIN account a ON a.id = m.account_id AND a.disabled_at IS NULL
            WHERE {role} <> '{Role.COUNTERPART}'
            ORDER BY up.depth DESC, m.role = {role} DESC
            LIMIT 1
           ) found ON true
     WHERE seat.id = {office}
    """  # noqa: S608 - the arguments are our own placeholders and columns


# The open tasks that {concerned} says and whose addressee is another by now.
# Each seat is looked up once only with the same excluded people: of these just those count who could be asked, in its
# office and above, or each case would be a look-up.
MISADDRESSED = f"""
WITH t AS NOT MATERIALIZED (
    SELECT task.*, ARRAY(
               SELECT account_id FROM ({KEPT_FROM}) AS kept_from
                WHERE (SELECT bool_or(m.office_id = ANY(seat.path)) FROM membership m
                        WHERE m.account_id = kept_from.account_id) ORDER BY 1
           ) AS excluded_members
      FROM task JOIN change_request c ON c.id = task.change_request_id JOIN office seat ON seat.id = task.seat_office_id
     WHERE task.state = 'open' AND {{concerned}}
), asked AS MATERIALIZED (
    SELECT wanted.*, found.*
      FROM (SELECT DISTINCT seat_office_id, seat_role, excluded_members FROM t) wanted
     CROSS JOIN LATERAL (
         {addressee_sql("wanted.seat_office_id", "wanted.seat_role", ":day", "wanted.excluded_members")}
     ) found
)
SELECT t.id, t.change_request_id, asked.office_id, asked.role, asked.vacant
  FROM t JOIN asked USING (seat_office_id, seat_role, excluded_members)
 WHERE (t.office_id, t.role, t.vacant) IS DISTINCT FROM (asked.office_id, asked.role, asked.vacant)
"""  # noqa: S608

# A seat without a holder looks up the tree, so that a change in an office concerns the vacant seats below it.
_IN_OFFICE = """(office_id = :office OR vacant AND EXISTS (
                      SELECT FROM office o WHERE o.id = seat_office_id AND :office = ANY(o.path)))"""

# Whether the task was claimed by somebody who neither holds the post nor acts in it, or must not decide it by now: it
# is everybody's again.
CLAIM_LAPSED = f"""
   state = 'open' AND claimed_by_id IS NOT NULL
   AND NOT EXISTS (
       SELECT FROM change_request c CROSS JOIN LATERAL (SELECT ARRAY({KEPT_FROM}) AS ids) AS kept
        WHERE c.id = task.change_request_id AND claimed_by_id <> ALL (kept.ids)
          AND (EXISTS (SELECT FROM membership m JOIN account a ON a.id = m.account_id AND a.disabled_at IS NULL
                        WHERE (m.account_id, m.office_id, m.role) = (claimed_by_id, task.office_id, task.role)
                          AND m.valid_from <= :day AND (m.valid_to IS NULL OR m.valid_to > :day))
               OR EXISTS (SELECT FROM substitution s
                           WHERE (s.substitute_id, s.office_id, s.role) = (claimed_by_id, task.office_id, task.role)
                             AND s.absent_id <> ALL (kept.ids) AND {acts_sql(":day")})))
"""  # noqa: S608 - built from our own text
_LAPSE = text(f"""
UPDATE task SET claimed_by_id = NULL WHERE change_request_id = ANY(:cases) AND {CLAIM_LAPSED}
""")  # noqa: S608 - our own text

# In the order of the inbox's index. A task may be moved on into a later slice, which does no harm.
_OPEN_TASKS = text("""
SELECT id, office_id, role, CAST(due_on AS text) AS due_on FROM task
 WHERE state = 'open' AND (office_id, role, task.due_on, id) > (:office, :role, CAST(:due_on AS date), :id)
 ORDER BY office_id, role, task.due_on, id LIMIT :slice
""")

# Waits until whoever is changing a membership has finished, and keeps others from beginning until we have.
_SETTLE_MEMBERSHIPS = text("LOCK TABLE membership IN SHARE MODE")

# Cases before tasks: the one lock order.
_LOCK_CASES = f"""
SELECT id FROM change_request
 WHERE id IN (SELECT change_request_id FROM ({{misaddressed}}) m
               UNION SELECT change_request_id FROM task WHERE {{concerned}} AND {CLAIM_LAPSED})
 ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - our own text

_READDRESS = f"""
WITH moved AS (
    UPDATE task SET office_id = m.office_id, role = m.role, vacant = m.vacant, claimed_by_id = NULL
      FROM ({{misaddressed}}) m
     WHERE task.id = m.id AND task.change_request_id = ANY(:cases) RETURNING task.id, task.change_request_id
), told AS (
    INSERT INTO outbox (kind, change_request_id, task_id, created_at)
    SELECT '{NoticeKind.READDRESSED}', change_request_id, id, :at FROM moved
)
SELECT id FROM moved
"""  # noqa: S608 - the kind is our own

_VACANCIES = text("""
SELECT t.seat_office_id, seat.name, t.seat_role, t.office_id, t.role, count(*), min(t.due_on)
  FROM task t JOIN office seat ON seat.id = t.seat_office_id
 WHERE t.vacant AND t.state = 'open' AND :office = ANY(seat.path)
 GROUP BY t.seat_office_id, seat.name, t.seat_role, t.office_id, t.role
 ORDER BY min(t.due_on), seat.name, t.seat_role
""")


def reroute(session: Session, office_id: int, on: date) -> list[int]:
    """Send open tasks to whoever is to be asked, and told, now that a membership in an office began or ended.

    Returns the ids of the tasks that moved. The caller commits.
    """
    return _readdress(session, _IN_OFFICE, {"office": office_id, "day": on})


def reroute_all(session: Session, on: date) -> Iterator[list[int]]:
    """Do the same in all offices: once a day, for memberships and offices that begin or end with the day.

    Yields which tasks moved slice after slice, for the caller to commit, so that nobody waits long for a case.
    """
    after = {"office": 0, "role": "", "due_on": "-infinity", "id": 0}
    while found := session.execute(_OPEN_TASKS, {**after, "slice": SLICE}).all():
        yield reroute_tasks(session, [task.id for task in found], on)
        last = found[-1]
        after = {"office": last.office_id, "role": last.role, "due_on": last.due_on, "id": last.id}


def reroute_tasks(session: Session, task_ids: Collection[int], on: date) -> list[int]:
    """Do the same for tasks that were closed to everybody for a while; of their cases alone, which may be locked."""
    return _readdress(session, "task.id = ANY(:tasks)", {"tasks": sorted(task_ids), "day": on})


def recheck(session: Session, task_ids: Collection[int], on: date) -> list[int]:
    """Do the same for tasks that were opened while memberships may have been changing.

    Sees every change that began before it, and every later one sees the tasks. The caller commits, soon.
    """
    session.execute(_SETTLE_MEMBERSHIPS)
    return reroute_tasks(session, task_ids, on)


def vacancies(session: Session, under_office_id: int) -> list[Vacancy]:
    """Return the vacant seats, in an office and all below it, that open tasks are for; urgent ones first."""
    rows = session.execute(_VACANCIES, {"office": under_office_id})
    return [
        Vacancy(
            office_id,
            name,
            Role(role),
            Addressee(asked_office_id, Role(asked_role), vacant=True),
            tasks,
            due_on,
        )
        for office_id, name, role, asked_office_id, asked_role, tasks, due_on in rows
    ]


def _readdress(session: Session, concerned: str, values: dict[str, object]) -> list[int]:
    misaddressed = MISADDRESSED.format(concerned=concerned)
    lock_cases = text(_LOCK_CASES.format(misaddressed=misaddressed, concerned=concerned))
    cases = session.scalars(lock_cases, values).all()
    if not cases:
        return []
    values = values | {"cases": cases, "at": clock.now()}
    session.execute(_LAPSE, values)
    return sorted(session.scalars(text(_READDRESS.format(misaddressed=misaddressed)), values))
