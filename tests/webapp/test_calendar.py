"""Working days and the limits counted in them: domain 3.0.3, 5.3, T-35, T-37, R-14."""

from datetime import UTC, date, datetime

import chinese_calendar
import pytest

from tests.webapp.calendars import SHIPPED, day, works_on
from webapp.services.calendar.working_days import DayOutOfCalendar, Due, NegativeLimit, WorkingCalendar

# Domain 5.3: the day of the prompt, the limit in working days, its last day.
LIMITS = [
    ("2022-09-30", 5, "2022-10-12"),  # National Day off; Saturday 8 and Sunday 9 October are worked
    ("2022-10-31", 5, "2022-11-07"),
    ("2022-11-18", 5, "2022-11-25"),
    ("2022-12-30", 5, "2023-01-09"),
    ("2023-01-19", 5, "2023-01-31"),  # Spring Festival; Saturday 28 and Sunday 29 January are worked
    ("2024-09-13", 10, "2024-09-29"),  # a make-up Sunday; T-35
    ("2024-09-30", 10, "2024-10-18"),
    ("2025-01-24", 10, "2025-02-13"),
    ("2025-09-01", 10, "2025-09-15"),
    ("2025-09-26", 10, "2025-10-16"),
    ("2025-09-01", 5, "2025-09-08"),  # T-37
]


@pytest.mark.parametrize(("event", "limit", "last_day"), LIMITS)
def test_a_limit_ends_on_the_day_of_the_law(event, limit, last_day):
    assert SHIPPED.due(day(event), limit) == Due(day(last_day), provisional=False)


def test_the_day_of_the_event_does_not_count():
    assert SHIPPED.due(day("2025-09-01"), 1).day == day("2025-09-02")


def test_an_event_on_a_day_off_counts_from_the_next_working_day():
    assert SHIPPED.due(day("2025-10-01"), 1).day == day("2025-10-09")


def test_what_is_left_on_the_last_day_ends_with_it():
    assert SHIPPED.due(day("2025-09-01"), 0).day == day("2025-09-01")


def test_a_negative_limit_is_refused():
    with pytest.raises(NegativeLimit, match="-1 working days"):
        SHIPPED.due(day("2025-09-01"), -1)


def test_the_reminder_goes_out_one_working_day_before_the_last_day():
    assert SHIPPED.last_working_day_before(day("2024-09-29")) == day("2024-09-27")


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2024-09-13", 10),
        ("2024-09-26", 2),
        ("2024-09-27", 1),
        ("2024-09-28", 1),
        ("2024-09-29", 0),
        ("2024-09-30", -1),
        ("2024-10-07", -1),
        ("2024-10-08", -2),
    ],
)
def test_days_left_count_down_to_0_on_the_last_day_and_on_below_it(today, left):
    assert SHIPPED.days_left(day(today), day("2024-09-29")) == left


def test_a_day_ends_at_24_00_in_china():
    assert WorkingCalendar.end_of(day("2024-09-29")) == datetime(2024, 9, 29, 16, 0, tzinfo=UTC)


def test_every_day_of_the_shipped_years_is_what_its_notice_says():
    days = [date.fromordinal(n) for n in range(date(2004, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert [works_on(SHIPPED, d) for d in days] == [chinese_calendar.is_workday(d) for d in days]


@pytest.mark.parametrize(
    ("event", "limit", "due"),
    [
        ("2026-12-14", 10, Due(day("2026-12-28"), provisional=False)),
        # New Year's days off and make-up days of a year not announced may begin on 29 December before.
        ("2026-12-15", 10, Due(day("2026-12-29"), provisional=True)),
        ("2026-12-17", 10, Due(day("2026-12-31"), provisional=True)),
        ("2026-12-18", 10, Due(day("2027-01-01"), provisional=True)),
        ("2026-12-31", 1, Due(day("2027-01-01"), provisional=True)),
        ("2027-01-05", 5, Due(day("2027-01-12"), provisional=True)),
        ("2003-12-30", 2, Due(day("2004-01-02"), provisional=True)),
        ("2003-12-31", 1, Due(day("2004-01-02"), provisional=False)),
    ],
)
def test_a_limit_that_reaches_into_a_year_not_loaded_is_provisional(event, limit, due):
    assert SHIPPED.due(day(event), limit) == due


def test_the_years_a_limit_waits_for_are_named():
    assert SHIPPED.missing_years(day("2026-12-17"), day("2028-02-01")) == {2027, 2028}
    assert SHIPPED.missing_years(day("2026-11-17"), day("2026-12-01")) == frozenset()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: SHIPPED.due(date.min, 1),
        lambda: SHIPPED.due(date.max, 1),
        lambda: SHIPPED.due(day("2099-12-31"), 1),
        lambda: SHIPPED.due(day("2026-01-05"), 10**6),
        lambda: SHIPPED.days_left(day("2026-01-05"), date.max),
        lambda: SHIPPED.last_working_day_before(day("1990-01-01")),
        lambda: SHIPPED.last_working_day_before(date.min),
    ],
)
def test_a_day_outside_the_calendar_is_refused_by_name(ask):
    with pytest.raises(DayOutOfCalendar, match="reaches from 1990-01-01 to 2099-12-31"):
        ask()


def test_without_a_year_the_rule_of_the_week_stands_in():
    nothing_loaded = WorkingCalendar.of((), {})
    assert nothing_loaded.due(day("2022-09-30"), 5) == Due(day("2022-10-07"), provisional=True)
