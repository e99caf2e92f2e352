"""The rows of a case: read and locked in one SELECT, written in one pipeline.

Round trips are what a decision costs, so its statements are prebuilt, run through psycopg directly inside the
session's transaction, and wait for the database twice beside its BEGIN and COMMIT: once for the lock, once for
all writes.

Lock order, here and everywhere: bulk, change_request, school_places, task, student. A case is locked FOR NO KEY UPDATE,
so that whoever only refers to it (a timer that fires, a notice that is sent) need not wait.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models.enums import ADVICE, Ask, CaseState, NoticeKind, TimerKind
from webapp.clock import day_of
from webapp.services.calendar.working_days import REVISION
from webapp.services.cases.beside import engine_key
from webapp.services.cases.chain import Event
from webapp.services.context import Statement, connection_of
from webapp.services.offices.addressees import DECIDES, EXCLUDED, TAKES, addressee_sql


@dataclass(frozen=True, slots=True)
class LockedCase:
    """A change request, locked, and one of its tasks.

    `taken` has each finished task, its step and who took it, a substitute and who was away alike, and the office for
    which it was decided: none for a filing, and for what another province said. `beside` are the other tasks that
    somebody has to decide now. `asked` are those of them (key, and key of the task from which it was asked) that stand
    beside the diagram's steps.
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
class NewTask:
    """A task to open: who the diagram asks, until when, and when to speak up about it.

    Whoever took one of the steps in `separate_from` is not asked. One beside the diagram says why and from which task
    it is asked, and of whom if it is asked of a person. Of advice nobody is reminded: who asked for it is.
    """

    key: str
    step: str
    seat: str
    office_id: int
    role: str
    blocking: bool
    separate_from: list[str]
    limit_days: int
    due_on: date
    due_provisional: bool
    timer: TimerKind
    timer_at: datetime
    ask: Ask | None = None
    asked_from: str | None = None
    claimed_by_id: int | None = None


NOTICES: Mapping[Ask | None, NoticeKind] = {
    None: NoticeKind.ARRIVED,
    Ask.SECOND_LOOK: NoticeKind.SENT_BACK,
    **dict.fromkeys((Ask.OPINION, Ask.DELEGATION, Ask.COSIGNATURE), NoticeKind.ASKED),
}

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
_CASES_WITH_TASKS = f"""
SELECT c.id, c.number, c.state, c.version, c.event_count, c.last_mac, c.token, c.facts, c.seats,
       c.process_version_id, p.sha256 AS process_sha256, c.student_id, c.record_version,
       t.id AS task_id, t.key AS task_key, t.step AS task_step, t.state AS task_state, t.blocking, t.ask,
       t.office_id, t.role, t.seat_role, t.claimed_by_id, t.ended_at, o.name AS office,
       c.applicant_ids,
       others.taken, others.beside, others.asked,
       EXISTS (SELECT FROM school_places s
                WHERE s.school_id = c.to_school_id AND s.grade = (c.form->>'grade')::int) AS places_published,
       {REVISION} AS calendar_revision
  FROM task t
  JOIN change_request c ON c.id = t.change_request_id
  JOIN process_version p ON p.id = c.process_version_id
  JOIN office o ON o.id = t.office_id
 CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_agg(jsonb_build_array(d.key, d.step, d.ended_by_id,
                                                    CASE WHEN {DECIDES} THEN d.office_id END))
                           FILTER (WHERE d.ended_by_id IS NOT NULL AND {TAKES}), jsonb_build_array())
           || coalesce(jsonb_agg(jsonb_build_array(d.key, d.step, d.ended_for_id,
                                                    CASE WHEN {DECIDES} THEN d.office_id END))
                           FILTER (WHERE d.ended_for_id IS NOT NULL AND {TAKES}), jsonb_build_array()) AS taken,
              coalesce(array_agg(d.id) FILTER (WHERE d.state = 'open' AND d.blocking AND d.id <> t.id),
                       ARRAY[]::bigint[]) AS beside,
              coalesce(jsonb_agg(jsonb_build_array(d.key, d.asked_from))
                           FILTER (WHERE d.ask IS NOT NULL AND d.state IN ('open', 'suspended')),
                       jsonb_build_array()) AS asked
         FROM task d WHERE d.change_request_id = c.id) AS others
"""  # noqa: S608 - the revision and the condition are our own text
READ = f"{_CASES_WITH_TASKS} WHERE t.id = %(task)s"
READ_ALL = f"{_CASES_WITH_TASKS} WHERE t.id = ANY(%(tasks)s) ORDER BY t.id"

