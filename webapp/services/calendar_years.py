"""The years of the working calendar: loaded, replaced, edited. Every change moves the due dates it concerns.

A year is announced by the State Council in the autumn before (国务院办公厅关于…年部分节假日安排的通知). Its file
is TOML, and lists only what breaks the rule of the week:

    year = 2026
    source = "国务院办公厅关于2026年部分节假日安排的通知"

    [days_off]                  # 放假; weekends may be listed too
    2026-01-01 = "元旦"
    2026-01-02 = "元旦"

    [make_up_days]              # 调休上班
    2026-01-04 = "元旦"
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from typing import Annotated

from chinese_calendar.constants import Holiday, holidays, workdays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from models import CalendarException, CalendarYear
from webapp import clock
from webapp.errors import Refusal
from webapp.policy import Person
from webapp.services.calendar import FIRST_DAY, LAST_DAY, NEW_YEAR_REACHES_BACK, keeps_week
from webapp.services.due_dates import recompute_due_dates

LONGEST_NAME = 60


class CalendarFileWrong(Refusal):
    """{file} is no calendar of a year: {problems}."""

    status = 422


class YearNotLoaded(Refusal):
    """The working days of {year} are not loaded, so none of its days can be changed. Load the year first."""

    status = 409


class DayNameWrong(Refusal):
    """Say in 1 to {most} characters why the day is off or worked, for example 元旦."""

    status = 422


def _day(text: object) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise ValueError("is no day; write days as 2027-01-31") from None
    if day.isoformat() != text:  # other spellings would hide a day listed twice
        raise ValueError(f"write {day} so")
    return day


Day = Annotated[date, BeforeValidator(_day)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class YearFile(BaseModel):
    """A year's days off and make-up days, each with its holiday's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int = Field(strict=True, ge=FIRST_DAY.year, le=LAST_DAY.year)
    source: str = Field(min_length=1, max_length=200)
    days_off: dict[Day, Name] = Field(min_length=1)
    make_up_days: dict[Day, Name] = {}

    @model_validator(mode="after")
    def _is_consistent(self) -> "YearFile":
        problems = [*self._problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        first = date(self.year, 1, 1) - NEW_YEAR_REACHES_BACK
        for day in [*self.days_off, *self.make_up_days]:
            if not first <= day <= date(self.year, 12, 31):
                yield f"{day} does not belong to {self.year}"
        for day in self.make_up_days:
            if keeps_week(day):
                yield f"{day} is a {day:%A}, but a make-up day is a Saturday or a Sunday"
            if day in self.days_off:
                yield f"{day} is both a day off and a make-up day"

    def exceptions(self) -> dict[date, tuple[bool, str]]:
        """Return the days that break the rule of the week: whether they are worked, and why."""
        off = {day: (False, name) for day, name in self.days_off.items() if keeps_week(day)}
        return off | {day: (True, name) for day, name in self.make_up_days.items()}


def read_year(data: bytes, file: str) -> YearFile:
    """Read a year from the bytes of a file; CalendarFileWrong names the file and everything wrong in it."""
    try:
        return YearFile.model_validate(tomllib.loads(data.decode()))
    except ValidationError as wrong:
        problems = [_told(error) for error in wrong.errors()]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        problems = [str(wrong)]
    raise CalendarFileWrong(file=file, problems="; ".join(problems))


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
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
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


def _told(error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"] if part != "[key]")
    problem = error["msg"].removeprefix("Value error, ")
    return f"{where}: {problem}" if where else problem
