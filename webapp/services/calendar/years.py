"""The years of the working calendar: loaded, replaced, edited. Every change moves the due dates it concerns."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from models import CalendarException, CalendarYear
from models.text import says_something
from webapp import clock
from webapp.errors import Refusal
from webapp.policy import Person
from webapp.services.calendar.due_dates import recompute_due_dates
from webapp.services.calendar.files import LONGEST_NAME, YearFile
from webapp.services.calendar.working_days import keeps_week


class YearNotLoaded(Refusal):
    """The working days of {year} are not loaded, so none of its days can be changed. Load the year first."""

    status = 409


class DayNameWrong(Refusal):
    """Say in 1 to {most} characters why the day is off or worked, for example 元旦."""

    status = 422


def load_year(session: Session, year: YearFile, by: Person | None = None) -> int:
    """Put a year's days in place of what is known of it; return how many tasks' due dates it changed.

    Without `by` the system has loaded it, or whoever may run its commands. The caller commits.
    """
    _mark_edited(session, year.year, year.source, by)
    session.execute(delete(CalendarException).where(CalendarException.year == year.year))
    _write(session, year.year, year.exceptions())
    return recompute_due_dates(session)


def loaded_years(session: Session) -> Sequence[CalendarYear]:
    """Return the years whose working days are loaded and who loaded them, the earliest first."""
    loader = joinedload(CalendarYear.loaded_by)
    return session.scalars(select(CalendarYear).options(loader).order_by(CalendarYear.year)).all()


def load_shipped_years(session: Session) -> int:
    """Load the years of the installed `chinesecalendar` that are not loaded yet, and leave the others alone.

    Returns how many tasks' due dates changed. The caller commits.
    """
    loaded = set(session.scalars(select(CalendarYear.year)))
    new = {day.year for day in holidays} - loaded
    shipped = {day: (False, name) for day, name in holidays.items() if keeps_week(day)}
    shipped |= {day: (True, name) for day, name in workdays.items()}
    for year in sorted(new):
        _mark_edited(session, year, f"chinesecalendar {version('chinesecalendar')}")
        days = {
            day: (worked, Holiday(name).chinese)
            for day, (worked, name) in shipped.items()
            if day.year == year
        }
        _write(session, year, days)
    return recompute_due_dates(session) if new else 0


def set_day(session: Session, day: date, *, working: bool, name: str) -> int:
    """Declare one day of a loaded year worked or not; return how many tasks' due dates it changed.

    Raises YearNotLoaded or DayNameWrong. The caller commits.
    """
    if not says_something(name) or len(name.strip()) > LONGEST_NAME:
        raise DayNameWrong(most=LONGEST_NAME)
    year = session.get(CalendarYear, day.year)
    if year is None:
        raise YearNotLoaded(year=day.year)
    _mark_edited(session, day.year, year.source)
    session.execute(delete(CalendarException).where(CalendarException.day == day))
    if working != keeps_week(day):
        _write(session, day.year, {day: (working, name.strip())})
    return recompute_due_dates(session)


def _mark_edited(session: Session, year: int, source: str, by: Person | None = None) -> None:
    """Note who loads or changes a year and when, and lock it until the end of the transaction."""
    account_id = by.account_id if by else None
    edit = {"source": source, "loaded_at": clock.now(), "loaded_by_id": account_id}
    row = insert(CalendarYear).values(year=year, revision=1, **edit)
    again = edit | {"revision": CalendarYear.revision + 1}
    session.execute(row.on_conflict_do_update(index_elements=["year"], set_=again))


def _write(session: Session, year: int, days: Mapping[date, tuple[bool, str]]) -> None:
    if not days:
        return
    rows = insert(CalendarException).values(
        [{"day": day, "year": year, "working": worked, "name": name} for day, (worked, name) in days.items()]
    )
    taken_over = {column: rows.excluded[column] for column in ("year", "working", "name")}
    session.execute(rows.on_conflict_do_update(index_elements=["day"], set_=taken_over))
