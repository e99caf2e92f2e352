"""Whoever must not decide a task by now neither claims it nor is handed it, nor keeps a claim on it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models import Account, Task
from models.enums import Outcome, Role
from tests.webapp.asking.asked import COUNTY
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, a_road
from tests.webapp.standing_in import stands_in
from webapp import errors
from webapp.policy import Person
from webapp.services.cases.claims import NoColleague, NotToClaim, claim, colleagues, hand_over, say_of
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.people.accounts import person_now
from webapp.services.rounds import begin_day

pytestmark = pytest.mark.slow


@pytest.fixture
def signed(session: Session) -> Iterator[Road]:
    """The county's handler and chief sign each case (会签)."""
    with in_force(session, "transfer", with_step("transfer", "in_county", role="handler chief", mode="all")):
        yield a_road(session)


def _now(road: Road, account_id: int) -> Person:
    found = person_now(road.session, account_id)
    assert found is not None
    return found


def _approves(road: Road, person: Person, task: Task) -> None:
    decide(road.session, person, task.id, outcome=Outcome.APPROVE, version=task.change_request.version)


def _both_posts(road: Road, handlers: Task) -> Person:
    """The handler, who holds the chief's post too."""
    account = road.session.get_one(Account, road.officer(handlers).account_id)
    makers.an_officer(road.session, handlers.office, Role.CHIEF, account=account)
    road.session.commit()
    return _now(road, account.id)


def test_whoever_has_signed_beside_claims_no_other_signature_and_is_handed_none(signed: Road) -> None:
    case = signed.applied()
    signed.approve_until(case, COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    both, chief = _both_posts(signed, handlers), signed.officer(chiefs)
    assert both.account_id in {account.id for account in colleagues(signed.session, chief, chiefs)}
    _approves(signed, both, handlers)
    assert both.account_id not in {account.id for account in colleagues(signed.session, chief, chiefs)}
    assert not say_of(signed.session, both, chiefs, case.student_id).may_claim
    with pytest.raises(NotToClaim):
        claim(signed.session, both, chiefs.id)
    signed.session.rollback()
    with pytest.raises(NoColleague):
        hand_over(signed.session, chief, chiefs.id, both.account_id)


def test_what_he_had_claimed_before_he_signed_beside_is_everybodys(signed: Road) -> None:
    case = signed.applied()
    signed.approve_until(case, COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    both = _both_posts(signed, handlers)
    claim(signed.session, both, chiefs.id)
    _approves(signed, both, handlers)
    signed.session.expire_all()
    assert chiefs.claimed_by_id is None
    assert complaints(signed.session, case) == []
    _approves(signed, signed.officer(chiefs), chiefs)


def test_what_is_claimed_by_who_may_decide_it_stays_claimed_when_another_signs_beside(signed: Road) -> None:
    case = signed.applied()
    signed.approve_until(case, COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    chief = signed.officer(chiefs)
    claim(signed.session, chief, chiefs.id)
    _approves(signed, signed.officer(handlers), handlers)
    signed.session.expire_all()
    assert chiefs.claimed_by_id == chief.account_id


def test_a_claim_lapses_too_if_the_one_for_whom_he_acts_has_signed_beside(signed: Road) -> None:
    case = signed.applied()
    signed.approve_until(case, COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    both = _both_posts(signed, handlers)
    deputy = makers.an_officer(signed.session, handlers.office, Role.DEPUTY)
    post = next(post for post in both.posts if post.role == Role.CHIEF)
    claim(signed.session, stands_in(signed.session, both, deputy, post=post), chiefs.id)
    _approves(signed, both, handlers)
    signed.session.expire_all()
    assert chiefs.claimed_by_id is None


def test_whoever_has_become_a_guardian_is_handed_nothing_and_keeps_no_claim(road: Road) -> None:
    session = road.session
    case = road.applied()
    task = road.approve_until(case, COUNTY)
    colleague = makers.an_officer(session, task.office, Role.HANDLER)
    claim(session, colleague, task.id)
    makers.a_guardian(session, road.student, account=session.get_one(Account, colleague.account_id))
    session.commit()
    begin_day(session)
    session.expire_all()
    assert task.claimed_by_id is None
    with pytest.raises(NoColleague):
        hand_over(session, road.officer(task), task.id, colleague.account_id)
    session.rollback()
    with pytest.raises(errors.OwnChild):
        claim(session, _now(road, colleague.account_id), task.id)
