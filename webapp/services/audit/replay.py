"""Do a case's token and open tasks follow from its history? Pure: its decisions are folded again."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, TaskState
from webapp.services.audit.case_check import CaseRows
from webapp.services.audit.findings import Fault, Finding
from webapp.services.cases.history import folded, log_of
from webapp.services.cases.routing import engine_facts, facts_as_key
from workflows.definition import Definition
from workflows.engine import CaseStuck, OpenedTask, TaskNotOpen, UnknownOutcome

WAITING = (TaskState.OPEN, TaskState.SUSPENDED)


def replay_differences(definition: Definition, rows: CaseRows) -> Iterator[Finding]:
    """Yield where a case that was submitted, its history being whole, stands elsewhere than its decisions led it."""
    case = rows.case
    assert case is not None, "its history is whole"
    try:
        log = log_of((event.kind, event.task_key, event.outcome) for event in rows.events)
        stand = folded(definition, facts_as_key(engine_facts(case.facts)), log)
    except (KeyError, TaskNotOpen, UnknownOutcome, CaseStuck) as impossible:
        yield Finding(
            Fault.STANDING_DIFFERS, rows.name, f"its decisions lead nowhere in its process: {impossible}"
        )
        return
    if stand.state != case.token:
        yield Finding(
            Fault.STANDING_DIFFERS, rows.name, "its token stands elsewhere than its decisions lead to"
        )
    yield from _task_differences(rows, case, stand.opened)


def _task_differences(rows: CaseRows, case: Row[Any], opened: Iterable[OpenedTask]) -> Iterator[Finding]:
    """Yield which tasks wait that nothing opened, or are asked of another seat, and which should wait and are gone."""
    is_open = CaseState(case.state).is_open
    wanted = {task.key: task for task in opened if is_open or not task.step.blocking}
    waiting = {task.key: task for task in rows.tasks if task.state in WAITING}
    for key, task in waiting.items():
        if key not in wanted:
            yield Finding(Fault.TASK_DIFFERS, rows.name, f"task {key} waits, and nothing opened it")
        elif (task.step, task.seat, task.seat_role, task.seat_office_id) != _asked(wanted[key], case):
            yield Finding(
                Fault.TASK_DIFFERS, rows.name, f"task {key} is asked of another seat than its step's"
            )
    filed = {task.key for task in rows.tasks if task.state == TaskState.DONE}
    for key in wanted.keys() - waiting.keys() - filed:
        yield Finding(Fault.TASK_DIFFERS, rows.name, f"task {key} is gone, and nobody decided it")


def _asked(task: OpenedTask, case: Row[Any]) -> tuple[str, str, str, int]:
    step = task.step
    return step.id, step.seat, step.role, case.seats[step.seat]
