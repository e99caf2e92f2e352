"""The file of one year of the working calendar, and what may be wrong with it.

A year is announced by the State Council in the autumn before (国务院办公厅关于…年部分节假日安排的通知). Its file
is TOML, and lists only what breaks the rule of the week:

    year = 2026
    source = "国务院办公厅关于2026年部分节假日安排的通知"

    [days_off]                  # 放假; weekends may be listed too
    2026-01-01 = "元旦"
    2026-01-02 = "元旦"
    ...

    [make_up_days]              # 调休上班
    2026-01-04 = "元旦"
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from models.text import says_something
from webapp.clock import FIRST_DAY, LAST_DAY
from webapp.errors import Refusal, Sentences
from webapp.services.calendar.working_days import NEW_YEAR_REACHES_BACK, keeps_week

LONGEST_NAME = 60
LONGEST_SOURCE = 200
LINE = re.compile("at line ([0-9]+)")

# Month and day of the holidays that everybody has, and since which year; those of the moon's calendar cannot be told
# by date. Source: 全国年节及纪念日放假办法, article 2, as changed in 1999 and 2024.
STATUTORY_HOLIDAYS = {(1, 1): 1949, (5, 1): 1949, (5, 2): 2025, (10, 1): 1949, (10, 2): 1949, (10, 3): 1999}


class CalendarFileWrong(Refusal):
    """{file} is no calendar of a year. {problems}"""

    status = 422


class NotToml(Refusal):
    """It is not written in TOML."""


class LineUnreadable(Refusal):
    """Line {line} cannot be read, or says again what stands above it."""


class EntryUnknown(Refusal):
    """No entry is called “{entry}”."""


class YearWrong(Refusal):
    """“year” has to be a number from {first} to {last}."""


class SourceWrong(Refusal):
    """“source” has to name the announcement, in {most} characters at most."""


class NoDaysListed(Refusal):
    """“{table}” has to list days with their holidays."""


class DayWrong(Refusal):
    """“{day}” is no day written as 2027-01-31."""


class HolidayWrong(Refusal):
    """{day} needs the name of its holiday, in {most} characters at most."""


class DayOfAnotherYear(Refusal):
    """{day} does not belong to {year}."""


class MakeUpDayInWeek(Refusal):
    """{day} is no Saturday or Sunday, as a make-up day has to be."""


class DayOffAndWorked(Refusal):
    """{day} is both a day off and a make-up day."""


class HolidaysMissing(Refusal):
    """By law everybody has {days} off, but the file does not. Complete it from the announcement."""


def _day(text: object) -> date:
    day = date.fromisoformat(str(text))
    if day.isoformat() != text:
        raise ValueError("another spelling would hide a day listed twice")
    return day


def _said(text: str) -> str:
    if not says_something(text):
        raise ValueError("it says nothing")
    return text


Day = Annotated[date, BeforeValidator(_day)]
Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_said)]
Source = Annotated[str, Field(max_length=LONGEST_SOURCE), AfterValidator(_said)]


class YearFile(BaseModel):
    """A year's days off and make-up days, each with its holiday's name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: int = Field(strict=True, ge=FIRST_DAY.year, le=LAST_DAY.year)
    source: Source
    days_off: dict[Day, Name] = Field(min_length=1)
    make_up_days: dict[Day, Name] = {}

    def problems(self) -> Iterator[Refusal]:
        """Yield what contradicts itself, or the law, in the file."""
        first = date(self.year, 1, 1) - NEW_YEAR_REACHES_BACK
        for day in [*self.days_off, *self.make_up_days]:
            if not first <= day <= date(self.year, 12, 31):
                yield DayOfAnotherYear(day=str(day), year=self.year)
        for day in self.make_up_days:
            if keeps_week(day):
                yield MakeUpDayInWeek(day=str(day))
            if day in self.days_off:
                yield DayOffAndWorked(day=str(day))
        missing = tuple(str(day) for day in self._statutory_holidays() if self._works_on(day))
        if missing:
            yield HolidaysMissing(days=missing)

    def exceptions(self) -> dict[date, tuple[bool, str]]:
        """Return the days that break the rule of the week: whether they are worked, and why."""
        off = {day: (False, name) for day, name in self.days_off.items() if keeps_week(day)}
        return off | {day: (True, name) for day, name in self.make_up_days.items()}

    def _statutory_holidays(self) -> Iterator[date]:
        for (month, day), first_year in STATUTORY_HOLIDAYS.items():
            if self.year >= first_year:
                yield date(self.year, month, day)

    def _works_on(self, day: date) -> bool:
        return day in self.make_up_days or (keeps_week(day) and day not in self.days_off)


def read_year(data: bytes, file: str) -> YearFile:
    """Read a year from the bytes of a file; CalendarFileWrong names the file and everything wrong in it."""
    try:
        year = YearFile.model_validate(tomllib.loads(data.decode()))
        problems = tuple(year.problems())
    except ValidationError as wrong:
        problems = tuple(map(_problem, wrong.errors()))
    except (ValueError, RecursionError) as wrong:  # no text, no TOML, a number or brackets beyond all measure
        line = LINE.search(str(wrong))
        problems = (LineUnreadable(line=line[1]) if line else NotToml(),)
    if problems:
        raise CalendarFileWrong(file=file, problems=Sentences(problems))
    return year


def _problem(error: ErrorDetails) -> Refusal:
    """Say what belongs where the file has something else, or nothing."""
    match error["loc"]:
        case ("year",):
            return YearWrong(first=FIRST_DAY.year, last=LAST_DAY.year)
        case ("source",):
            return SourceWrong(most=LONGEST_SOURCE)
        case ("days_off" | "make_up_days" as table,):
            return NoDaysListed(table=table)
        case (_, day, "[key]"):
            return DayWrong(day=day)
        case (_, day):
            return HolidayWrong(day=day, most=LONGEST_NAME)
        case place:
            return EntryUnknown(entry=place[0])