# A task that ends takes its timer with it.
CLOSE_TASK = """
WITH disarmed AS (DELETE FROM timer WHERE task_id = %(task)s)
UPDATE task SET state = 'done', outcome = %(outcome)s, ended_at = %(at)s, ended_by_id = %(actor)s,
                ended_for_id = %(away)s
 WHERE id = %(task)s
"""

CANCEL_TASKS = """
WITH disarmed AS (DELETE FROM timer USING task t WHERE t.id = task_id AND t.change_request_id = %(case)s)
UPDATE task SET state = 'cancelled', days_left = NULL, ended_at = %(at)s
 WHERE change_request_id = %(case)s AND state IN ('open', 'suspended')
"""

# What nobody has to sign any more.
CLOSE_OTHERS = """
WITH disarmed AS (
    DELETE FROM timer USING task t WHERE t.id = task_id AND t.change_request_id = %(case)s AND t.key = ANY(%(keys)s)
)
UPDATE task SET state = 'cancelled', days_left = NULL, ended_at = %(at)s
 WHERE change_request_id = %(case)s AND key = ANY(%(keys)s) AND state IN ('open', 'suspended')
"""

# A step that was reached before, by a decision that was recalled, has its task already; no other may, and the CASE
# without an ELSE says so.
OPEN_TASK = f"""
WITH excluded AS ({EXCLUDED}),
addressee AS ({addressee_sql("%(office)s", "%(role)s", "%(day)s", "(SELECT ids FROM excluded)")}),
opened AS (
    INSERT INTO task (change_request_id, key, step, seat, seat_office_id, seat_role, office_id, role, vacant,
                      excluded_ids, state, blocking, opened_at, limit_days, due_on, due_provisional,
                      ask, asked_from, claimed_by_id)
    SELECT %(case)s, %(key)s, %(step)s, %(seat)s, %(office)s, %(role)s, a.office_id, a.role, a.vacant,
           (SELECT ids FROM excluded), 'open', %(blocking)s, %(at)s, %(limit_days)s, %(due_on)s, %(due_provisional)s,
           %(ask)s, %(asked_from)s, %(claimed_by_id)s
      FROM addressee a
        ON CONFLICT (change_request_id, key) DO UPDATE
       SET seat_office_id = excluded.seat_office_id, office_id = excluded.office_id, role = excluded.role,
           vacant = excluded.vacant, excluded_ids = excluded.excluded_ids, opened_at = excluded.opened_at,
           limit_days = excluded.limit_days, due_on = excluded.due_on, due_provisional = excluded.due_provisional,
           state = CASE task.state WHEN 'cancelled' THEN 'open' END, ended_at = NULL, claimed_by_id = NULL
    RETURNING id
), armed AS (
    INSERT INTO timer (task_id, kind, due_at)
    SELECT id, %(timer)s, %(timer_at)s FROM opened WHERE NOT %(is_advice)s
)
INSERT INTO outbox (kind, change_request_id, task_id, created_at)
SELECT %(notice)s, %(case)s, id, %(at)s FROM opened
"""  # noqa: S608 - the addressee is our own text

DISARM_CASE = "DELETE FROM case_timer WHERE change_request_id = %(case)s"

