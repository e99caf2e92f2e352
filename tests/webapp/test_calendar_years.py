"""Years loaded, replaced and edited, and the calendar that every process then sees."""

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import CalendarException, CalendarYear
from tests.webapp.calendars import SHIPPED, SHIPPED_YEARS, day, works_on, year_2027
from tests.webapp.case_tasks import OPENED, an_account
from tests.webapp.sessions import a_session
from webapp import clock
from webapp.database import sqlalchemy_url
from webapp.policy import Person
from webapp.services.calendar.working_days import Due, calendar_of
from webapp.services.calendar.years import (
    DayNameWrong,
    YearNotLoaded,
    load_shipped_years,
    load_year,
    loaded_years,
    set_day,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def session(database_url):
    """A session on a database with the shipped years, of which nothing stays."""
    with a_session(database_url) as session:
        load_shipped_years(session)
        yield session


def test_the_shipped_years_are_loaded_whole(session):
    assert calendar_of(session) == SHIPPED
    assert [year.year for year in loaded_years(session)] == [*SHIPPED_YEARS]
    assert loaded_years(session)[0].source.startswith("chinesecalendar 1.")


def test_only_days_that_break_the_rule_of_the_week_are_kept(session):
    kept = session.execute(select(CalendarException.day, CalendarException.working)).all()
    assert kept
    assert [d for d, working in kept if working == (d.weekday() < 5)] == []


def test_loading_the_shipped_years_again_leaves_what_was_edited(session):
    set_day(session, day("2026-09-03"), working=False, name="纪念日")
    load_shipped_years(session)
    assert not works_on(calendar_of(session), day("2026-09-03"))
    assert session.get_one(CalendarYear, 2026).revision == 2


def test_a_year_that_is_loaded_settles_what_was_provisional(session):
    assert calendar_of(session).due(day("2026-12-17"), 10) == Due(day("2026-12-31"), provisional=True)
    load_year(session, year_2027())
    calendar = calendar_of(session)
    assert calendar.due(day("2026-12-17"), 10) == Due(day("2027-01-03"), provisional=False)
    assert not works_on(calendar, day("2027-02-08"))
    assert works_on(calendar, day("2027-02-14"))


def test_a_year_remembers_who_loaded_it_and_when(session):
    administrator = Person(an_account(session, login="wang").id, "王芳", "wang", None, 0, (), ())
    with clock.freeze(OPENED):
        load_year(session, year_2027(), by=administrator)
    year = session.get_one(CalendarYear, 2027)
    assert (year.loaded_by.login, year.loaded_at) == ("wang", OPENED)
    load_year(session, year_2027())
    session.refresh(year)
    assert year.loaded_by is None
    assert all(shipped.loaded_by is None for shipped in loaded_years(session))


def test_a_year_that_is_loaded_again_replaces_what_was_known_of_it(session):
    load_year(session, year_2027())
    load_year(session, year_2027(('2027-02-08 = "春节"\n', ""), ('2026-12-31 = "元旦"\n', "")))
    assert works_on(calendar_of(session), day("2027-02-08"))
    assert works_on(calendar_of(session), day("2026-12-31"))
    assert session.get_one(CalendarYear, 2027).revision == 2


def test_a_day_can_be_declared_off_and_worked_again(session):
    anniversary = day("2026-09-03")
    set_day(session, anniversary, working=False, name="纪念日")
    assert not works_on(calendar_of(session), anniversary)
    set_day(session, anniversary, working=True, name="纪念日")
    assert works_on(calendar_of(session), anniversary)
    assert session.get(CalendarException, anniversary) is None


def test_a_day_of_a_year_not_loaded_cannot_be_declared(session):
    with pytest.raises(YearNotLoaded, match="2027"):
        set_day(session, day("2027-09-03"), working=False, name="纪念日")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "假" * 61])
def test_a_day_is_declared_with_a_name(session, name):
    with pytest.raises(DayNameWrong, match="1 to 60 characters"):
        set_day(session, day("2026-09-03"), working=False, name=name)


@pytest.fixture
def shipped_engine(new_database):
    """A database of its own with the shipped years, where edits may be committed."""
    engine = create_engine(sqlalchemy_url(new_database()))
    with Session(engine) as session:
        load_shipped_years(session)
        session.commit()
    yield engine
    engine.dispose()


def test_others_notice_an_edit_as_soon_as_it_is_committed(shipped_engine):
    thursday = day("2026-09-03")
    with Session(shipped_engine) as editor, Session(shipped_engine) as reader:
        set_day(editor, thursday, working=False, name="纪念日")
        assert not works_on(calendar_of(editor), thursday)
        assert works_on(calendar_of(reader), thursday)
        editor.commit()
        assert not works_on(calendar_of(reader), thursday)


def test_an_edit_taken_back_leaves_no_trace(shipped_engine):
    thursday, friday = day("2026-09-03"), day("2026-09-04")
    with Session(shipped_engine) as editor:
        set_day(editor, thursday, working=False, name="纪念日")
        assert not works_on(calendar_of(editor), thursday)
        editor.rollback()
        set_day(editor, friday, working=False, name="纪念日")
        assert works_on(calendar_of(editor), thursday)
        assert not works_on(calendar_of(editor), friday)


def test_the_calendar_is_built_once_as_long_as_nobody_edits_it(session):
    assert calendar_of(session) is calendar_of(session)
