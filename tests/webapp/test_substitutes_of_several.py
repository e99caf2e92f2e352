"""Whoever acts for several colleagues, or in a post that he holds himself: each task once, and by the post that may."""

import pytest

from models import Account
from models.enums import Outcome, Role
from tests.webapp.road import Road
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.claims import claim
from webapp.services.cases.decisions import decide
from webapp.services.cases.inbox import Counts, counts, open_tasks
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def _acts_for(road: Road, substitute: Person, *absent: Person) -> Person:
    return [stands_in(road.session, each, substitute) for each in absent][-1]


@pytest.fixture
def parent(road: Road) -> Person:
    """The receiving school's registrar, whose child it is."""
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    account = road.session.get_one(Account, registrar.account_id)
    makers.a_guardian(road.session, road.student, account=account)
    return registrar


@pytest.fixture
def other(road: Road) -> Person:
    """Another registrar there."""
    return makers.an_officer(road.session, road.receiving, Role.REGISTRAR)


@pytest.fixture
def principal(road: Road) -> Person:
    return makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)


def test_whoever_acts_in_a_post_that_he_holds_reads_each_task_once(road: Road, other: Person) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    both = _acts_for(road, other, registrar)
    task = road.open_task(road.applied())
    assert [row.task_id for row in open_tasks(road.session, both).rows] == [task.id]
    assert counts(road.session, both, clock.today()) == Counts(open=1, overdue=0)


def test_whoever_acts_for_two_decides_for_the_one_whose_child_it_is_not(
    road: Road, parent: Person, other: Person, principal: Person
) -> None:
    both = _acts_for(road, principal, parent, other)
    case = road.applied()
    task = road.open_task(case)
    claim(road.session, both, task.id)
    decide(road.session, both, task.id, outcome=Outcome.APPROVE, version=case.version)
    road.session.expire_all()
    assert task.ended_for_id == other.account_id
    away = {event.payload["instead_of"]["id"] for event in case.events[1:]}
    assert away == {other.account_id}


@pytest.mark.usefixtures("other")
def test_whoever_acts_for_the_parent_alone_does_not(road: Road, parent: Person, principal: Person) -> None:
    case = road.applied()
    task = road.open_task(case)
    with pytest.raises(errors.OwnChild):
        decide(
            road.session,
            _acts_for(road, principal, parent),
            task.id,
            outcome=Outcome.APPROVE,
            version=case.version,
        )


def test_whoever_acts_for_two_decides_what_the_second_has_claimed(
    road: Road, other: Person, principal: Person
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    case = road.applied()
    task = road.open_task(case)
    claim(road.session, other, task.id)
    both = _acts_for(road, principal, registrar, other)
    decide(road.session, both, task.id, outcome=Outcome.APPROVE, version=case.version)
    road.session.expire_all()
    assert task.ended_for_id == other.account_id
