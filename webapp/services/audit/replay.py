"""Do a case's token and open tasks follow from its history? Pure: its decisions are folded again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, TaskState
from webapp.services.audit.case_check import CaseRows
from webapp.services.audit.findings import Fault, Finding
from webapp.services.cases.chain import Event
from webapp.services.cases.history import folded, log_of
from webapp.services.cases.routing import engine_facts, facts_as_key
from workflows.definition import Definition
from workflows.engine import Advance, CaseStuck, OpenedTask, TaskNotOpen, UnknownOutcome

WAITING = (TaskState.OPEN, TaskState.SUSPENDED)


class LeadsNowhereError(Exception):
    """The decisions of a case are none that its process knows; the text says which."""


class Difference(StrEnum):
    """How a task can stand otherwise than the decisions say; the value is what an auditor reads of it."""

    EXTRA = "waits, and nothing opened it"
    MOVED = "is asked of another seat than its step's"
    MISSING = "is gone, and nobody decided it"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the decisions of a case have led it: the token, and the tasks that wait then, by key."""

    token: bytes
    wanted: Mapping[str, OpenedTask]


def standing_of(definition: Definition, rows: CaseRows) -> Standing:
    """Return where a case that was submitted, its history being whole, has to stand; LeadsNowhereError."""
    case = rows.case
    assert case is not None, "its history is whole"
    try:
        stand = fold_of(definition, case, rows.events)
    except (KeyError, TaskNotOpen, UnknownOutcome, CaseStuck) as impossible:
        raise LeadsNowhereError(str(impossible)) from impossible
    is_open = CaseState(case.state).is_open
    wanted = {task.key: task for task in stand.opened if is_open or not task.step.blocking}
    return Standing(stand.state, wanted)


def fold_of(definition: Definition, case: Row[Any], events: list[Event]) -> Advance:
    """Return where entries of a case's history, from the first on, lead to; raises what `engine.fold` does."""
    log = log_of((event.kind, event.task_key, event.outcome) for event in events)
    return folded(definition, facts_as_key(engine_facts(case.facts)), log)


def task_differences(rows: CaseRows, standing: Standing) -> Iterator[tuple[Difference, str]]:
    """Yield which tasks, by key, wait that nothing opened or are asked of another seat, and which are gone."""
    case = rows.case
    assert case is not None, "it stands somewhere"
    waiting = {task.key: task for task in rows.tasks if task.state in WAITING}
    for key, task in waiting.items():
        if key not in standing.wanted:
            yield Difference.EXTRA, key
        elif (task.step, task.seat, task.seat_role, task.seat_office_id) != asked(standing.wanted[key], case):
            yield Difference.MOVED, key
    filed = {task.key for task in rows.tasks if task.state == TaskState.DONE}
    for key in standing.wanted.keys() - waiting.keys() - filed:
        yield Difference.MISSING, key


def asked(task: OpenedTask, case: Row[Any]) -> tuple[str, str, str, int]:
    """Return of whom a step is asked in a case: step, seat, role, and the office at the seat."""
    step = task.step
    return step.id, step.seat, task.role, case.seats[step.seat]


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
    for difference, key in task_differences(rows, standing):
        yield Finding(Fault.TASK_DIFFERS, rows.name, f"task {key} {difference}")
