"""Do a case's token and open tasks follow from its history? Pure: its decisions are folded again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from models.enums import Ask, CaseState, TaskState
from webapp.services.audit.case_check import WAITING, CaseRows
from webapp.services.audit.findings import Fault, Finding
from webapp.services.cases.beside import REACHED, Asked, asked_in, step_of, still_asked
from webapp.services.cases.chain import Event
from webapp.services.cases.failures import ALTERED, STUCK
from webapp.services.cases.history import entries_of, folded, log_of
from webapp.services.cases.routing import engine_facts, facts_as_key
from workflows.definition import Definition, Step
from workflows.engine import Advance


class LeadsNowhereError(Exception):
    """The decisions of a case are none that its process knows; the text says which."""


class Difference(StrEnum):
    """How a task can stand otherwise than the decisions say; the value is what an auditor reads of it."""

    EXTRA = "waits, and nothing opened it"
    MOVED = "is asked of another seat than its step's, or for another reason"
    ALTERED = "was of another seat than its step's, or a filing where none is"
    MISSING = "is gone, and nobody decided it"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that has to wait: at which step, of which post it is asked, and for how many working days.

    `asked` says why it stands beside the diagram, if it does; one that `is_looked_at` waits for a second look.
    """

    step: Step
    office_id: int
    role: str
    due: int | None
    asked: Asked | None = None
    is_looked_at: bool = False

    @property
    def is_advice(self) -> bool:
        """Whether whoever has it only says something to whoever then decides."""
        return self.asked is not None and self.asked.ask.is_advice


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the decisions of a case have led it: the token, and the tasks that wait then, by key."""

    token: bytes
    wanted: Mapping[str, Wanted]


def standing_of(definition: Definition, rows: CaseRows) -> Standing:
    """Return where a case that was submitted, its history being whole, has to stand; LeadsNowhereError."""
    case = rows.case
    assert case is not None, "its history is whole"
    try:
        return _standing(definition, case, rows.events)
    except (*ALTERED, *STUCK) as impossible:
        raise LeadsNowhereError(str(impossible)) from impossible


def _standing(definition: Definition, case: Row[Any], events: list[Event]) -> Standing:
    stand = fold_of(definition, case, events)
    is_open = CaseState(case.state).is_open
    wanted = {
        task.key: Wanted(task.step, case.seats[task.step.seat], task.role, task.due)
        for task in stand.opened
        if is_open or not task.step.blocking
    }
    beside = still_asked(events).values() if is_open else ()
    return Standing(stand.state, _with(wanted, beside, definition))


def _with(wanted: Mapping[str, Wanted], beside: Iterable[Asked], definition: Definition) -> dict[str, Wanted]:
    """Return what has to wait, with those who were asked beside the diagram."""
    every = dict(wanted)
    for asked in beside:
        step = definition.steps[step_of(asked.key)]
        every[asked.key] = Wanted(step, asked.office_id, asked.role, asked.limit_days, asked)
        if asked.ask == Ask.SECOND_LOOK:
            every[asked.origin] = replace(every[asked.origin], is_looked_at=True)
        elif asked.ask == Ask.COSIGNATURE:
            del every[asked.origin]  # whoever asked has signed
    return every


def fold_of(definition: Definition, case: Row[Any], events: list[Event]) -> Advance:
    """Return where entries of a case's history, from the first on, lead to; raises what `engine.fold` does."""
    log = log_of(entries_of(events))
    return folded(definition, facts_as_key(engine_facts(case.facts)), log)


def task_differences(rows: CaseRows, standing: Standing) -> Iterator[tuple[Difference, str]]:
    """Yield which tasks, by key, wait that nothing opened or are asked otherwise, and which are gone."""
    waiting = {task.key: task for task in rows.tasks if task.state in WAITING}
    for key, task in waiting.items():
        if key not in standing.wanted:
            yield Difference.EXTRA, key
        elif any(getattr(task, column) != said for column, said in addressed(standing.wanted[key]).items()):
            yield Difference.MOVED, key
    filed = {task.key for task in rows.tasks if task.state == TaskState.DONE}
    for key in standing.wanted.keys() - waiting.keys() - filed:
        yield Difference.MISSING, key


def ended_differences(definition: Definition, rows: CaseRows) -> Iterator[tuple[Difference, str]]:
    """Yield which tasks, by key, wait no more and are of another seat than their step, or decide where it does not."""
    case = rows.case
    assert case is not None, "its history is whole"
    asked = {one.key: one for event in rows.events if (one := asked_in(event))}
    # What a case that began anew had asked before may have been of another school.
    seats = {} if any(REACHED in event.payload for event in rows.events) else case.seats
    for task in rows.tasks:
        if task.state not in WAITING:
            step = definition.steps.get(step_of(task.key))
            if step is None or not _was_asked_of(task, step, asked.get(task.key), seats):
                yield Difference.ALTERED, task.key


def _was_asked_of(task: Row[Any], step: Step, asked: Asked | None, seats: Mapping[str, int]) -> bool:
    """Whether the seat of a task that waits no more was that of its step, or of whom was asked beside the diagram."""
    if (task.seat, task.blocking) != (step.seat, step.blocking):
        return False
    if asked is not None:
        return (task.seat_office_id, task.seat_role) == (asked.office_id, asked.role)
    office_id = seats.get(step.seat, task.seat_office_id)
    return task.seat_role in step.roles and task.seat_office_id == office_id


def addressed(wanted: Wanted) -> dict[str, str | int | bool | None]:
    """Return of whom a task has to be asked, and why: by column."""
    asked = wanted.asked
    return {
        "step": wanted.step.id,
        "seat": wanted.step.seat,
        "seat_role": wanted.role,
        "seat_office_id": wanted.office_id,
        "blocking": wanted.step.blocking,
        "ask": asked.ask if asked else None,
        "asked_from": asked.origin if asked else None,
    }


def replay_differences(definition: Definition, rows: CaseRows) -> Iterator[Finding]:
    """Yield where a case that was submitted, its history being whole, stands elsewhere than its decisions led it."""
    case = rows.case
    assert case is not None, "its history is whole"
    try:
        standing = standing_of(definition, rows)
    except LeadsNowhereError as impossible:
        what = f"its decisions lead nowhere in its process: {impossible}"
        yield Finding(Fault.STANDING_DIFFERS, rows.name, what)
        return
    if standing.token != case.token:
        what = "its token stands elsewhere than its decisions lead to"
        yield Finding(Fault.STANDING_DIFFERS, rows.name, what)
    differences = (*task_differences(rows, standing), *ended_differences(definition, rows))
    for difference, key in differences:
        yield Finding(Fault.TASK_DIFFERS, rows.name, f"task {key} {difference}")
