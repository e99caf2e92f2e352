"""What an officer sees of the exchange: which cases wait for another province, and which messages go no further."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from models.enums import MessageDirection, MessageKind, Seat, Trouble
from webapp import clock
from webapp.policy import DECIDING_ROLES, Person, settling_post
from webapp.services.context import settings_of
from webapp.services.exchange.steps import Wait, wait_at
from webapp.services.people.looks import log_list
from webapp.services.processes.versions import definition_of
from workflows.definition import Step

MOST_ROWS = 200

# What these mean is said in full by the technical words only.
WITH_DETAIL = (
    Trouble.AWAY,
    Trouble.NOT_TAKEN,
    Trouble.CALLED_WRONG,
    Trouble.UNSAYABLE,
    Trouble.UNREADABLE,
    Trouble.UNBELIEVABLE,
    Trouble.FAILED,
)


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A step that another province has to take; it can be answered by hand, and only so if it is not `connected`.

    `province` is the name of its bureau; `asked`, whether it took a message about the case. `kind` and the rest are of
    the oldest message about it that is not done with, if there is one: whether it could not even be written, since
    when, how often and when last it was tried, and what went wrong then, for people and in technical words.
    """

    task_id: int
    case_id: int
    number: str
    student_id: int
    student: str
    step: Step
    wait: Wait
    province: str
    connected: bool
    asked: bool
    opened_at: datetime
    due_on: date
    due_provisional: bool
    kind: MessageKind | None
    unwritten: bool | None
    written_at: datetime | None
    attempts: int | None
    tried_at: datetime | None
    refused: bool | None
    trouble: Trouble | None
    error: str | None


@dataclass(frozen=True, slots=True)
class StuckMessage:
    """A message that was tried and is not done with; of no case yet, if none could be opened for a request.

    `may_be_settled`: somebody has to ring up about it, and whoever looks may take down what was agreed.
    """

    id: int
    direction: MessageDirection
    kind: MessageKind
    case_id: int | None
    number: str | None
    student_id: int | None
    student: str | None
    province: str
    written_at: datetime
    attempts: int
    tried_at: datetime
    due_at: datetime
    refused: bool
    trouble: Trouble
    error: str | None
    may_be_settled: bool

    @property
    def detail(self) -> str | None:
        """What went wrong in technical words, where these say more than the trouble."""
        return self.error if self.trouble in WITH_DETAIL else None


# While an attempt may still be under way nothing has gone wrong with it.
_TROUBLE = f"coalesce(trouble, CASE WHEN attempts > 0 AND due_at <= :now THEN '{Trouble.INTERRUPTED}' END)"

