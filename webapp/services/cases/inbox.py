"""The inbox (待办): a person's open tasks, urgent first, paged by key.

Tasks of lists of new students are left out: the lists stand in for them. Each post's tasks come from its own stretch of
one index, so a page costs the same among a thousand open tasks as among a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from models.enums import Ask, ChangeKind, Stage
from webapp import clock
from webapp.policy import Person
from webapp.services.offices.kept_from import kept_from_sql
from webapp.services.people.looks import log_list
from webapp.services.processes.versions import definition_of
from workflows.definition import Step

PAGE = 30
COUNT_CAP = 100


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the last row's day and id."""

    day: date | datetime
    task_id: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One task as the list shows it; `grade` is the one that the student is to enter, counted in its `stage`.

    `due_on` ends the step's time limit, `case_due_on` that of the whole case. `bulk_…` say in which bulk it waits;
    `may_bulk` whether it may be approved with others, as far as a list can tell.
    """

    task_id: int
    student_id: int
    number: str
    kind: ChangeKind
    student: str
    grade: int
    stage: Stage | None
    from_school: str
    to_school: str | None
    step: Step
    opened_at: datetime
    due_on: date
    due_provisional: bool
    case_due_on: date
    blocking: bool
    vacant: bool
    claimed_by: str | None
    outcome: str | None
    ended_at: datetime | None
    ask: Ask | None
    version: int
    bulk_id: int | None
    bulk_by: str | None
    bulk_until: datetime | None
    may_bulk: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and where the next one begins (None: this is the last)."""

    rows: tuple[InboxRow, ...]
    following: Cursor | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks are open and how many of them overdue, both counted up to `COUNT_CAP`."""

    open: int
    overdue: int


_MINE = "unnest(CAST(:offices AS bigint[]), CAST(:roles AS varchar[])) AS post(office_id, role)"

_OPEN = f"""
    SELECT task.id, task.due_on FROM {_MINE}
     CROSS JOIN LATERAL (
           SELECT id, due_on FROM task
            WHERE office_id = post.office_id AND role = post.role AND state = 'open' AND roster_id IS NULL
              AND (due_on, id) > (CAST(:day AS date), CAST(:id AS bigint)) AND due_on < CAST(:before AS date)
            ORDER BY due_on, id LIMIT :limit) AS task
     ORDER BY task.due_on, task.id LIMIT :limit
"""  # noqa: S608 - built from our own text

_DONE = """
    SELECT id, ended_at FROM task
     WHERE ended_by_id = :account AND (ended_at, id) < (CAST(:moment AS timestamptz), CAST(:id AS bigint))
     ORDER BY ended_at DESC, id DESC LIMIT :limit
"""

_ROWS = f"""
    SELECT task.id AS task_id, c.student_id, c.number, c.kind, student.name AS student,
           (c.form->>'grade')::int AS grade, coalesce(received.stage, released.stage) AS stage,
           released.name AS from_school, received.name AS to_school,
           task.step, c.process_version_id,
           process.sha256, task.opened_at, task.due_on, task.due_provisional, c.due_on AS case_due_on,
           task.blocking, task.vacant,
           claimer.name AS claimed_by, task.outcome, task.ended_at, task.ask, c.version,
           bulk.id AS bulk_id, sender.name AS bulk_by, bulk.runs_at AS bulk_until,
           task.state = 'open' AND task.ask IS NULL AND bulk.id IS NULL
               AND (task.claimed_by_id IS NULL OR task.claimed_by_id = :me)
               AND NOT EXISTS (SELECT FROM ({kept_from_sql(":today")}) AS kept WHERE kept.account_id = :me) AS may_bulk
      FROM ({{page}}) AS page
      JOIN task ON task.id = page.id
      JOIN change_request c ON c.id = task.change_request_id
      JOIN process_version process ON process.id = c.process_version_id
      JOIN student ON student.id = c.student_id
      JOIN office released ON released.id = c.from_school_id
      LEFT JOIN office received ON received.id = c.to_school_id
      LEFT JOIN account claimer ON claimer.id = task.claimed_by_id
      LEFT JOIN bulk_item ON bulk_item.task_id = task.id AND bulk_item.result = 'waiting'
      LEFT JOIN bulk ON bulk.id = bulk_item.bulk_id
      LEFT JOIN account sender ON sender.id = bulk.account_id
     ORDER BY {{order}}
