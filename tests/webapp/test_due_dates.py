"""Due dates of open tasks follow the calendar: domain 3.0.3, R-14."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from models import Task, Timer
from models.enums import TaskState
from tests.webapp.calendars import day, year_2027
from tests.webapp.case_tasks import a_bureau, a_task
from tests.webapp.sessions import a_session
from webapp.services.calendar.due_dates import missing_years, recompute_due_dates
from webapp.services.calendar.working_days import Due
from webapp.services.calendar.years import load_shipped_years, load_year, set_day

XINAN = 1


@pytest.fixture
def session(database_url):
    """A session on a database with the shipped years and one bureau, of which nothing stays."""
    with a_session(database_url) as session:
        load_shipped_years(session)
        a_bureau(session, "410323", [XINAN])
        yield session


def opened(text):
    """Nine in the morning, in China."""
    return datetime.fromisoformat(f"{text}T01:00:00+00:00")


def a_provisional_task(session, **given):
    provisional = {"opened_at": opened("2026-12-17"), "due_on": day("2026-12-31"), "due_provisional": True}
    return a_task(session, XINAN, **provisional | given)


def due(session, task):
    session.refresh(task)
    return Due(task.due_on, task.due_provisional)


def test_provisional_due_dates_are_recomputed_when_the_year_is_loaded(session):
    task = a_provisional_task(session, number="1")
    assert load_year(session, year_2027()) == 1
    assert due(session, task) == Due(day("2027-01-03"), provisional=False)
    timer = session.get_one(Timer, task.id, populate_existing=True)
    assert (timer.kind, timer.due_at) == ("reminder", datetime(2026, 12, 30, 0, 0, tzinfo=UTC))


def test_a_due_date_that_was_right_only_becomes_firm(session):
    timer = datetime(2027, 1, 4, tzinfo=UTC)
    task = a_provisional_task(
        session,
        number="1",
        opened_at=opened("2026-12-21"),
        due_on=day("2027-01-05"),
        limit_days=11,
        timer=timer,
    )
    assert load_year(session, year_2027(('2026-12-31 = "元旦"\n', ""))) == 0
    assert due(session, task) == Due(day("2027-01-05"), provisional=False)
    assert session.get_one(Timer, task.id, populate_existing=True).due_at == timer


def test_the_day_a_task_was_opened_on_is_that_of_china(session):
    late = datetime(2026, 12, 16, 17, 0, tzinfo=UTC)  # one in the morning of the 17th
    task = a_provisional_task(session, number="1", opened_at=late)
    load_year(session, year_2027())
    assert due(session, task) == Due(day("2027-01-03"), provisional=False)


def test_a_day_declared_off_moves_the_due_dates_of_open_tasks(session):
    task = a_task(session, XINAN, number="1", opened_at=opened("2026-08-31"), due_on=day("2026-09-14"))
    assert set_day(session, day("2026-09-03"), working=False, name="纪念日") == 1
    assert due(session, task) == Due(day("2026-09-15"), provisional=False)


def test_tasks_that_are_decided_or_stand_still_keep_their_due_dates(session):
    done = {"state": TaskState.DONE, "ended_at": opened("2026-12-18"), "days_left": None}
    ended = a_provisional_task(session, number="1", **done)
    standing = a_provisional_task(session, number="2", state=TaskState.SUSPENDED)
    assert load_year(session, year_2027()) == 0
    assert due(session, ended) == due(session, standing) == Due(day("2026-12-31"), provisional=True)


def test_a_task_whose_timer_is_spent_is_reminded_of_its_new_day(session):
    task = a_provisional_task(session, number="1")
    session.delete(session.get_one(Timer, task.id))
    session.flush()
    load_year(session, year_2027())
    assert session.get_one(Timer, task.id).kind == "reminder"


def test_a_limit_that_no_calendar_knows_keeps_no_other_from_moving(session, caplog):
    task = a_provisional_task(session, number="1")
    altered = [
        a_provisional_task(session, number="2", limit_days=-1),
        a_provisional_task(session, number="3", limit_days=99_999),
        a_provisional_task(session, number="4", due_on=text("'infinity'")),
        a_provisional_task(session, number="5", opened_at=text("'infinity'")),
    ]
    assert load_year(session, year_2027()) == 1
    assert due(session, task) == Due(day("2027-01-03"), provisional=False)
    moved = select(func.count()).where(Task.id.in_([one.id for one in altered]), ~Task.due_provisional)
    assert session.scalar(moved) == 0
    assert caplog.text.count("stays so") == 2


def test_computing_again_without_an_edit_changes_nothing(session):
    a_provisional_task(session, number="1")
    assert recompute_due_dates(session) == 0


def test_the_years_that_open_tasks_wait_for_are_the_administrators_to_load(session):
    assert missing_years(session) == []
    a_provisional_task(session, number="1")
    a_provisional_task(session, number="2", opened_at=opened("2027-12-20"), due_on=day("2028-01-03"))
    assert missing_years(session) == [2027, 2028]
    load_year(session, year_2027())
    assert missing_years(session) == [2028]
