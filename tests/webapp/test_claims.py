"""Who of several holders takes a task: claimed (领取), given back (释放), handed over (转办)."""

import pytest
from sqlalchemy import select

from models import Account, Notice, Outbox, Task
from models.enums import EventKind, NoticeKind, Outcome, Role
from tests.webapp.road import Road, work_off
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.cases.claims import (
    ClaimedByColleague,
    NoColleague,
    NotClaimed,
    NotToClaim,
    claim,
    colleagues,
    hand_over,
    release,
)
from webapp.services.cases.closings import TaskClosed
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.notices import outbox
from webapp.services.notices.news import notices_for
from webapp.services.offices.addressees import reroute_tasks
from webapp.services.offices.appointments import dismiss


@pytest.fixture
def task(road: Road) -> Task:
    """The receiving registrar's."""
    return road.open_task(road.applied())


@pytest.fixture
def one(road: Road, task: Task) -> Person:
    return road.officer(task)


@pytest.fixture
def other(road: Road) -> Person:
    """A colleague who is a registrar there too."""
    person = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    road.session.commit()
    return person


@pytest.fixture
def lead(road: Road) -> Person:
    return road.officers[road.receiving.id, Role.LEAD]


def decides(road: Road, person: Person, task: Task) -> None:
    version = task.change_request.version
    decide(road.session, person, task.id, outcome=Outcome.APPROVE, version=version)


def test_what_is_claimed_is_decided_by_nobody_else(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    claim(road.session, one, task.id)
    with pytest.raises(ClaimedByColleague) as refused:
        decides(road, other, task)
    assert refused.value.facts["name"] == one.name
    road.session.rollback()
    decides(road, one, task)


def test_who_comes_after_whoever_claimed_and_decided_it_reads_that_it_is_decided(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    version = task.change_request.version
    claim(road.session, one, task.id)
    decides(road, one, task)
    with pytest.raises(errors.AlreadyDecided):
        decide(road.session, other, task.id, outcome=Outcome.APPROVE, version=version)


def test_a_claim_leaves_the_page_of_a_colleague_as_good_as_it_was(
    road: Road, task: Task, one: Person
) -> None:
    version = task.change_request.version
    claim(road.session, one, task.id)
    assert task.change_request.version == version
    assert [event.kind for event in task.change_request.events] == [EventKind.OPENED, EventKind.CLAIMED]


def test_of_two_who_claim_it_the_second_reads_who_was_first(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    claim(road.session, one, task.id)
    claim(road.session, one, task.id)
    with pytest.raises(ClaimedByColleague):
        claim(road.session, other, task.id)
    assert len(task.change_request.events) == 2


def test_what_is_given_back_is_everybodys_again(road: Road, task: Task, one: Person, other: Person) -> None:
    claim(road.session, one, task.id)
    release(road.session, one, task.id)
    decides(road, other, task)


def test_a_colleague_does_not_give_back_anothers_claim_and_the_lead_does(
    road: Road, task: Task, one: Person, other: Person, lead: Person
) -> None:
    with pytest.raises(NotClaimed):
        release(road.session, one, task.id)
    road.session.rollback()
    claim(road.session, one, task.id)
    with pytest.raises(ClaimedByColleague):
        release(road.session, other, task.id)
    road.session.rollback()
    release(road.session, lead, task.id)
    decides(road, other, task)


def test_a_task_is_handed_over_to_a_colleague_who_is_told(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    assert [account.id for account in colleagues(road.session, one, task)] == [other.account_id]
    hand_over(road.session, one, task.id, other.account_id)
    with pytest.raises(ClaimedByColleague):
        decides(road, one, task)
    road.session.rollback()
    work_off(road.session)
    told = select(Notice.account_id).where(Notice.task_id == task.id, Notice.kind == NoticeKind.HANDED_OVER)
    assert road.session.scalars(told).all() == [other.account_id]
    decides(road, other, task)


def test_whoever_acts_for_whom_it_is_handed_over_to_is_told_too(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    acting = stands_in(road.session, other, colleague)
    hand_over(road.session, one, task.id, other.account_id)
    work_off(road.session)
    for person, told in ((acting, True), (other, True), (one, False)):
        kinds = {notice.kind for notice in notices_for(road.session, person).notices}
        assert (NoticeKind.HANDED_OVER in kinds) is told


@pytest.mark.parametrize("batch", [1, outbox.BATCH], ids=["apart", "together"])
def test_what_is_handed_over_twice_is_told_once_to_whom_it_is_in_the_end(
    road: Road, task: Task, one: Person, other: Person, *, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(outbox, "BATCH", batch)
    third = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    road.session.commit()
    hand_over(road.session, one, task.id, other.account_id)
    hand_over(road.session, other, task.id, third.account_id)
    while road.session.scalar(select(Outbox.id).limit(1)):
        outbox.drain(road.session)
    told = select(Notice.account_id).where(Notice.task_id == task.id, Notice.kind == NoticeKind.HANDED_OVER)
    assert road.session.scalars(told).all() == [third.account_id]


def test_nothing_is_handed_over_to_who_does_not_hold_the_post_or_may_not_decide(
    road: Road, task: Task, one: Person, lead: Person
) -> None:
    parent = makers.an_officer(
        road.session,
        road.receiving,
        Role.REGISTRAR,
        account=road.session.get_one(Account, road.guardian.account_id),
    )
    for unfit in (lead, road.guardian, parent, one):
        with pytest.raises(NoColleague):
            hand_over(road.session, one, task.id, unfit.account_id)
        road.session.rollback()


def test_whoever_has_no_such_post_claims_nothing(road: Road, task: Task) -> None:
    stranger = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    for nobody in (stranger, road.guardian):
        with pytest.raises(errors.NotAllowed):
            claim(road.session, nobody, task.id)
        road.session.rollback()


def test_a_decided_task_is_claimed_by_nobody(road: Road, task: Task, one: Person) -> None:
    decides(road, one, task)
    with pytest.raises(TaskClosed):
        claim(road.session, one, task.id)


def test_a_claim_lapses_when_whoever_has_it_leaves_the_post(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    claim(road.session, one, task.id)
    dismiss(road.session, one.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    road.session.commit()
    decides(road, other, task)


def test_the_lead_of_an_office_claims_nothing_that_he_could_not_decide(
    road: Road, task: Task, lead: Person
) -> None:
    with pytest.raises(errors.NotAllowed):
        claim(road.session, lead, task.id)


def test_whoever_may_not_decide_a_task_does_not_claim_it(road: Road, task: Task, lead: Person) -> None:
    road.approve_until(task.change_request, "receiving_authorities/in_county")
    of_county = road.open_task(task.change_request)
    account = road.session.get_one(Account, lead.account_id)
    both = makers.an_officer(road.session, of_county.office, Role.HANDLER, account=account)
    reroute_tasks(road.session, [of_county.id], clock.today())
    road.session.commit()
    with pytest.raises(NotToClaim):
        claim(road.session, both, of_county.id)


def test_a_substitute_gives_back_what_the_one_who_is_away_has_claimed(
    road: Road, task: Task, one: Person, other: Person
) -> None:
    claim(road.session, one, task.id)
    principal = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    release(road.session, stands_in(road.session, one, principal), task.id)
    assert task.claimed_by_id is None
