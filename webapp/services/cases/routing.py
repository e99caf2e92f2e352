"""From the engine's steps to tasks of offices: which office fills a seat, and until when it may take."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from models.enums import Ask
from webapp.services.calendar.deadlines import deadline
from webapp.services.calendar.working_days import WorkingCalendar
from webapp.services.cases.beside import Asked
from webapp.services.cases.rows import NewTask
from workflows.definition import Step
from workflows.engine import OpenedTask
from workflows.values import Value

FactsKey: TypeAlias = tuple[tuple[str, Value], ...]


def engine_facts(stored: Mapping[str, Any]) -> dict[str, Value]:
    """Return a case's stored facts as the engine takes them: lists become tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}


def facts_as_key(facts: Mapping[str, Value]) -> FactsKey:
    """Return facts as a key, under which an answer of the engine can be remembered."""
    return tuple(sorted(facts.items()))


def new_tasks(
    opened: Iterable[OpenedTask], seats: Mapping[str, int], calendar: WorkingCalendar, at: datetime
) -> list[NewTask]:
    """Return the tasks to open for the steps that the engine opened; `seats` maps seats to offices."""
    return [_new_task(task, seats, calendar, at) for task in opened]


def new_task_beside(
    asked: Asked, step: Step, calendar: WorkingCalendar, at: datetime, asker_ids: Iterable[int]
) -> NewTask:
    """Return the task to open for whoever is asked beside the diagram, about a step of it."""
    limit = deadline(calendar, at, asked.limit_days)
    signs = [step.id] if asked.ask == Ask.COSIGNATURE else []
    return NewTask(
        key=asked.key,
        step=step.id,
        seat=step.seat,
        office_id=asked.office_id,
        role=asked.role,
        blocking=True,
        separate_from=[] if asked.ask.is_advice else [*step.apart, *signs],
        limit_days=asked.limit_days,
        due_on=limit.due_on,
        due_provisional=limit.provisional,
        timer=limit.timer,
        timer_at=limit.timer_at,
        ask=asked.ask,
        asked_from=asked.origin,
        claimed_by_id=asked.account_id,
        asker_ids=sorted(asker_ids) if asked.ask.is_advice else [],
    )


def _new_task(
    opened: OpenedTask, seats: Mapping[str, int], calendar: WorkingCalendar, at: datetime
) -> NewTask:
    assert opened.due is not None, "publishing refuses a step without a time limit"
    limit = deadline(calendar, at, opened.due)
    return NewTask(
        key=opened.key,
        step=opened.step.id,
        seat=opened.step.seat,
        office_id=seats[opened.step.seat],
        role=opened.role,
        blocking=opened.step.blocking,
        separate_from=[*opened.step.apart],
        limit_days=opened.due,
        due_on=limit.due_on,
        due_provisional=limit.provisional,
        timer=limit.timer,
        timer_at=limit.timer_at,
    )
