"""Who must not decide a task does not, and it finds somebody who may: separation of duties, own children, vacancies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Membership, Office, Task
from models.enums import Ask, CaseState, Outcome, Role
from tests.webapp.road import Road, kept
from webapp import errors
from webapp.policy import Person
from webapp.services.cases.answers import answer
from webapp.services.cases.asks import send_back_to
from webapp.services.cases.claims import NotToClaim, claim
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


@pytest.fixture
def city_lead(road: Road, session: Session) -> Iterator[Person]:
    """The lead of the receiving county's city, in which the county has nobody."""
    _others_leave(session, road)
    _leaves(session, road.officers[road.receiving.superior_id or 0, Role.HANDLER])
    lead = makers.an_officer(session, _city_of(session, road), Role.LEAD)
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


def test_who_decided_in_the_countys_stead_is_not_asked_in_a_schools(
    road: Road, session: Session, city_lead: Person
) -> None:
    """Nobody decides for two offices: whose seats they are counts, and not that the city was asked both times."""
    makers.an_officer(session, _city_of(session, road), Role.LEAD)
    case, in_county = _decided_in_the_countys_stead(road, city_lead)
    _leaves(session, road.officers[road.releasing.id, Role.LEAD])
    agreeing = road.approve_until(case, "out_lead")
    assert asked(agreeing) == asked(in_county)
    assert city_lead.account_id in kept(agreeing)
    with pytest.raises(NotToClaim):
        claim(session, city_lead, agreeing.id)
    session.rollback()
    with pytest.raises(errors.DutiesSeparated):
        decide(session, city_lead, agreeing.id, outcome=Outcome.APPROVE, version=case.version)


def test_who_decided_in_the_countys_stead_is_asked_to_look_again(
    road: Road, session: Session, city_lead: Person
) -> None:
    case, in_county = _decided_in_the_countys_stead(road, city_lead)
    following = road.open_task(case)
    officer = road.officer(following)
    reason = "请再核对"
    send_back_to(session, officer, following.id, to_task_id=in_county.id, reason=reason, version=case.version)
    look = next(task for task in road.open_tasks(case) if task.ask == Ask.SECOND_LOOK)
    assert asked(look) == asked(in_county)
    answer(session, city_lead, look.id, opinion="情况属实", version=case.version)
    assert road.open_task(case) is following


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


def _decided_in_the_countys_stead(road: Road, city_lead: Person) -> tuple[ChangeRequest, Task]:
    """A case that the lead of the city approved for the receiving county, and the task."""
    case = road.applied()
    task = road.approve_until(case, "receiving_authorities/in_county")
    assert asked(task) == (_city_of(road.session, road).id, Role.LEAD, True)
    decide(road.session, city_lead, task.id, outcome=Outcome.APPROVE, version=case.version)
    return case, task


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
    """The bureaus above both schools keep the road's own officers only."""
    session.execute(
        update(Membership)
        .where(
            Membership.office_id.in_([*road.receiving.path[:-1], *road.releasing.path[:-1]]),
            Membership.account_id.not_in([officer.account_id for officer in road.officers.values()]),
        )
        .values(valid_to=date(2025, 1, 1))
    )
    session.commit()


def _superior_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.superior_id)


def _city_of(session: Session, road: Road) -> Office:
    return session.get_one(Office, road.receiving.path[-3])
