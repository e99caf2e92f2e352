"""Is each open task's timer set to say the next thing at its time? Domain 3.0.4. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from models.enums import NoticeKind, TaskState
from webapp.services.calendar.deadlines import overdue_at, signals
from webapp.services.doctor.deadlines import expected
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet

PATIENCE = timedelta(hours=1)  # with the worker, which does within seconds what is due


def check_timers(sheet: Sheet) -> Iterator[Finding]:
    """Yield which open tasks have no timer, or one that says another thing or at another time; and which are over."""
    for task in sheet.rows.tasks:
        if task.timer is not None and task.state != TaskState.OPEN:
            yield sheet.finding(Code.TIMER_LEFT, f"is {task.state}, and its timer is set", task.key)
    for task in sheet.open_tasks():
        if sheet.standing.wanted[task.key].is_advice:  # whoever asked for it is reminded
            if task.timer is not None:
                yield sheet.finding(Code.TIMER_LEFT, "is advice, and its timer is set", task.key)
            continue
        due = expected(sheet, task)
        if due is not None and due.due_on == task.due_on:  # else that comes first
            yield from _check(sheet, task)


def _check(sheet: Sheet, task: Row[Any]) -> Iterator[Finding]:
    if task.timer is None:
        if overdue_at(task.due_on) > sheet.now or (NoticeKind.OVERDUE, task.id) not in sheet.told:
            yield sheet.finding(Code.TIMER_MISSING, "is open, and no timer is set", task.key)
    elif (task.timer, task.due_at) not in possible_signals(sheet, task.due_on):
        yield sheet.finding(Code.TIMER_DIFFERS, f"has a timer ({task.timer}) that is set wrong", task.key)
    elif task.due_at < sheet.now - PATIENCE:
        yield sheet.finding(
            Code.TIMER_STUCK, f"has a timer that was due at {task.due_at:%Y-%m-%d %H:%M}", task.key
        )


def possible_signals(sheet: Sheet, due_on: date) -> set[tuple[str, object]]:
    """Return the first signal at its time; and once one is past, so that it may have fired, the one that follows."""
    first, *_ = known = signals(sheet.calendar, due_on)
    return {first, *(following for fired, following in pairwise(known) if fired[1] <= sheet.now)}
