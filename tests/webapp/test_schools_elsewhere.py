"""A school of another province is entered as soon as somebody names it; nobody fills the list with made-up ones."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Office
from models.enums import Stage
from tests.webapp.newcomers import a_newcomer, as_typed
from tests.webapp.site import a_site, said
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, school_elsewhere
from webapp.services.people.throttle import MOST_NEW_SCHOOLS, NEW_SCHOOLS_WINDOW, TooManyNewSchools


@pytest.fixture
def here(session: Session) -> Session:
    """A session on a deployment that serves Henan alone."""
    session.info["settings"] = session.info["settings"].model_copy(update={"provinces": ("41",)})
    return session


@pytest.fixture
def mother(here: Session) -> Person:
    return makers.person_of(here, makers.an_account(here, "家长"))


def name_one(here: Session, person: Person, name: str) -> Office:
    return school_elsewhere(here, person, SchoolElsewhere(name, "510104", Stage.COMPULSORY), clock.today())


def name_as_many_as_allowed(here: Session, person: Person) -> None:
    for number in range(MOST_NEW_SCHOOLS):
        name_one(here, person, f"{person.account_id}之{number}小学")
    here.commit()


def test_whoever_names_one_new_school_after_another_is_stopped_and_nobody_else_is(here, mother) -> None:
    name_as_many_as_allowed(here, mother)
    with pytest.raises(TooManyNewSchools):
        name_one(here, mother, f"{mother.account_id}之又一小学")
    here.rollback()
    assert here.scalar(select(Office.id).where(Office.name == f"{mother.account_id}之又一小学")) is None
    father = makers.person_of(here, makers.an_account(here, "父亲"))
    assert name_one(here, father, f"{father.account_id}之小学").id


def test_a_school_that_is_known_may_be_named_again_at_any_time(here, mother) -> None:
    name_as_many_as_allowed(here, mother)
    before = here.scalar(select(func.count()).select_from(Office))
    assert name_one(here, mother, f"{mother.account_id}之0小学").division_code == "510104"
    assert here.scalar(select(func.count()).select_from(Office)) == before


def test_a_day_later_he_may_name_others(here, mother) -> None:
    name_as_many_as_allowed(here, mother)
    with clock.freeze(clock.now() + NEW_SCHOOLS_WINDOW + timedelta(seconds=1)):
        assert name_one(here, mother, f"{mother.account_id}之明天小学").id


def test_what_was_not_entered_in_the_end_does_not_count(here, mother) -> None:
    here.commit()
    for number in range(MOST_NEW_SCHOOLS + 1):
        name_one(here, mother, f"{mother.account_id}之{number}小学")
        here.rollback()


def test_the_page_says_until_when_and_keeps_what_was_typed(here, mother) -> None:
    name_as_many_as_allowed(here, mother)
    entry = as_typed(a_newcomer(), school="没人听说过的小学")
    with a_site(here) as site:
        answer = site.visitor(mother).post("/children/new", **entry)
    assert answer.status_code == 429
    assert "as many new schools as one person may in a day" in said(answer)
    assert 'value="没人听说过的小学"' in answer.text
