"""The file of a year: whatever is wrong in it is said in our own words, all at once."""

from datetime import date

import pytest
from flask_babel import force_locale

from tests.webapp.calendars import SHIPPED, SHIPPED_YEARS, works_on, year_2027
from webapp.formatting import refusal_text
from webapp.services.calendar.files import STATUTORY_HOLIDAYS, CalendarFileWrong, read_year

NO_DAY = "is no day written as 2027-01-31"
NO_HOLIDAY = "2027-02-08 needs the name of its holiday, in 60 characters at most"
NO_YEAR = "“year” has to be a number from 1990 to"
NO_SOURCE = "“source” has to name the announcement, in 200 characters at most"
NO_DAYS = "has to list days with their holidays"
UNREADABLE = "cannot be read, or says again what stands above it"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("year = 2027", "year = 2028"), "2027-01-01 does not belong to 2028"),
        (("2026-12-31 =", "2026-12-28 ="), "2026-12-28 does not belong to 2027"),
        (("2027-02-08 =", "2028-01-01 ="), "2028-01-01 does not belong to 2027"),
        (
            ("2027-02-14 =", "2027-02-15 ="),
            "2027-02-15 is no Saturday or Sunday, as a make-up day has to be",
        ),
        (("2027-01-03 =", "2027-01-02 ="), "2027-01-02 is both a day off and a make-up day"),
        (("2027-01-02 =", "2027-01-01 ="), f"Line 8 {UNREADABLE}"),
        (("2027-02-08 =", "2027-02-30 ="), f"“2027-02-30” {NO_DAY}"),
        (("2027-02-08 =", "20270208 ="), f"“20270208” {NO_DAY}"),
        (("2027-02-08 =", "2027.02.08 ="), f"“2027” {NO_DAY}"),
        (('2027-02-08 = "春节"', "2027-02-08 = 3"), NO_HOLIDAY),
        (('2027-02-08 = "春节"', '2027-02-08 = ""'), NO_HOLIDAY),
        (('2027-02-08 = "春节"', '2027-02-08 = "\u200b"'), NO_HOLIDAY),
        (('2027-02-08 = "春节"', f'2027-02-08 = "{"节" * 61}"'), NO_HOLIDAY),
        (("year = 2027", 'year = "2027"'), NO_YEAR),
        (("year = 2027", "year = 1989"), NO_YEAR),
        (("year = 2027", ""), NO_YEAR),
        (("source = ", "origin = "), NO_SOURCE),
        (("source = ", "origin = "), "No entry is called “origin”"),
        (("国务院", "。" * 200), NO_SOURCE),
        (("[days_off]", "[holidays]"), "No entry is called “holidays”"),
        (("[days_off]", "[holidays]"), f"“days_off” {NO_DAYS}"),
        (("[make_up_days]", "[[make_up_days]]"), f"“make_up_days” {NO_DAYS}"),
        (("[days_off]", "[days_off"), f"Line 5 {UNREADABLE}"),
        (("year = 2027", f"year = {'9' * 5000}"), "It is not written in TOML"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_by_what_is_wrong(change, problem):
    with pytest.raises(CalendarFileWrong) as refused:
        year_2027(change)
    assert problem in str(refused.value)


YEAR = "year = {year}\nsource = 'x'\n[days_off]\n{off}[make_up_days]\n{worked}"


@pytest.mark.parametrize(
    ("year", "off", "worked", "missing"),
    [
        (2027, "01-01", "", "2027-10-01"),  # the others are Saturdays and Sundays
        (2027, "10-01", "", "2027-01-01"),
        (2027, "01-01 10-01", "05-01 10-03", "2027-05-01, 2027-10-03"),
        (2028, "10-02", "", "2028-05-01, 2028-05-02, 2028-10-03"),
        (2024, "01-01", "", "2024-05-01, 2024-10-01, 2024-10-02, 2024-10-03"),
        (1996, "01-01", "", "1996-05-01, 1996-10-01, 1996-10-02"),
    ],
)
def test_a_year_in_which_people_would_work_on_a_statutory_holiday_is_half_written(year, off, worked, missing):
    def days(listed):
        return "".join(f"{year}-{day} = 'x'\n" for day in listed.split())

    with pytest.raises(CalendarFileWrong) as refused:
        read_year(YEAR.format(year=year, off=days(off), worked=days(worked)).encode(), "year.toml")
    assert f"By law everybody has {missing} off, but the file does not" in str(refused.value)


@pytest.mark.parametrize("off", [["01-01", "10-01"], ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]])
def test_a_statutory_holiday_on_a_weekend_may_be_listed_and_need_not(off):
    days = "".join(f"2027-{day} = 'x'\n" for day in off)
    assert len(read_year(YEAR.format(year=2027, off=days, worked="").encode(), "2027.toml").days_off) == len(
        off
    )


def test_no_year_that_was_announced_had_people_work_on_a_statutory_holiday():
    statutory = {
        date(year, *day): first_year <= year
        for year in SHIPPED_YEARS
        for day, first_year in STATUTORY_HOLIDAYS.items()
    }
    assert not [day for day, holds in statutory.items() if holds and works_on(SHIPPED, day)]


def test_everything_wrong_in_a_file_is_said_at_once():
    with pytest.raises(CalendarFileWrong) as refused:
        year_2027(("2027-02-14 =", "2027-02-15 ="), ("2026-12-31 =", "2025-12-31 ="))
    assert "2027-02-15 is no Saturday" in str(refused.value)
    assert "2025-12-31 does not belong" in str(refused.value)


def test_it_is_said_in_the_visitors_language(pages):
    with pytest.raises(CalendarFileWrong) as refused:
        year_2027(("year = 2027", ""), ("source = ", "origin = "))
    with pages.test_request_context(), force_locale("zh_Hans_CN"):
        assert refusal_text(refused.value) == (
            "2027.toml 不是年度日历文件。“year”须为 1990 至 2099 之间的数字。 "
            "“source”须写明通知名称，最多 200 个字。 没有名为“origin”的条目。"
        )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"\x00" * 100,
        b"a = " + b"[" * 20_000,
        b"year = 2027\nsource = 'x'\ndays_off = {}\n",
    ],
    ids=["empty", "no text", "NULs", "20,000 brackets", "no days"],
)
def test_a_file_of_something_else_is_refused(data):
    with pytest.raises(CalendarFileWrong, match=r"data\.bin is no calendar of a year"):
        read_year(data, "data.bin")
