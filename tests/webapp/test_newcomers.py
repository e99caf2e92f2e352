"""A child at a school of another province (外省转入), entered by its family."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Guardianship, Office, Student
from models.enums import Sex, Stage
from tests.webapp.newcomers import a_newcomer, as_typed
from tests.webapp.site import Site, a_site, said
from webapp.services.changes.kinds.transfer import NoSuchGrade
from webapp.services.demo import makers
from webapp.services.exchange.newcomers import (
    NameHasBlanks,
    Newcomer,
    NumberDoesNotFit,
    TimesDoNotFit,
    enter,
)
from webapp.services.exchange.schools_elsewhere import ServedHere, divisions_elsewhere
from webapp.services.people.throttle import FAILED_LOOK_UPS, TooManyFailedLookUps
from webapp.services.registry.held_numbers import NumberIsKnown
from webapp.services.registry.numbers import NationalNumberMalformed


@pytest.fixture
def here(session: Session) -> Session:
    """A session on a deployment that serves Henan alone."""
    settings = session.info["settings"].model_copy(update={"provinces": ("41",)})
    session.info["settings"] = settings
    return session


def a_mother(session: Session):
    return makers.person_of(session, makers.an_account(session, "家长"))


def test_a_child_is_bound_to_whoever_enters_it_and_stands_at_its_school_elsewhere(here) -> None:
    mother, newcomer = a_mother(here), a_newcomer()
    student = enter(here, mother, newcomer)
    record = here.scalars(select(Enrolment).where(Enrolment.student_id == student.id)).one()
    assert (record.school.name, record.school.division_code, record.grade) == ("锦江小学", "510104", 4)
    bound = select(Guardianship.account_id).where(Guardianship.student_id == student.id)
    assert here.scalars(bound).all() == [mother.account_id]


def test_a_second_child_of_the_same_school_finds_it(here) -> None:
    schools = [
        here.scalars(select(Enrolment.school_id).where(Enrolment.student_id == student.id)).one()
        for student in (enter(here, a_mother(here), a_newcomer()) for _ in range(2))
    ]
    assert schools[0] == schools[1]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": "林 小禾"}, NameHasBlanks),
        ({"name": "林\u3000小禾"}, NameHasBlanks),
        ({"birth_date": date(2015, 1, 16)}, NumberDoesNotFit),
        ({"since": date(2014, 9, 1)}, TimesDoNotFit),
        ({"since": date(2999, 9, 1)}, TimesDoNotFit),
        ({"sex": Sex.MALE}, NumberDoesNotFit),
        ({"registry_number": "G5101042015011500"}, NationalNumberMalformed),
        ({"division_code": "410323"}, ServedHere),
        ({"stage": Stage.SENIOR_HIGH, "grade": 4}, NoSuchGrade),
        ({"stage": Stage.VOCATIONAL, "grade": 7}, NoSuchGrade),
    ],
    ids=lambda case: case.__name__ if isinstance(case, type) else next(iter(case)),
)
def test_what_the_platform_would_send_back_is_refused_before_the_chain(here, wrong, refusal) -> None:
    newcomer = replace(a_newcomer(), **wrong)
    with pytest.raises(refusal):
        enter(here, a_mother(here), newcomer)
    here.rollback()
    assert here.scalar(select(Student).where(Student.registry_number == newcomer.registry_number)) is None


def a_pupil_here(session: Session) -> Newcomer:
    """A pupil of a school in Henan, as somebody enters him as if he were at one elsewhere."""
    newcomer = a_newcomer()
    makers.a_student(session, makers.a_school(session, "410325"), number=newcomer.registry_number)
    session.commit()
    return newcomer


def test_a_number_that_is_in_the_registry_here_is_nobody_elses_to_enter(here) -> None:
    newcomer = a_pupil_here(here)
    with pytest.raises(NumberIsKnown):
        enter(here, a_mother(here), replace(newcomer, school="青羊小学"))
    here.rollback()
    assert here.scalar(select(Office.id).where(Office.name == "青羊小学")) is None


def test_whoever_tries_one_number_after_another_is_shut_out(here) -> None:
    newcomer, stranger = a_pupil_here(here), a_mother(here)
    for _ in range(FAILED_LOOK_UPS):
        with pytest.raises(NumberIsKnown):
            enter(here, stranger, newcomer)
        here.rollback()
    with pytest.raises(TooManyFailedLookUps):
        enter(here, stranger, a_newcomer())


@pytest.fixture
def site(here: Session) -> Iterator[Site]:
    with a_site(here) as site:
        yield site


def test_a_family_enters_a_child_and_goes_on_to_choose_a_school_here(site, here) -> None:
    visitor = site.visitor(a_mother(here))
    newcomer = a_newcomer()
    answer = visitor.post("/children/new", **as_typed(newcomer))
    assert answer.status_code == 303, said(answer)
    page = visitor.reads(answer.headers["Location"])
    assert "Which school shall 林小禾 go to?" in page
    assert "河南省" in page
    assert "四川省" not in page


def test_a_wrong_entry_is_told_and_keeps_what_was_typed(site, here) -> None:
    visitor = site.visitor(a_mother(here))
    entry = as_typed(a_newcomer(), name="林 小禾")
    answer = visitor.post("/children/new", **entry)
    assert answer.status_code == 422
    assert "without blanks" in said(answer)
    assert 'value="林 小禾"' in answer.text


def test_a_number_that_is_known_is_told_on_the_page_and_nothing_typed_is_lost(site, here) -> None:
    newcomer = a_pupil_here(here)
    answer = site.visitor(a_mother(here)).post("/children/new", **as_typed(newcomer))
    assert answer.status_code == 409
    assert "in the registry here already" in said(answer)
    assert f'value="{newcomer.registry_number}"' in answer.text


def test_only_provinces_that_are_not_served_are_offered(here) -> None:
    codes = {division.code[:2] for division in divisions_elsewhere(here)}
    assert "41" not in codes
    assert {"11", "51", "65"} <= codes
