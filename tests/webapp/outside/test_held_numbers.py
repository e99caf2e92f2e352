"""A number that somebody typed keeps the child's own family out only while offices look at it (外省转入)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Guardianship, Student
from models.enums import CaseState, Outcome
from tests.webapp.newcomers import a_newcomer, as_typed
from tests.webapp.outside.answers import agrees, told
from tests.webapp.site import a_site, said
from tests.webapp.waiting import until_one_waits
from webapp.policy import Person
from webapp.services.cases.corrections import withdraw
from webapp.services.demo import makers
from webapp.services.exchange.newcomers import Newcomer, correct, enter
from webapp.services.exchange.outside import Code, refuse_validation
from webapp.services.people.throttle import FAILED_LOOK_UPS, TooManyFailedLookUps
from webapp.services.registry.held_numbers import NumberAppliedFor, NumberIsKnown

pytestmark = pytest.mark.slow


@pytest.fixture
def stranger(here) -> Person:
    return somebody(here)


@pytest.fixture
def mother(here) -> Person:
    return somebody(here)


def somebody(session: Session) -> Person:
    return makers.person_of(session, makers.an_account(session, "家长"))


def the_same(student: Student) -> Newcomer:
    """The child of an application, as its own family enters it."""
    return replace(a_newcomer(), registry_number=str(student.registry_number))


def guardians_of(session: Session, student: Student) -> list[int]:
    bound = select(Guardianship.account_id).where(Guardianship.student_id == student.id)
    return list(session.scalars(bound))


def test_an_entry_that_nobody_has_applied_on_keeps_nobody_out(here, stranger, mother) -> None:
    newcomer = a_newcomer()
    theirs = enter(here, stranger, replace(newcomer, name="别人写的名字"))
    ours = enter(here, mother, newcomer)
    here.refresh(theirs)
    assert (ours.name, ours.registry_number) == (newcomer.name, newcomer.registry_number)
    assert (theirs.registry_number, theirs.number_kind) == (None, None)
    assert (guardians_of(here, theirs), guardians_of(here, ours)) == ([], [mother.account_id])


def test_whoever_errs_enters_the_same_child_anew(here, mother) -> None:
    newcomer = a_newcomer()
    enter(here, mother, newcomer)
    again = enter(here, mother, replace(newcomer, school="武侯小学"))
    assert again.enrolments[0].school.name == "武侯小学"
    bound = select(func.count()).where(Guardianship.account_id == mother.account_id)
    assert here.scalars(bound).one() == 1


def test_while_offices_look_at_an_application_the_next_one_reads_what_to_do(inbound, mother, here) -> None:
    inbound.applied()
    newcomer = the_same(inbound.student)
    with a_site(here) as site:
        answer = site.visitor(mother).post("/children/new", **as_typed(newcomer))
    assert answer.status_code == 409
    assert "show the registry sheet to the school that you want" in said(answer)
    assert guardians_of(here, inbound.student) == [inbound.guardian.account_id]


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_an_application_that_has_ended_holds_no_number(inbound, mother, here, end) -> None:
    case = inbound.applied()
    if end == "rejected":
        inbound.decide(case, Outcome.REJECT, "没有监护证明")
    else:
        withdraw(here, inbound.guardian, case.id)
    assert inbound.state_of(case) == CaseState(end)
    ours = enter(here, mother, the_same(inbound.student))
    assert guardians_of(here, ours) == [mother.account_id]


def test_a_child_whom_its_province_has_confirmed_is_known_from_then_on(
    inbound, asked, partner, mother, here
) -> None:
    newcomer = the_same(inbound.student)
    agrees(partner, inbound, asked)
    with pytest.raises(NumberIsKnown):
        enter(here, mother, newcomer)
    here.rollback()
    agrees(partner, inbound, asked)
    assert inbound.approve(asked) == CaseState.COMPLETED
    with pytest.raises(NumberIsKnown):
        enter(here, mother, newcomer)


def test_a_number_is_corrected_to_one_that_somebody_else_has_only_typed(
    inbound, asked, partner, stranger, here
) -> None:
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    here.commit()
    right = a_newcomer()
    theirs = enter(here, stranger, right)
    correct(here, inbound.guardian, asked.id, inbound.student.name, right.registry_number)
    here.refresh(theirs)
    assert (inbound.student.registry_number, theirs.registry_number) == (right.registry_number, None)


def test_another_application_keeps_a_number_from_being_corrected_to_its_own(
    inbound, asked, partner, stranger, here
) -> None:
    task = inbound.open_task(asked)
    refuse_validation(here, task.id, [Code.DATA_WRONG], actor_id=partner.id, evidence=told())
    other = makers.a_student(here, inbound.receiving, number=a_newcomer().registry_number)
    here.commit()
    with pytest.raises(NumberIsKnown):
        correct(here, inbound.guardian, asked.id, inbound.student.name, str(other.registry_number))


def test_whoever_takes_one_number_after_another_is_shut_out(here, stranger) -> None:
    newcomers = [a_newcomer() for _ in range(FAILED_LOOK_UPS + 1)]
    for newcomer in newcomers:
        enter(here, somebody(here), newcomer)
    for newcomer in newcomers[:-1]:
        enter(here, stranger, newcomer)
    with pytest.raises(TooManyFailedLookUps):
        enter(here, stranger, newcomers[-1])


def test_a_child_that_is_entered_four_times_at_once_is_one_child(here) -> None:
    mother, newcomer = somebody(here), a_newcomer()
    bind, info = here.get_bind(), here.info
    here.commit()

    def enters(_number: int) -> int:
        with Session(bind, info=info) as own:
            return enter(own, mother, newcomer).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(enters, range(4)))) == 1


def test_of_two_who_enter_a_number_at_the_same_moment_one_is_told(here, mother) -> None:
    newcomer = a_newcomer()
    here.commit()
    makers.a_student(here, makers.a_school(here, "410325"), number=newcomer.registry_number)

    def enters_too() -> None:
        with Session(here.get_bind(), info=here.info) as own:
            enter(own, mother, newcomer)

    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(enters_too)
        until_one_waits(here, second)
        here.commit()
        with pytest.raises(NumberIsKnown):
            second.result()


def test_no_two_of_them_can_apply_for_one_child(inbound, stranger, mother, here) -> None:
    """H1: there is one entry to a number, and one application to an entry."""
    newcomer = the_same(inbound.student)
    inbound.applied()
    for person in (stranger, mother):
        with pytest.raises(NumberAppliedFor):
            enter(here, person, newcomer)
        here.rollback()
