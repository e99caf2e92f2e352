"""Time limits of steps, in working days, and when to speak up about them: domain 3.0.3 and 3.0.4.

One working day before the last day a reminder goes out at 08:00; when the last day is over, the step is overdue.
Nothing is ever approved or rejected by the passing of time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from models.enums import TimerKind
from webapp.clock import SHANGHAI, day_of
from webapp.services.calendar.working_days import WorkingCalendar

OFFICE_OPENS = time(8)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a limit, whether it is only provisional, and the next time to speak up about it."""

    due_on: date
    provisional: bool
    timer: TimerKind
    timer_at: datetime


def deadline(calendar: WorkingCalendar, at: datetime, working_days: int) -> Deadline:
    """Return the deadline of a step that begins `at` and may take `working_days`."""
    due = calendar.due(day_of(at), working_days)
    return Deadline(due.day, due.provisional, *timer_for(calendar, at, due.day))


def timer_for(calendar: WorkingCalendar, at: datetime, due_on: date) -> tuple[TimerKind, datetime]:
    """Return what is next to be said, and when, of a step that ends on a day and is open `at`."""
    remind_on = calendar.last_working_day_before(due_on)
    remind_at = datetime.combine(remind_on, OFFICE_OPENS, SHANGHAI).astimezone(UTC)
    if remind_at > at:
        return TimerKind.REMINDER, remind_at
    return TimerKind.OVERDUE, overdue_at(due_on)


def overdue_at(due_on: date) -> datetime:
    """Return the first moment after the last day (24:00 in China), in UTC."""
    return WorkingCalendar.end_of(due_on)
