"""Who must not decide a task does not, and it finds somebody who may: separation of duties, own children, vacancies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import (
    Account,
    Membership,
    Office,
    Task,
)
from models.enums import (
    CaseState,
    Outcome,
    Role,
)
from tests.webapp.road import Road, kept
from webapp import errors
from webapp.policy import Person
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.offices.addressees import vacancies


@pytest.fixture
def county_lead(road: Road, session: Session) -> Iterator[Person]:
    """The lead of the receiving county, above whom nobody is in office."""
    _others_leave(session, road)
    lead = makers.an_officer(session, _superior_of(session, road), Role.LEAD)
    session.commit()
    yield lead
    _leaves(session, lead)


def test_who_checked_may_not_also_review(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    registrar = road.officer(task)
    account = _account(session, registrar.account_id)
    both = makers.an_officer(session, road.receiving, Role.LEAD, account=account)
    session.commit()
    road.approve(case)
    review = road.open_task(case)
    assert (asked(review), kept(review)) == (
        (road.receiving.id, Role.LEAD, False),
        {registrar.account_id, road.guardian.account_id},
    )
    with pytest.raises(errors.DutiesSeparated):
        decide(session, both, review.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_registrar_who_began_the_case_checks_it_but_does_not_review_it(
    road: Road, session: Session
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    colleague = makers.an_officer(session, road.receiving, Role.REGISTRAR)
    both = makers.an_officer(
        session, road.receiving, Role.LEAD, account=_account(session, registrar.account_id)
    )
    begun = replace(road, guardian=both)
    case = begun.applied()
    check = road.open_task(case)
    assert both.account_id not in kept(check)
    decide(session, colleague, check.id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert {both.account_id, colleague.account_id} < kept(review)
    with pytest.raises(errors.DutiesSeparated, match="opened"):
        decide(session, both, review.id, outcome=Outcome.APPROVE, version=case.version)


def test_the_lead_who_stood_in_for_the_registrar_is_followed_by_the_countys_lead(
    road: Road, session: Session, county_lead: Person
) -> None:
    lead = road.officers[road.receiving.id, Role.LEAD]
    _leaves(session, road.officers[road.receiving.id, Role.REGISTRAR])
    case = road.applied()
    check = road.open_task(case)
    assert asked(check) == (road.receiving.id, Role.LEAD, True)
    decide(session, lead, check.id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert (review.seat_office_id, review.seat_role) == (road.receiving.id, Role.LEAD)
    assert asked(review) == (road.receiving.superior_id, Role.LEAD, True)
    decide(session, county_lead, review.id, outcome=Outcome.APPROVE, version=case.version)
    assert road.open_task(case).step == "receiving_authorities/in_county"


def test_the_pupils_parent_is_not_asked_though_he_is_the_only_handler(
    road: Road, session: Session, county_lead: Person
) -> None:
    handler = road.officers[road.receiving.superior_id or 0, Role.HANDLER]
    makers.a_guardian(session, road.student, account=_account(session, handler.account_id))
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    assert asked(task) == (road.receiving.superior_id, Role.LEAD, True)
    decide(session, county_lead, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert road.open_task(case).step == "out_registrar"


def test_where_everybody_took_part_the_task_stays_at_its_seat_in_the_list_of_vacancies(
    road: Road, session: Session
) -> None:
    _others_leave(session, road)
    lead = road.officers[road.receiving.id, Role.LEAD]
    _leaves(session, road.officers[road.receiving.id, Role.REGISTRAR])
    case = road.applied()
    decide(session, lead, road.open_task(case).id, outcome=Outcome.APPROVE, version=case.version)
    review = road.open_task(case)
    assert asked(review) == (road.receiving.id, Role.LEAD, True)
    with pytest.raises(errors.DutiesSeparated):
        decide(session, lead, review.id, outcome=Outcome.APPROVE, version=case.version)
    listed = [(seat.office_id, seat.role) for seat in vacancies(session, road.receiving.id)]
    assert listed == [(road.receiving.id, Role.LEAD)]


def test_nobody_decides_on_their_own_child(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    account = _account(session, road.officer(task).account_id)
    parent = makers.a_guardian(session, road.student, account=account)
    session.commit()
    with pytest.raises(errors.OwnChild):
        decide(session, parent, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_a_seat_nobody_holds_is_answered_by_the_lead_above(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case)
    session.execute(
        update(Membership)
        .where(Membership.office_id == road.receiving.superior_id)
        .values(valid_to=date(2025, 1, 1))
    )
    city = makers.an_officer(session, _city_of(session, road), Role.LEAD)
    session.commit()
    road.approve(case)
    task = road.open_task(case)
    assert (task.seat_role, task.role, task.office_id, task.vacant) == (
        Role.HANDLER,
        Role.LEAD,
        city.posts[0].office_id,
        True,
    )
    assert (
        decide(session, city, task.id, outcome=Outcome.APPROVE, version=case.version).state
        == CaseState.IN_REVIEW
    )
    session.execute(
        update(Membership).where(Membership.office_id == road.receiving.superior_id).values(valid_to=None)
    )
    session.commit()


def asked(task: Task) -> tuple[int, Role, bool]:
    return (task.office_id, task.role, task.vacant)


def _account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)


def _leaves(session: Session, officer: Person) -> None:
    session.execute(
        update(Membership)
        .where(Membership.account_id == officer.account_id)
        .values(valid_to=date(2025, 1, 1))
    )
    session.commit()


def _others_leave(session: Session, road: Road) -> None:
    """The bureaus above the receiving school keep the road's own officers only."""
    session.execute(
        update(Membership)
        .where(
            Membership.office_id.in_(road.receiving.path[:-1]),
            Membership.account_id.not_in([officer.account_id for officer in road.officers.values()]),
        )
        .values(valid_to=date(2025, 1, 1))
    )
    session.commit()


def _superior_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.superior_id)


def _city_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.path[-3])