"""  # noqa: S608 - built from our own text

_OPEN_PAGE = text(_ROWS.format(page=_OPEN, order="task.due_on, task.id"))
_DONE_PAGE = text(_ROWS.format(page=_DONE, order="task.ended_at DESC, task.id DESC"))
_COUNTS = text(f"""
    SELECT (SELECT count(*) FROM ({_OPEN.replace(":before", "'infinity'")}) AS capped) AS open,
           (SELECT count(*) FROM ({_OPEN}) AS capped) AS overdue
""")  # noqa: S608 - built from our own text

_FOREVER = date.max
_EVER = date.min
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


def open_tasks(
    session: Session, person: Person, *, after: Cursor | None = None, due_before: date = _FOREVER
) -> Page:
    """Return a page of the tasks that wait for the person's roles, and log the look; the caller commits.

    `due_before` today gives the overdue ones.
    """
    start = after or Cursor(_EVER, 0)
    where = _posts(person) | {"day": start.day, "id": start.task_id, "before": due_before}
    rows = session.execute(_OPEN_PAGE, where | _own(person) | {"limit": PAGE + 1}).mappings().all()
    return _shown(session, person, "inbox", _page(session, rows, "due_on"))


def done_tasks(session: Session, person: Person, *, after: Cursor | None = None) -> Page:
    """Return a page of the tasks that the person decided (已办), the last first, and log the look."""
    start = after or Cursor(_LATEST, 0)
    where = {"account": person.account_id, "moment": start.day, "id": start.task_id, "limit": PAGE + 1}
    rows = session.execute(_DONE_PAGE, where | _own(person)).mappings().all()
    return _shown(session, person, "done", _page(session, rows, "ended_at"))


def counts(session: Session, person: Person, today: date) -> Counts:
    """Return the numbers on the inbox's tabs."""
    where = _posts(person) | {"day": _EVER, "id": 0, "before": today, "limit": COUNT_CAP}
    return Counts(**session.execute(_COUNTS, where).mappings().one())


def _posts(person: Person) -> dict[str, Any]:
    # Whoever acts in a post that he holds himself still reads each of its tasks once.
    posts = sorted({(post.office_id, post.role.value) for post in person.posts})
    return {"offices": [office_id for office_id, _ in posts], "roles": [role for _, role in posts]}


def _own(person: Person) -> dict[str, Any]:
    return {"me": person.account_id, "today": clock.today()}


def _page(session: Session, found: Sequence[RowMapping], key: str) -> Page:
    rows = tuple(_row(session, row) for row in found[:PAGE])
    following = Cursor(getattr(rows[-1], key), rows[-1].task_id) if len(found) > PAGE else None
    return Page(rows, following)


def _shown(session: Session, person: Person, what: str, page: Page) -> Page:
    log_list(session, person, what, (row.student_id for row in page.rows))
    return page


def _row(session: Session, row: RowMapping) -> InboxRow:
    values = dict(row)
    definition = definition_of(session, values.pop("process_version_id"), values.pop("sha256"))
    named = {
        "step": definition.steps[row["step"]],
        "kind": ChangeKind(row["kind"]),
        "stage": row["stage"] and Stage(row["stage"]),
        "ask": row["ask"] and Ask(row["ask"]),
        "may_bulk": row["may_bulk"] and definition.steps[row["step"]].bulk,
    }
    return InboxRow(**values | named)
