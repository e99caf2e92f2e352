"""All that is held against one another of one case: its rows, and what follows from its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, EventKind, TaskState
from webapp.clock import day_of
from webapp.services.audit.case_check import WAITING, CaseRows
from webapp.services.audit.findings import Fault
from webapp.services.audit.reading import Found
from webapp.services.audit.replay import Standing, fold_of
from webapp.services.calendar.working_days import NEW_YEAR_REACHES_BACK, WorkingCalendar
from webapp.services.cases.beside import REACHED, asked_in
from webapp.services.cases.chain import Event
from webapp.services.cases.history import MOVES_THE_TOKEN
from webapp.services.doctor.findings import Code, Finding
from workflows.definition import Definition
from workflows.engine import Advance


@dataclass(frozen=True, slots=True)
class Opening:
    """The entry that opened a task, and how many working days that gave it."""

    event: Event
    limit_days: int | None


@dataclass(frozen=True)
class Sheet:
    """One case that was submitted and whose history is whole, at a moment; `edits` says when each year last changed."""

    case: Row[Any]
    rows: CaseRows
    found: Found
    definition: Definition
    standing: Standing
    calendar: WorkingCalendar
    edits: Mapping[int, datetime]
    now: datetime

    @property
    def state(self) -> CaseState:
        """The state that the case is in."""
        return CaseState(self.case.state)

    def waiting(self) -> Iterator[Row[Any]]:
        """Yield the tasks that wait as the decisions say."""
        for task in self.rows.tasks:
            if task.state in WAITING and task.key in self.standing.wanted:
                yield task

    def open_tasks(self) -> Iterator[Row[Any]]:
        """Yield those of them whose clock runs."""
        return (task for task in self.waiting() if task.state == TaskState.OPEN)

    def task(self, key: str) -> Row[Any]:
        """Return the task of a key."""
        return next(task for task in self.rows.tasks if task.key == key)

    def last(self, *kinds: EventKind) -> Event | None:
        """Return the last entry of some kinds, if there is one."""
        return next((event for event in reversed(self.rows.events) if event.kind in kinds), None)

    def finding(self, code: Code | Fault, what: str, task_key: str | None = None) -> Finding:
        """Return a finding about this case, or about a task of it."""
        said = f"task {task_key} {what}" if task_key else what
        return Finding(code, self.rows.name, said, self.rows.case_id, task_key)

    @cached_property
    def openings(self) -> Mapping[str, datetime]:
        """When each task was opened that waits, or waited since the case began the last time."""
        return {key: opening.event.at for key, opening in self.openers.items()}

    @cached_property
    def openers(self) -> Mapping[str, Opening]:
        """What opened each of them: the decisions are folded one after the other.

        Whose decision is recalled waits again since it was first asked, and so does what that had closed.
        """
        opened: dict[str, Opening] = {}
        before: set[str] = set()
        for event in self.rows.events[self.began - 1 :]:
            if asked := asked_in(event):
                opened[asked.key] = Opening(event, asked.limit_days)
            begins = event.kind == EventKind.OPENED or REACHED in event.payload
            if not begins and event.kind not in (*MOVES_THE_TOKEN, EventKind.RECALLED):
                continue
            kept = before | opened.keys() if event.kind == EventKind.RECALLED else before
            after = {task.key: Opening(event, task.due) for task in self.fold(event.seq).opened}
            opened |= {key: opening for key, opening in after.items() if key not in kept}
            before = {*after}
        return opened

    def fold(self, count: int) -> Advance:
        """Return where the first entries lead to, that many of them."""
        return fold_of(self.definition, self.case, self.rows.events[:count])

    def calendar_stood(self, since: datetime, until: date) -> bool:
        """Whether the working days between are still those that all was reckoned by: no year was edited meanwhile."""
        years = range(day_of(since).year, (until + NEW_YEAR_REACHES_BACK).year + 1)
        return not any(since <= self.edits[year] <= self.now for year in years if year in self.edits)

    @cached_property
    def began(self) -> int:
        """The number of the entry with which the case began, the last time."""
        began = (event.seq for event in self.rows.events if REACHED in event.payload)
        return max(began, default=1)

    @cached_property
    def told(self) -> set[tuple[str, int | None]]:
        """What was told of the case, or is about to be: kind and task."""
        rows = (*self.found["notices"], *self.found["outbox"])
        return {(row.kind, row.task_id) for row in rows}