# The case and its history move in one statement.
ADVANCE_CASE = """
WITH told AS (
    INSERT INTO case_event (change_request_id, seq, kind, at, actor_id, office_id, role, task_key,
                            outcome, payload, mac)
    VALUES (%(case)s, %(seq)s, %(kind)s, %(at)s, %(actor_id)s, %(office_id)s, %(role)s, %(task_key)s,
            %(outcome)s, %(payload)s, %(mac)s)
)
UPDATE change_request
   SET state = %(state)s, token = %(token)s, version = version + 1, event_count = %(seq)s, last_mac = %(mac)s,
       ended_at = coalesce(ended_at, %(ended_at)s)
 WHERE id = %(case)s
"""

TELL = """
INSERT INTO outbox (kind, change_request_id, task_id, created_at) VALUES (%(notice)s, %(case)s, %(task)s, %(at)s)
"""


def lock_task(session: Session, task_id: int) -> LockedCase | None:
    """Lock the case that a task belongs to, then read both; None if there is no such task."""
    connection = connection_of(session)
    with connection.cursor(row_factory=class_row(LockedCase)) as cursor:
        with connection.pipeline():
            cursor.execute(LOCK, {"task": task_id})
            cursor.execute(READ, {"task": task_id})
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


def write_decisions(session: Session, *decisions: "Decision") -> None:
    """Write decisions and all that follows from them, waiting for the database once."""
    connection = connection_of(session)
    with connection.pipeline(), connection.cursor() as cursor:
        for decision in decisions:
            for statement, values in decision.statements():
                cursor.execute(statement, values)


def open_tasks(session: Session, case_id: int, tasks: Sequence[NewTask], at: datetime) -> None:
    """Open tasks outside a decision: with their timers, and a word to whoever is asked."""
    connection = connection_of(session)
    with connection.pipeline():
        for task in tasks:
            connection.execute(
                OPEN_TASK, {"case": case_id, "at": at, "day": day_of(at)} | new_task_values(task)
            )


def close_tasks(session: Session, case_id: int, keys: Sequence[str], at: datetime) -> None:
    """End those of a case's tasks that are still open, with their timers."""
    connection_of(session).execute(CLOSE_OTHERS, {"case": case_id, "keys": [*keys], "at": at})


def cancel_tasks(session: Session, case_id: int, at: datetime) -> None:
    """End every task of a case that is still open, with its timer."""
    connection_of(session).execute(CANCEL_TASKS, {"case": case_id, "at": at})


@dataclass(frozen=True, slots=True)
class Decision:
    """What one decision changes: its task, the tasks after it, the case, its history, the record; whom to tell.

    `closes` are the keys of the tasks that it closes beside its own.
    """

    case: LockedCase
    at: datetime
    actor_id: int
    outcome: str
    state: CaseState
    token: bytes
    event: Event
    away_id: int | None = None
    opened: Sequence[NewTask] = ()
    closes: Sequence[str] = ()
    cancels_others: bool = False
    record: Sequence[Statement] = ()
    tells: Sequence[NoticeKind] = ()

    def statements(self) -> Iterator[Statement]:
        """Yield the statements in the order in which they must run."""
        common = {"case": self.case.id, "task": self.case.task_id, "at": self.at, "day": day_of(self.at)}
        yield CLOSE_TASK, common | {"outcome": self.outcome, "actor": self.actor_id, "away": self.away_id}
        if self.cancels_others:
            yield CANCEL_TASKS, common
        if self.closes:
            yield CLOSE_OTHERS, common | {"keys": list(self.closes)}
        for task in self.opened:
            yield OPEN_TASK, common | new_task_values(task)
        ended_at = None if self.state.is_open else self.at
        if ended_at:
            yield DISARM_CASE, common
        moved = {"state": self.state, "token": self.token, "ended_at": ended_at}
        yield ADVANCE_CASE, common | moved | self.event.values()
        yield from self.record
        for notice in self.tells:
            yield TELL, common | {"notice": notice, "task": None}


def new_task_values(task: NewTask) -> dict[str, object]:
    """Return what OPEN_TASK wants to know of a task."""
    values = {name: getattr(task, name) for name in NewTask.__slots__}
    is_advice = task.ask in ADVICE
    return values | {
        "office": task.office_id,
        "notice": NOTICES[task.ask],
        "is_advice": is_advice,
        "decides": task.blocking and not is_advice,
    }
