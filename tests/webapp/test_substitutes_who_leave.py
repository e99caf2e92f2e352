"""A substitute (代理) acts while both still work in the office: who has left is shut out, and who acts for him."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models import Account, Task
from models.enums import Outcome, Role
from tests.webapp.doctoring import complaints
from tests.webapp.posted import mail_of, reached
from tests.webapp.road import Road, work_off
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person, post_for
from webapp.services.cases.claims import claim, colleagues
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.people.accounts import person_now
from webapp.services.people.closing import close

pytestmark = pytest.mark.slow

A_DAY = timedelta(days=1)


@pytest.fixture
def away(road: Road) -> Person:
    """The receiving school's registrar."""
    return road.officers[road.receiving.id, Role.REGISTRAR]


@pytest.fixture
def colleague(road: Road) -> Person:
    """Another registrar there, so that there are two to choose from."""
    return makers.an_officer(road.session, road.receiving, Role.REGISTRAR)


@pytest.fixture
def substitute(road: Road, away: Person, colleague: Person) -> Person:
    """The principal and deputy, who acts for the registrar."""
    principal = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    account = road.session.get_one(Account, principal.account_id)
    makers.an_officer(road.session, road.receiving, Role.DEPUTY, account=account)
    return stands_in(road.session, away, principal, days=30)


def _now(road: Road, person: Person) -> Person:
    found = person_now(road.session, person.account_id)
    assert found is not None
    return found


def _leaves(road: Road, person: Person, *roles: Role) -> None:
    for role in roles:
        dismiss(road.session, person.account_id, road.receiving.id, role, on=clock.today())
    road.session.commit()


def _acts(road: Road, person: Person) -> bool:
    return post_for(_now(road, person), road.receiving.id, Role.REGISTRAR) is not None


def test_he_acts_until_he_has_left_his_last_post_of_the_office(road: Road, substitute: Person) -> None:
    task = road.open_task(road.applied())
    _leaves(road, substitute, Role.PRINCIPAL)
    assert _acts(road, substitute)
    _leaves(road, substitute, Role.DEPUTY)
    assert not _acts(road, substitute)
    version = task.change_request.version
    with pytest.raises(errors.NotAllowed):
        decide(road.session, _now(road, substitute), task.id, outcome=Outcome.APPROVE, version=version)


def test_a_post_that_decides_nothing_is_not_enough(road: Road, substitute: Person) -> None:
    account = road.session.get_one(Account, substitute.account_id)
    makers.an_officer(road.session, road.receiving, Role.ADMINISTRATOR, account=account)
    _leaves(road, substitute, Role.PRINCIPAL, Role.DEPUTY)
    assert not _acts(road, substitute)


def test_nobody_acts_for_somebody_whose_account_is_closed(
    road: Road, away: Person, substitute: Person
) -> None:
    assert _acts(road, substitute)
    close(road.session, away.account_id)
    road.session.commit()
    assert not _acts(road, substitute)


def _the_substitute_leaves(road: Road, _: Person, substitute: Person) -> None:
    _leaves(road, substitute, Role.PRINCIPAL, Role.DEPUTY)


def _the_absent_is_closed(road: Road, away: Person, _: Person) -> None:
    close(road.session, away.account_id)
    road.session.commit()


LEAVING = [_the_substitute_leaves, _the_absent_is_closed]


@pytest.mark.parametrize("leave", LEAVING)
def test_what_he_claimed_is_everybodys_again_and_nothing_is_handed_over_to_him(
    road: Road,
    away: Person,
    colleague: Person,
    substitute: Person,
    leave: Callable[[Road, Person, Person], None],
) -> None:
    case = road.applied()
    task = road.open_task(case)
    claim(road.session, substitute, task.id)
    assert substitute.account_id in _offered(road, colleague, task)
    work_off(road.session)
    leave(road, away, substitute)
    road.session.expire_all()
    assert task.claimed_by_id is None
    assert substitute.account_id not in _offered(road, colleague, task)
    assert complaints(road.session, case) == []


def _offered(road: Road, officer: Person, task: Task) -> set[int]:
    return {account.id for account in colleagues(road.session, officer, task)}


@pytest.mark.parametrize("leave", [None, *LEAVING])
def test_mail_of_the_post_reaches_him_while_he_acts(
    road: Road,
    away: Person,
    substitute: Person,
    leave: Callable[[Road, Person, Person], None] | None,
) -> None:
    with mail_of(road.session) as mail:
        reached(road.session, substitute, "substitute@example.org")
        road.session.commit()
        if leave:
            leave(road, away, substitute)
        road.applied()
        work_off(road.session)
        assert len(mail.mails) == (0 if leave else 1)
