"""Were a case's tasks opened when it says, and are they due when the calendar says? Domain 3.0.3. Pure."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from models.enums import TaskState
from webapp.clock import day_of
from webapp.services.audit.case_check import WAITING
from webapp.services.calendar.deadlines import Deadline, deadline
from webapp.services.calendar.working_days import DayOutOfCalendar, NegativeLimit
from webapp.services.cases.pauses import days_left as left_on
from webapp.services.doctor.clocks import moved_to, pauses_of
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet


def limit_of(sheet: Sheet, task: Row[Any]) -> int:
    """How many working days a task may take: as its step says, and longer by as many as its clock stood still.

    If the calendar was edited meanwhile, as its row says.
    """
    opening, pauses = sheet.openers[task.key], pauses_of(sheet, task.key)
    if opening.limit_days is None:
        return int(task.limit_days)
    if all(pause.back is None for pause in pauses):
        return opening.limit_days
    opened_on = day_of(opening.event.at)
    due = moved_to(sheet, opening.event.at, sheet.calendar.due(opened_on, opening.limit_days), pauses)
    return sheet.calendar.working_days_between(opened_on, due.day) if due else int(task.limit_days)


def expected(sheet: Sheet, task: Row[Any]) -> Deadline | None:
    """The deadline of a task by its opening and its limit; None if the calendar knows no such limit."""
    try:
        return deadline(sheet.calendar, sheet.openings[task.key], limit_of(sheet, task))
    except (DayOutOfCalendar, NegativeLimit):
        return None


def days_left(sheet: Sheet, task: Row[Any]) -> int:
    """How many working days a suspended task had left as its clock was stopped; 0 if its limit is lost."""
    pauses, due = pauses_of(sheet, task.key), expected(sheet, task)
    if not pauses or due is None:
        return 0
    return left_on(sheet.calendar, day_of(pauses[-1].since.at), due.due_on)


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


def check_past_limits(sheet: Sheet) -> Iterator[Finding]:
    """Yield which tasks that wait no more were opened or due at another time: how late they were counts on (A-06).

    Where the calendar was edited since, their due dates are taken as they are, as it moves those of open tasks alone.
    """
    for task in sheet.rows.tasks:
        if task.state in WAITING or task.key not in sheet.openers:
            continue
        if task.opened_at != sheet.openings[task.key]:
            said = f"was opened at {sheet.openings[task.key]:%Y-%m-%d %H:%M}"
            yield sheet.finding(Code.OPENING_DIFFERS, said, task.key)
        due = expected(sheet, task)
        if due is None or not sheet.calendar_stood(sheet.openings[task.key], due.due_on):
            continue
        if task.limit_days != (limit := limit_of(sheet, task)):
            yield sheet.finding(Code.LIMIT_DIFFERS, f"had {limit} working days", task.key)
        yield from _due(sheet, task)


def _rest(sheet: Sheet, task: Row[Any]) -> Iterator[Finding]:
    """What stands still is not reckoned anew as the calendar changes, and is known exactly only if it has not."""
    pauses, due = pauses_of(sheet, task.key), expected(sheet, task)
    stands_still = bool(pauses) and pauses[-1].back is None
    if stands_still and due and sheet.calendar_stood(sheet.openings[task.key], due.due_on):
        yield from _due(sheet, task)
        if task.days_left != (left := days_left(sheet, task)):
            yield sheet.finding(Code.DAYS_LEFT_DIFFER, f"had {left} working days left", task.key)
    elif not 0 <= task.days_left <= task.limit_days:
        what = f"cannot have {task.days_left} of {task.limit_days} days left"
        yield sheet.finding(Code.DAYS_LEFT_DIFFER, what, task.key)
