"""What holds for every working calendar, whatever years are loaded and whatever days the State Council moves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.calendars import works_on
from webapp.services.calendar.working_days import WorkingCalendar

pytestmark = pytest.mark.slow

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
LIMITS = st.integers(1, 60)


def calendars():
    return st.builds(WorkingCalendar.of, st.just(()), st.dictionaries(DAYS, st.booleans(), max_size=40))


def by_hand(calendar, start, limit):
    """The limit's last day, counted on the fingers."""
    day = start
    while limit:
        day += timedelta(days=1)
        limit -= works_on(calendar, day)
    return day


@given(calendars(), DAYS, LIMITS)
def test_a_limit_ends_where_counting_day_by_day_ends(calendar, start, limit):
    assert calendar.due(start, limit).day == by_hand(calendar, start, limit)


@given(calendars(), DAYS, LIMITS)
def test_a_limit_ends_on_a_working_day_after_the_event(calendar, start, limit):
    due = calendar.due(start, limit).day
    assert works_on(calendar, due)
    assert due > start


@given(calendars(), DAYS, LIMITS, st.integers(0, 60))
def test_two_limits_one_after_the_other_end_where_their_sum_ends(calendar, start, first, second):
    assert calendar.due(start, first + second).day == calendar.due(calendar.due(start, first).day, second).day


@given(calendars(), DAYS, LIMITS)
def test_days_left_of_a_limit_are_the_limit(calendar, start, limit):
    assert calendar.days_left(start, calendar.due(start, limit).day) == limit


@given(calendars(), DAYS, DAYS)
def test_days_between_are_the_working_days_counted_one_by_one(calendar, one, other):
    earlier, later = sorted((one, other))
    days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
    counted = sum(works_on(calendar, day) for day in days)
    assert calendar.working_days_between(earlier, later) == counted
    assert calendar.working_days_between(later, earlier) == -counted


@given(calendars(), DAYS, LIMITS)
def test_the_reminder_is_one_working_day_before_the_last_day(calendar, start, limit):
    due = calendar.due(start, limit).day
    assert calendar.due(calendar.last_working_day_before(due), 1).day == due


@given(
    st.dictionaries(st.dates(date(2026, 12, 29), date(2027, 1, 10)), st.booleans(), min_size=1),
    st.dates(date(2026, 12, 15), date(2026, 12, 31)),
    st.integers(1, 14),
)
def test_a_firm_due_date_stays_whatever_the_next_year_brings(news, start, limit):
    due = WorkingCalendar.of([2026], {}).due(start, limit)
    if not due.provisional:
        assert WorkingCalendar.of([2026, 2027], news).due(start, limit) == due
