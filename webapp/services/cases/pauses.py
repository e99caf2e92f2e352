"""While a case is with its applicant its clocks stand still: when, and how far limits move. Domain 3.0.3. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from models.enums import EventKind
from webapp.clock import day_of
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT, overdue_at
from webapp.services.calendar.working_days import Due, WorkingCalendar

# With these the applicant has to supplement something.
HALTS = (EventKind.RETURNED, EventKind.RECORD_CONFLICT)


class Dated(Protocol):
    """What a history says of a moment."""

    @property
    def kind(self) -> str:
        """What it records."""

    @property
    def at(self) -> datetime:
        """When it was written."""


@dataclass(frozen=True, slots=True)
class Pause:
    """From when to when a clock stood still; it then runs on with no fewer than `least` working days."""

    since: datetime
    until: datetime
    least: int = LEAST_DAYS_LEFT


def pauses_in(told: Iterable[Dated]) -> list[Pause]:
    """Return when a case was with its applicant, as its history tells it."""
    pauses, since = [], None
    for entry in told:
        if entry.kind in HALTS:
            since = entry.at
        elif entry.kind == EventKind.RESUBMITTED and since is not None:
            pauses.append(Pause(since, entry.at))
            since = None
    return pauses


def days_left(calendar: WorkingCalendar, on: date, due_on: date) -> int:
    """Return with how many working days a clock stands still from a day on."""
    return max(0, calendar.days_left(on, due_on))


def run_on(calendar: WorkingCalendar, due: Due, pauses: Iterable[Pause]) -> Due:
    """Return when a limit ends that would end on `due` had its clock never stood still; what was over stays over."""
    for pause in pauses:
        if overdue_at(due.day) > pause.since:
            left = days_left(calendar, day_of(pause.since), due.day)
            due = calendar.due(day_of(pause.until), max(left, pause.least))
    return due
