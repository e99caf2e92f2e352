"""Working days (工作日): which days count, and when a time limit given in them ends. Source: domain 3.0.3.

A limit starts on the first working day after the day of the event and ends at 24:00 of its last, in China.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import CalendarException, CalendarYear
from webapp.clock import FIRST_DAY, LAST_DAY, SHANGHAI
from webapp.errors import Refusal

ONE_DAY = timedelta(days=1)
SATURDAY = 5

# The New Year's holiday is announced with the year it begins, and has moved days from 29 December on (in 2007
# and 2018), so that the last three days of a year are settled only when the next one is loaded.
NEW_YEAR_REACHES_BACK = timedelta(days=3)

# SQL for a number that no two states of the calendar share. `revision` tells apart the edits of one transaction,
# the transaction's own number (xmin) those of which the first was rolled back.
REVISION = "(SELECT coalesce(sum(xmin::text::bigint * 1000000 + revision), 0)::bigint FROM calendar_year)"


class DayOutOfCalendar(Refusal):
    """The working calendar reaches from {first} to {last}; this day or limit lies outside of it: {what}."""

    status = 422

    def __init__(self, what: object) -> None:
        super().__init__(what=what, first=FIRST_DAY, last=LAST_DAY)


class NegativeLimit(Refusal):
    """A time limit cannot be {working_days} working days."""

    status = 422


def known(day: date) -> date:
    """Return `day`; DayOutOfCalendar unless it lies in the years 1990 to 2099."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DayOutOfCalendar(day)
    return day


def keeps_week(day: date) -> bool:
    """Whether `day` is worked by the rule of the week alone: Monday to Friday."""
    return day.weekday() < SATURDAY


_WEEKS = tuple(
    day
    for day in map(date.fromordinal, range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1))
    if keeps_week(day)
)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit; `provisional` while it depends on a year whose working days are not loaded."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days from 1990 to 2099, immutable. In a year not in `years` the week's rule stands in.

    Every method raises DayOutOfCalendar for a day, given or found, outside these years.
    """

    years: frozenset[int]
    working_days: tuple[date, ...] = field(repr=False)

    @classmethod
    def of(cls, years: Iterable[int], exceptions: Mapping[date, bool]) -> "WorkingCalendar":
        """Build the calendar of the loaded `years` from the days off the week's rule (True: worked)."""
        kept = [day for day in _WEEKS if exceptions.get(day, True)]
        added = [day for day, working in exceptions.items() if working and not keeps_week(known(day))]
        return cls(frozenset(years), tuple(sorted(kept + added)))

    def due(self, start: date, working_days: int) -> Due:
        """Return when a limit of `working_days` ends that an event on the day `start` (in China) sets off.

        0, what is left of a limit on its last day, ends with that day itself; NegativeLimit for less.
        """
        if working_days < 0:
            raise NegativeLimit(working_days=working_days)
        last = self._worked_until(start) + working_days - 1
        if last >= len(self.working_days):
            raise DayOutOfCalendar(f"{start} + {working_days}")
        day = self.working_days[last] if working_days else start
        return Due(day, provisional=bool(self.missing_years(start, day)))

    def missing_years(self, start: date, due_on: date) -> frozenset[int]:
        """Return the years not loaded that a limit depends on, from the day after `start` to `due_on`."""
        first, last = (start + ONE_DAY).year, (due_on + NEW_YEAR_REACHES_BACK).year
        return frozenset(range(first, last + 1)) - self.years

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after `after` until `until`, with it; negative when `until` is earlier."""
        return self._worked_until(until) - self._worked_until(after)

    def days_left(self, today: date, due_on: date) -> int:
        """Return how many working days are left after `today`: 0 on the last day, negative when overdue."""
        return self.working_days_between(today, due_on)

    def last_working_day_before(self, day: date) -> date:
        """Return the last working day before `day`, when its reminder goes out (domain 3.0.4)."""
        worked = self._worked_before(day)
        if worked == 0:
            raise DayOutOfCalendar(day)
        return self.working_days[worked - 1]

    @staticmethod
    def end_of(day: date) -> datetime:
        """Return the moment a day is over, 24:00 in China, in UTC."""
        return datetime.combine(day + ONE_DAY, time.min, SHANGHAI).astimezone(UTC)

    def _worked_until(self, day: date) -> int:
        return bisect_right(self.working_days, known(day))

    def _worked_before(self, day: date) -> int:
        return bisect_left(self.working_days, known(day))


def calendar_of(session: Session, revision: int | None = None) -> WorkingCalendar:
    """Return the calendar in force, built anew in this process only after an edit, by whichever process.

    One cheap statement, or none: a caller who has read `REVISION` within a statement of its own passes it.
    """
    if revision is None:
        revision = session.execute(text(f"SELECT {REVISION}")).scalar_one()
    calendar = _built.get(revision)
    if calendar is None:
        calendar = _read(session)
        _built.clear()
        _built[revision] = calendar
    return calendar


_built: dict[int, WorkingCalendar] = {}


def _read(session: Session) -> WorkingCalendar:
    years = session.scalars(select(CalendarYear.year))
    exceptions = session.execute(select(CalendarException.day, CalendarException.working))
    return WorkingCalendar.of(years, dict(exceptions.all()))