# The other province's bureau is the office of each seat 外省, and the inbox's index begins with the office.
_TASKS = text(f"""
    SELECT task.id AS task_id, c.id AS case_id, c.number, c.student_id, student.name AS student,
           c.process_version_id, process.sha256, task.step, bureau.name AS province, bureau.division_code,
           task.opened_at, task.due_on, task.due_provisional,
           EXISTS (SELECT FROM exchange_message taken
                    WHERE taken.change_request_id = c.id AND taken.direction = 'out'
                      AND taken.done_at IS NOT NULL AND taken.error IS NULL) AS asked,
           m.kind, m.body = '{{}}' AS unwritten, m.created_at AS written_at, m.attempts, m.tried_at, m.refused,
           m.met AS trouble, m.error
      FROM task
      JOIN office bureau ON bureau.id = task.seat_office_id
      JOIN change_request c ON c.id = task.change_request_id
      JOIN process_version process ON process.id = c.process_version_id
      JOIN student ON student.id = c.student_id
      JOIN office released ON released.id = c.from_school_id
      JOIN office received ON received.id = c.to_school_id
      LEFT JOIN LATERAL (
           SELECT e.*, {_TROUBLE} AS met FROM exchange_message e
            WHERE e.change_request_id = c.id AND e.done_at IS NULL ORDER BY e.id LIMIT 1) m ON true
     WHERE task.state = 'open' AND task.seat = :outside
       AND task.office_id IN (SELECT id FROM office WHERE kind = 'bureau' AND superior_id IS NULL)
       AND (released.path && CAST(:offices AS bigint[]) OR received.path && CAST(:offices AS bigint[]))
     ORDER BY task.opened_at, task.id LIMIT :most
""")  # noqa: S608 - the trouble is our own text
_MESSAGES = text(f"""
    SELECT m.id, m.direction, m.kind, c.id AS case_id, c.number, c.student_id, student.name AS student,
           bureau.name AS province, m.created_at AS written_at, m.attempts, m.tried_at, m.due_at, m.refused,
           m.met AS trouble, m.error, m.refused OR m.body = '{{}}' AS may_be_settled, c.applicant_ids,
           coalesce(c.seats, jsonb_build_object('', (SELECT own.id FROM office own WHERE own.kind = 'bureau'
               AND own.division_code = m.province || '0000' AND own.valid_to IS NULL))) AS seats
      FROM (SELECT *, {_TROUBLE} AS met FROM exchange_message WHERE done_at IS NULL) m
      JOIN office bureau ON bureau.division_code = m.partner || '0000' AND bureau.kind = 'bureau'
       AND bureau.valid_to IS NULL
      LEFT JOIN change_request c ON c.id = m.change_request_id
      LEFT JOIN student ON student.id = c.student_id
      LEFT JOIN office released ON released.id = c.from_school_id
      LEFT JOIN office received ON received.id = c.to_school_id
     WHERE m.met IS NOT NULL
       AND (released.path && CAST(:offices AS bigint[]) OR received.path && CAST(:offices AS bigint[])
            OR c.id IS NULL AND EXISTS (SELECT FROM office own WHERE own.id = ANY(CAST(:offices AS bigint[]))
                                           AND own.division_code = m.province || '0000'))
     ORDER BY m.created_at, m.id LIMIT :most
""")  # noqa: S608 - the trouble is our own text


def waiting_outside(session: Session, person: Person) -> Sequence[WaitingTask]:
    """Return what waits for another province in the person's part of the tree, at most 200, the longest first.

    Logs the look; the caller commits.
    """
    found = session.execute(_TASKS, _values(person)).mappings().all()
    log_list(session, person, "outside", (row["student_id"] for row in found))
    return [_task(session, row) for row in found]


def stuck_messages(session: Session, person: Person) -> Sequence[StuckMessage]:
    """Return the messages that go no further in the person's part of the tree, at most 200, the oldest first.

    Requests that could not be handled are shown to the officers of the province they are to. Logs the look; the
    caller commits.
    """
    found = session.execute(_MESSAGES, _values(person)).mappings().all()
    log_list(session, person, "exchange", (row["student_id"] for row in found if row["student_id"]))
    return [_stuck(person, row) for row in found]


def _values(person: Person) -> dict[str, object]:
    offices = [post.office_id for post in person.posts if post.role in DECIDING_ROLES]
    return {"offices": offices, "outside": Seat.OUTSIDE, "now": clock.now(), "most": MOST_ROWS}


def _task(session: Session, row: RowMapping) -> WaitingTask:
    values = _named(row)
    definition = definition_of(session, values.pop("process_version_id"), values.pop("sha256"))
    partner = values.pop("division_code")[:2]
    said = {"step": definition.steps[row["step"]], "wait": wait_at(row["step"])}
    return WaitingTask(**values | said, connected=partner in settings_of(session).partners)


def _stuck(person: Person, row: RowMapping) -> StuckMessage:
    values = _named(row)
    concerned, applicants = values.pop("seats").values(), values.pop("applicant_ids") or ()
    post = settling_post(person, concerned, student_id=row["student_id"], applicant_ids=applicants)
    values["may_be_settled"] &= post is not None
    return StuckMessage(**values)


def _named(row: RowMapping) -> dict[str, Any]:
    values: dict[str, Any] = dict(row)
    named = {"kind": MessageKind, "direction": MessageDirection, "trouble": Trouble}
    return values | {name: kind(row[name]) for name, kind in named.items() if values.get(name)}
