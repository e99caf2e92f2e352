"""A case and one of its tasks, locked, then read in one SELECT.

Round trips are what a decision costs: its statements are prebuilt and run through psycopg directly inside the session's
transaction, lock and reading without a wait between them.

The lock order, and how a case is locked, stand in `models/cases.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from webapp import clock
from webapp.policy import Person
from webapp.services.calendar.working_days import REVISION
from webapp.services.cases.beside import engine_key
from webapp.services.context import connection_of
from webapp.services.offices.kept_from import DECIDES, TAKES


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A change request, locked, and one of its tasks.

    `taken` has each finished task, its step and who took it, a substitute and who was away alike, and the office whose
    seat he decided: none for a filing, and for what another province said. `beside` are the other tasks that somebody
    has to decide now. `asked` are those of them (key, and key of the task from which it was asked) that stand beside
    the diagram's steps.
    """

    id: int
    number: str
    state: str
    version: int
    event_count: int
    last_mac: bytes
    token: bytes
    facts: dict[str, Any]
    seats: dict[str, int]
    process_version_id: int
    process_sha256: str
    student_id: int
    record_version: int
    task_id: int
    task_key: str
    task_step: str
    task_state: str
    blocking: bool
    ask: str | None
    office_id: int
    role: str
    seat_office_id: int
    seat_role: str
    claimed_by_id: int | None
    ended_at: datetime | None
    office: str
    applicant_ids: list[int]
    taken: list[tuple[str, str, int, int | None]]
    beside: list[int]
    asked: list[tuple[str, str]]
    places_published: bool
    calendar_revision: int

    @property
    def engine_key(self) -> str:
        """The key by which the engine knows the task; a cosignature decides the step from which it was asked."""
        return engine_key(self.task_key)

    @property
    def is_answer_awaited(self) -> bool:
        """Whether somebody has been asked from this task and has not answered."""
        return any(origin == self.task_key for _, origin in self.asked)


@dataclass(frozen=True, slots=True)
class CaseOf(LockedCase):
    """The same, locked for somebody: whether he may act on the task as he might before he waited for the lock."""

    is_his_still: bool


_Case = TypeVar("_Case", bound=LockedCase)

LOCK = """
SELECT id FROM change_request WHERE id = (SELECT change_request_id FROM task WHERE id = %(task)s)
   FOR NO KEY UPDATE
"""

LOCK_ALL = """
SELECT id FROM change_request WHERE id IN (SELECT change_request_id FROM task WHERE id = ANY(%(tasks)s))
 ORDER BY id FOR NO KEY UPDATE
"""

# Its snapshot is taken after LOCK was granted, so that nothing in it is older than the lock.
# The deciders are filtered in the aggregate: a WHERE would tempt the planner, while few tasks have ended, into
# reading all ended tasks of all cases.
_COLUMNS = f"""
       c.id, c.number, c.state, c.version, c.event_count, c.last_mac, c.token, c.facts, c.seats,
       c.process_version_id, p.sha256 AS process_sha256, c.student_id, c.record_version,
       t.id AS task_id, t.key AS task_key, t.step AS task_step, t.state AS task_state, t.blocking, t.ask,
       t.office_id, t.role, t.seat_office_id, t.seat_role, t.claimed_by_id, t.ended_at, o.name AS office,
       c.applicant_ids,
       others.taken, others.beside, others.asked,
       EXISTS (SELECT FROM school_places s
                WHERE s.school_id = c.to_school_id AND s.grade = (c.form->>'grade')::int) AS places_published,
       {REVISION} AS calendar_revision
"""
_TABLES = f"""
  FROM task t
  JOIN change_request c ON c.id = t.change_request_id
  JOIN process_version p ON p.id = c.process_version_id
  JOIN office o ON o.id = t.office_id
 CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_agg(jsonb_build_array(d.key, d.step, d.ended_by_id,
                                                    CASE WHEN {DECIDES} THEN d.seat_office_id END))
                           FILTER (WHERE d.ended_by_id IS NOT NULL AND {TAKES}), jsonb_build_array())
           || coalesce(jsonb_agg(jsonb_build_array(d.key, d.step, d.ended_for_id,
                                                    CASE WHEN {DECIDES} THEN d.seat_office_id END))
                           FILTER (WHERE d.ended_for_id IS NOT NULL AND {TAKES}), jsonb_build_array()) AS taken,
              coalesce(array_agg(d.id) FILTER (WHERE d.state = 'open' AND d.blocking AND d.id <> t.id),
                       ARRAY[]::bigint[]) AS beside,
              coalesce(jsonb_agg(jsonb_build_array(d.key, d.asked_from))
                           FILTER (WHERE d.ask IS NOT NULL AND d.state IN ('open', 'suspended')),
                       jsonb_build_array()) AS asked
         FROM task d WHERE d.change_request_id = c.id) AS others
"""  # noqa: S608 - the conditions are our own text
# Whether an account holds the task's post by itself, acts for nobody, and is nobody's guardian: most are like that, and
# of them nothing else needs to be asked again.
_IS_HIS_STILL = """
       EXISTS (SELECT FROM membership m JOIN account a ON a.id = m.account_id AND a.disabled_at IS NULL
                WHERE m.account_id = %(account)s AND m.office_id = t.office_id AND m.role = t.role
                  AND m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s))
       AND NOT EXISTS (SELECT FROM substitution WHERE substitute_id = %(account)s)
       AND NOT EXISTS (SELECT FROM guardianship WHERE account_id = %(account)s)
"""
READ = f"SELECT {_COLUMNS} {_TABLES} WHERE t.id = %(task)s"
READ_FOR = f"SELECT {_COLUMNS}, {_IS_HIS_STILL} AS is_his_still {_TABLES} WHERE t.id = %(task)s"
READ_ALL = f"SELECT {_COLUMNS} {_TABLES} WHERE t.id = ANY(%(tasks)s) ORDER BY t.id"


def lock_task(session: Session, task_id: int) -> LockedCase | None:
    """Lock the case that a task belongs to, then read both; None if there is no such task."""
    return _lock(session, LockedCase, READ, {"task": task_id})


def lock_task_for(session: Session, person: Person, task_id: int) -> CaseOf | None:
    """Do the same for somebody who is to act on the task."""
    values = {"task": task_id, "account": person.account_id, "today": clock.today()}
    return _lock(session, CaseOf, READ_FOR, values)


def _lock(session: Session, what: type[_Case], read: str, values: Mapping[str, object]) -> _Case | None:
    connection = connection_of(session)
    with connection.cursor(row_factory=class_row(what)) as cursor:
        with connection.pipeline():
            cursor.execute(LOCK, values)
            cursor.execute(read, values)
        return cursor.fetchone()  # not within the pipeline, where it would wait a second time


def read_tasks(session: Session, task_ids: Collection[int], *, lock: bool = False) -> list[LockedCase]:
    """Read tasks with their cases, in the order of the tasks' ids, once these are locked if `lock` says so.

    Tasks that are not there are left out.
    """
    connection, values = connection_of(session), {"tasks": sorted(task_ids)}
    with connection.cursor(row_factory=class_row(LockedCase)) as cursor:
        with connection.pipeline():
            if lock:
                cursor.execute(LOCK_ALL, values)
            cursor.execute(READ_ALL, values)
        return cursor.fetchall()
