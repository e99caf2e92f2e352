"""All tasks of a case and what its history says of them, read at once and without mapping them: whoever takes something
back weighs the whole case, and that must not cost much more than a decision.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models import Task
from webapp.services.cases.history import ENTRIES, Entry
from webapp.services.context import connection_of


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as far as it matters to taking something back; `office` is the name of whose it is."""

    id: int
    key: str
    state: str
    seat: str
    office_id: int
    office: str
    role: str
    vacant: bool
    claimed_by_id: int | None
    ask: str | None
    asked_from: str | None
    opened_at: datetime
    limit_days: int
    ended_at: datetime | None
    ended_by_id: int | None
    ended_for_id: int | None


_COLUMNS = ", ".join("o.name AS office" if name == "office" else f"t.{name}" for name in TaskRow.__slots__)
_TASKS = f"""
SELECT {_COLUMNS} FROM task t JOIN office o ON o.id = t.office_id
 WHERE t.change_request_id = %(case)s ORDER BY t.id
"""  # noqa: S608 - the names are our own


def tasks_and_history(session: Session, case_id: int) -> tuple[list[TaskRow], list[Entry]]:
    """Return all tasks of a case, the oldest first, and what its history says of them."""
    connection = connection_of(session)
    with (
        connection.cursor(row_factory=class_row(TaskRow)) as tasks,
        connection.cursor(row_factory=class_row(Entry)) as entries,
    ):
        with connection.pipeline():
            tasks.execute(_TASKS, {"case": case_id})
            entries.execute(ENTRIES, {"case": case_id})
        return tasks.fetchall(), entries.fetchall()


def row_of(task: Task) -> TaskRow:
    """Return a mapped task as such a row."""
    columns = {name: getattr(task, name) for name in TaskRow.__slots__}
    return TaskRow(**columns | {"office": task.office.name})
