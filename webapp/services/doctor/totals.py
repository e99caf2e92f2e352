"""Is a whole case due when its packs say, and is that told at its time? Domain 3.0.4, 3.1.7. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from models.enums import CaseState, EventKind, NoticeKind
from webapp.clock import day_of
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import DayOutOfCalendar, Due, NegativeLimit
from webapp.services.cases.pauses import HALTS
from webapp.services.cases.routing import engine_facts
from webapp.services.cases.totals import total_limit
from webapp.services.doctor.clocks import moved_to, pauses_of_case
from webapp.services.doctor.findings import Code, Finding
from webapp.services.doctor.sheets import Sheet
from webapp.services.doctor.timers import PATIENCE, possible_signals


def total_of(sheet: Sheet) -> int:
    """How many working days a case may take: as its packs say, and longer by as many as its clock stood still.

    If the calendar was edited meanwhile, as its row says; if that is lost, as the due date does.
    """
    case = sheet.case
    if sheet.last(EventKind.RESUBMITTED) is None:
        return total_limit(sheet.definition, engine_facts(case.facts))
    if known := _known_due(sheet):
        return sheet.calendar.working_days_between(day_of(case.submitted_at), known.day)
    if _due(sheet, case.limit_days) is not None or case.due_on is None:
        return int(case.limit_days)
    return sheet.calendar.working_days_between(day_of(case.submitted_at), case.due_on)


def total_due(sheet: Sheet) -> Due | None:
    """The last day of a case by its submission and its limit; None if the calendar knows no such limit."""
    return _due(sheet, total_of(sheet))


def check_total(sheet: Sheet) -> Iterator[Finding]:
    """Yield that an open case has another limit than its packs say, or is due on another day.

    While it stands still it is not reckoned anew as the calendar changes.
    """
    case = sheet.case
    if not sheet.state.is_open or (sheet.state == CaseState.RETURNED and _known_due(sheet) is None):
        return
    limit, due = total_of(sheet), total_due(sheet)
    if case.limit_days != limit:
        yield sheet.finding(Code.CASE_LIMIT_DIFFERS, f"it may take {limit} working days")
    if due is not None and (case.due_on, case.due_provisional) != (due.day, due.provisional):
        how = "provisionally " if due.provisional else ""
        yield sheet.finding(Code.CASE_DUE_DIFFERS, f"it is due {how}on {due.day}")


def _known_due(sheet: Sheet) -> Due | None:
    """The last day of a case by its history alone, unless the calendar was edited meanwhile."""
    began, facts = sheet.rows.events[sheet.began - 1], engine_facts(sheet.case.facts)
    try:
        due = sheet.calendar.due(day_of(began.at), total_limit(sheet.definition, facts))
        return moved_to(sheet, sheet.case.submitted_at, due, pauses_of_case(sheet))
    except (DayOutOfCalendar, NegativeLimit):
        return None


def check_total_timer(sheet: Sheet) -> Iterator[Finding]:
    """Yield that it would not be told when a case is over its total, or at another time, or though it is not."""
    case, set_to = sheet.case, sheet.found["totals"]
    if not sheet.state.is_open:
        if set_to:
            yield sheet.finding(Code.CASE_TIMER_LEFT, f"it is {case.state}, and its timer is set")
    elif sheet.state == CaseState.RETURNED:
        halted = sheet.last(*HALTS)
        if set_to and halted is not None and case.due_on is not None and overdue_at(case.due_on) > halted.at:
            yield sheet.finding(Code.CASE_TIMER_LEFT, "it is with the applicant, and its timer is set")
    elif (due := total_due(sheet)) is not None and due.day == case.due_on:  # else that comes first
        yield from _check_timer(sheet, set_to)


def _check_timer(sheet: Sheet, set_to: Sequence[Row[Any]]) -> Iterator[Finding]:
    due_on = sheet.case.due_on
    if not set_to:
        if overdue_at(due_on) > sheet.now or (NoticeKind.CASE_OVERDUE, None) not in sheet.told:
            yield sheet.finding(Code.CASE_TIMER_MISSING, "it is under way, and no timer is set for its total")
    elif (set_to[0].kind, set_to[0].due_at) not in possible_signals(sheet, due_on):
        yield sheet.finding(Code.CASE_TIMER_DIFFERS, "the timer for its total is set wrong")
    elif set_to[0].due_at < sheet.now - PATIENCE:
        due_at = f"{set_to[0].due_at:%Y-%m-%d %H:%M}"
        yield sheet.finding(Code.CASE_TIMER_STUCK, f"the timer for its total was due at {due_at}")


def _due(sheet: Sheet, limit_days: int) -> Due | None:
    try:
        return sheet.calendar.due(day_of(sheet.case.submitted_at), limit_days)
    except (DayOutOfCalendar, NegativeLimit):
        return None
