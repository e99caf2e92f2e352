"""Time limits of steps, in working days, and when to speak up about them: domain 3.0.3 and 3.0.4.

One working day before the last day a reminder goes out at 08:00. The law gives the yellow card (黄牌) "near the limit":
that is 08:00 of the last day itself (INT). When it is over, the step is overdue: the red card (红牌).
Nothing is ever approved or rejected by the passing of time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from models.enums import TimerKind
from webapp.clock import SHANGHAI, day_of
from webapp.services.calendar.working_days import WorkingCalendar

OFFICE_OPENS = time(8)

# A limit begins on the working day after what sets it off (domain 3.0.3), so that nothing falls due as it comes back.
LEAST_DAYS_LEFT = 1


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
    *earlier, last = signals(calendar, due_on)
    return next((signal for signal in earlier if signal[1] > at), last)


def signals(calendar: WorkingCalendar, due_on: date) -> tuple[tuple[TimerKind, datetime], ...]:
    """Return all that is to be said of a step that ends on a day, and when, one after the other."""
    return (
        (TimerKind.REMINDER, _opening_on(calendar.last_working_day_before(due_on))),
        (TimerKind.YELLOW, _opening_on(due_on)),
        (TimerKind.OVERDUE, overdue_at(due_on)),
    )


def overdue_at(due_on: date) -> datetime:
    """Return the first moment after the last day (24:00 in China), in UTC."""
    return WorkingCalendar.end_of(due_on)


def _opening_on(day: date) -> datetime:
    return datetime.combine(day, OFFICE_OPENS, SHANGHAI).astimezone(UTC)
