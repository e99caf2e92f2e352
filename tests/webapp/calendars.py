"""The working calendar that an installation begins with, and a year to add to it."""

from bisect import bisect_left
from datetime import date

from chinese_calendar.constants import holidays, workdays

from webapp.services.calendar.files import read_year
from webapp.services.calendar.working_days import WorkingCalendar

SHIPPED_YEARS = range(2004, 2027)
SHIPPED = WorkingCalendar.of(SHIPPED_YEARS, dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True))

YEAR_2027 = """
year = 2027
source = "国务院办公厅关于2027年部分节假日安排的通知"

[days_off]
2026-12-31 = "元旦"
2027-01-01 = "元旦"
2027-01-02 = "元旦"
2027-02-08 = "春节"
2027-10-01 = "国庆节"

[make_up_days]
2027-01-03 = "元旦"
2027-02-14 = "春节"
"""


def works_on(calendar, day):
    """Whether people work on a day, found without the calendar's own search."""
    place = bisect_left(calendar.working_days, day)
    return calendar.working_days[place : place + 1] == (day,)


def day(text):
    return date.fromisoformat(text)


def year_2027(*changes):
    """Read the file of 2027 with some of its text replaced."""
    text = YEAR_2027
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_year(text.encode(), "2027.toml")
