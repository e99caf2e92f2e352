"""All that is held against one another of one case: its rows, and what follows from its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from models.enums import Ask, CaseState, EventKind, TaskState
from webapp.services.audit.case_check import WAITING, CaseRows
from webapp.services.audit.findings import Fault
from webapp.services.audit.reading import Found
from webapp.services.audit.replay import Standing, fold_of
from webapp.services.calendar.working_days import WorkingCalendar
from webapp.services.cases.beside import REACHED, asked_in, closed_by, engine_key
from webapp.services.cases.chain import Event
from webapp.services.cases.history import MOVES_THE_TOKEN
from webapp.services.doctor.findings import Code, Finding
from workflows.definition import Definition

HALTS = (EventKind.RETURNED, EventKind.RECORD_CONFLICT)


@dataclass(frozen=True)
class Sheet:
    """One case that was submitted and whose history is whole, at a moment."""

    case: Row[Any]
    rows: CaseRows
    found: Found
    definition: Definition
    standing: Standing
    calendar: WorkingCalendar
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

    def halted(self, key: str) -> Event | None:
        """Return the entry since which the clock of a task stands still."""
        if not self.standing.wanted[key].is_looked_at:
            return self.last(*HALTS)
        return next(
            event
            for event in reversed(self.rows.events)
            if event.kind == EventKind.SENT_BACK and event.task_key == key
        )

    def resumed(self, key: str) -> tuple[Event, Event] | None:
        """Return since when the clock of a task stood still the last time, and the entry from which on it ran on."""
        looks: set[str] = set()
        since = found = None
        for event in self.rows.events:
            asked = asked_in(event)
            if asked and (asked.ask, asked.origin) == (Ask.SECOND_LOOK, key):
                looks.add(asked.key)
                since = event
            elif event.kind in HALTS and not looks:
                since = event
            elif since and (
                event.kind == EventKind.RESUBMITTED or looks & {event.task_key, *closed_by(event)}
            ):
                found, looks = (since, event), looks - {str(event.task_key), *closed_by(event)}
        return found

    def finding(self, code: Code | Fault, what: str, task_key: str | None = None) -> Finding:
        """Return a finding about this case, or about a task of it."""
        said = f"task {task_key} {what}" if task_key else what
        return Finding(code, self.rows.name, said, self.rows.case_id, task_key)

    @cached_property
    def openings(self) -> Mapping[str, datetime]:
        """When each task that waits, or waited, was opened: the decisions are folded one after the other.

        Whose decision is recalled waits again since it was first asked.
        """
        opened: dict[str, datetime] = {}
        before: set[str] = set()
        for count, event in enumerate(self.rows.events, 1):
            if count < self._began:
                continue
            if asked := asked_in(event):
                opened[asked.key] = event.at
            begins = event.kind == EventKind.OPENED or REACHED in event.payload
            if not begins and event.kind not in (*MOVES_THE_TOKEN, EventKind.RECALLED):
                continue
            after = {
                task.key for task in fold_of(self.definition, self.case, self.rows.events[:count]).opened
            }
            kept = {engine_key(str(event.task_key))} if event.kind == EventKind.RECALLED else set()
            opened |= dict.fromkeys(after - before - kept, event.at)
            before = after
        return opened

    @property
    def _began(self) -> int:
        """The number of the entry with which the case began, the last time."""
        began = (count for count, event in enumerate(self.rows.events, 1) if REACHED in event.payload)
        return max(began, default=1)

    @cached_property
    def told(self) -> set[tuple[str, int | None]]:
        """What was told of the case, or is about to be: kind and task."""
        rows = (*self.found["notices"], *self.found["outbox"])
        return {(row.kind, row.task_id) for row in rows}
