"""What a decision writes into the rows of a case: in one pipeline, so that it waits for the database once.

The statements are prebuilt and run through psycopg directly inside the transaction; `locks` has read the case.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.enums import ADVICE, Ask, CaseState, NoticeKind, TimerKind
from webapp.clock import day_of
from webapp.services.cases.chain import Event
from webapp.services.cases.locks import LockedCase
from webapp.services.context import Statement, connection_of
from webapp.services.offices.addressees import addressee_sql
from webapp.services.offices.kept_from import EXCLUDED
from workflows.signatures import base_of


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to open: who the diagram asks, until when, and when to speak up about it.

    Whoever took one of the steps in `separate_from` is not asked. One beside the diagram says why and from which task
    it is asked, of whom if it is asked of a person, and if it is for advice by whom: he is reminded, and nobody else.
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
    asker_ids: list[int] = field(default_factory=list)


NOTICES: Mapping[Ask | None, NoticeKind] = {
    None: NoticeKind.ARRIVED,
    Ask.SECOND_LOOK: NoticeKind.SENT_BACK,
    **dict.fromkeys((Ask.OPINION, Ask.DELEGATION, Ask.COSIGNATURE), NoticeKind.ASKED),
}

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
    INSERT INTO task (change_request_id, roster_id, key, step, seat, seat_office_id, seat_role, office_id, role, vacant,
                      separate_from, asker_ids, state, blocking, opened_at, limit_days, due_on, due_provisional,
                      ask, asked_from, claimed_by_id)
    SELECT %(case)s, (SELECT roster_id FROM change_request WHERE id = %(case)s), %(key)s, %(step)s, %(seat)s,
           %(office)s, %(role)s, a.office_id, a.role, a.vacant,
           %(separate_from)s, %(asker_ids)s, 'open', %(blocking)s, %(at)s, %(limit_days)s, %(due_on)s,
           %(due_provisional)s, %(ask)s, %(asked_from)s, %(claimed_by_id)s
      FROM addressee a
        ON CONFLICT (change_request_id, key) DO UPDATE
       SET seat_office_id = excluded.seat_office_id, office_id = excluded.office_id, role = excluded.role,
           vacant = excluded.vacant, separate_from = excluded.separate_from, asker_ids = excluded.asker_ids,
           opened_at = excluded.opened_at,
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

    @property
    def waits_for_others(self) -> bool:
        """Whether the case stays where it stood, as others sign the step too (会签), or decide beside it."""
        following = [base_of(task.key) for task in self.opened if task.blocking]
        goes_on = any(key != base_of(self.case.engine_key) for key in following)
        return self.state.is_open and not goes_on and bool(following or self.case.beside)

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
            of_step = notice == NoticeKind.APPROVED  # what else is told is of the whole case
            yield TELL, common | {"notice": notice, "task": self.case.task_id if of_step else None}


def new_task_values(task: NewTask) -> dict[str, object]:
    """Return what OPEN_TASK wants to know of a task."""
    values = {name: getattr(task, name) for name in NewTask.__slots__}
    return values | {
        "office": task.office_id,
        "notice": NOTICES[task.ask],
        "is_advice": task.ask in ADVICE,
    }
