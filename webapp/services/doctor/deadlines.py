"""Were a case's tasks opened when it says, and are they due when the calendar says? Domain 3.0.3. Pure."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from models.enums import TaskState
from webapp.clock import day_of
from webapp.services.calendar.deadlines import Deadline, deadline
from webapp.services.calendar.working_days import DayOutOfCalendar, NegativeLimit
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def limit_of(sheet: Sheet, task: Row[Any]) -> int:
    """How many working days a task may take: as its step says; once its clock stood still, as its row does."""
    asked, back = sheet.standing.wanted[task.key], sheet.resumed(task.key)
    stood_still = asked.step.blocking and back is not None and back[1].at >= sheet.openings[task.key]
    return int(task.limit_days if stood_still or asked.due is None else asked.due)


def expected(sheet: Sheet, task: Row[Any]) -> Deadline | None:
    """The deadline of an open task by its opening and its limit; None if the calendar knows no such limit."""
    try:
        return deadline(sheet.calendar, sheet.openings[task.key], limit_of(sheet, task))
    except (DayOutOfCalendar, NegativeLimit):
        return None


def days_left(sheet: Sheet, task: Row[Any]) -> int:
    """How many working days a suspended task had left as its clock was stopped; 0 if its limit is lost."""
    halted, due = sheet.halted(task.key), expected(sheet, task)
    if halted is None or due is None:
        return 0
    return max(0, sheet.calendar.days_left(day_of(halted.at), due.due_on))


def check_limits(sheet: Sheet) -> Iterator[Finding]:
    """Yield which tasks were opened at another time, have another limit, or are due on another day."""
    for task in sheet.waiting():
        if task.opened_at != sheet.openings[task.key]:
            yield sheet.finding(
                Code.OPENING_DIFFERS, f"was opened at {sheet.openings[task.key]:%Y-%m-%d %H:%M}", task.key
            )
        limit = limit_of(sheet, task)
        if task.limit_days != limit:
            yield sheet.finding(Code.LIMIT_DIFFERS, f"may take {limit} working days", task.key)
        yield from _due(sheet, task) if task.state == TaskState.OPEN else _rest(sheet, task)


def _due(sheet: Sheet, task: Row[Any]) -> Iterator[Finding]:
    due = expected(sheet, task)
    if due is None:
        yield sheet.finding(Code.LIMIT_DIFFERS, f"may take no {task.limit_days} working days", task.key)
    elif (task.due_on, task.due_provisional) != (due.due_on, due.provisional):
        how = "provisionally " if due.provisional else ""
        yield sheet.finding(Code.DUE_DIFFERS, f"is due {how}on {due.due_on}", task.key)


def _rest(sheet: Sheet, task: Row[Any]) -> Iterator[Finding]:
    if not 0 <= task.days_left <= task.limit_days:
        what = f"cannot have {task.days_left} of {task.limit_days} days left"
        yield sheet.finding(Code.DAYS_LEFT_DIFFER, what, task.key)
