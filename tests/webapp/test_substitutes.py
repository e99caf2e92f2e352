"""Substitutes (代理): a colleague acts in a post while its holder is away, and nobody gains what both may not do."""

import hashlib
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from models import Account, SignIn, Task
from models.enums import CaseState, EventKind, Outcome, Role
from tests.webapp.road import Road, work_off
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person, post_for
from webapp.services.cases.claims import claim, colleagues
from webapp.services.cases.decisions import decide
from webapp.services.cases.inbox import open_tasks
from webapp.services.cases.stopping import revoke
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.people.accounts import account_of
from webapp.services.people.substitutes import (
    DaysWrong,
    NoSuchSubstitute,
    NotYourPost,
    SubstitutedAlready,
    end_substitute,
    name_substitute,
    substitutions_of,
)
from webapp.services.rounds import begin_day

pytestmark = pytest.mark.slow

_tokens = count(1)
A_DAY = timedelta(days=1)


def signed_in(session: Session, account_id: int) -> Person:
    """Who somebody is today, as every request asks."""
    token, now = f"substitute {next(_tokens)}", clock.now()
    hashed = hashlib.sha256(token.encode()).digest()
    sign_in = SignIn(token_hash=hashed, account_id=account_id, created_at=now, expires_at=now + 90 * A_DAY)
    session.add(sign_in)
    session.commit()
    person = account_of(session, token, now)
    assert person is not None
    return person


@pytest.fixture
def away(road: Road) -> Person:
    """The receiving school's registrar."""
    return road.officers[road.receiving.id, Role.REGISTRAR]


@pytest.fixture
def principal(road: Road) -> Person:
    """A colleague of another role, whom no step asks."""
    person = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    road.session.commit()
    return person


def decides(road: Road, person: Person, task: Task) -> CaseState:
    version = task.change_request.version
    return decide(road.session, person, task.id, outcome=Outcome.APPROVE, version=version).state


def test_a_substitute_sees_the_tasks_and_decides_them_and_the_history_names_both(
    road: Road, away: Person, principal: Person
) -> None:
    task = road.open_task(road.applied())
    with pytest.raises(errors.NotAllowed):
        decides(road, signed_in(road.session, principal.account_id), task)
    road.session.rollback()
    substitute = stands_in(road.session, away, principal)
    assert task.id in [row.task_id for row in open_tasks(road.session, substitute).rows]
    decides(road, substitute, task)
    road.session.expire_all()
    assert (task.ended_by_id, task.ended_for_id) == (principal.account_id, away.account_id)
    event = task.change_request.events[-1]
    assert event.actor_id == principal.account_id
    assert event.payload["instead_of"] == {"id": away.account_id, "name": away.name}


def test_whatever_else_he_does_in_the_post_the_history_names_both(
    road: Road, away: Person, principal: Person
) -> None:
    case = road.applied()
    task = road.open_task(case)
    makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    substitute = stands_in(road.session, away, principal)
    claim(road.session, substitute, task.id)
    revoke(road.session, substitute, case.id, reason="家庭不再转学")
    road.session.expire_all()
    kinds = (EventKind.CLAIMED, EventKind.REVOKED)
    named = [event.payload.get("instead_of") for event in case.events if event.kind in kinds]
    assert named == [{"id": away.account_id, "name": away.name}] * 2


def test_he_acts_on_these_days_only(road: Road, away: Person, principal: Person) -> None:
    name_substitute(
        road.session,
        away,
        absent_id=away.account_id,
        post=away.posts[0],
        substitute_id=principal.account_id,
        since=clock.today() + A_DAY,
        last=clock.today() + 2 * A_DAY,
    )
    acts = []
    for days in range(4):
        with clock.freeze(clock.now() + days * A_DAY):
            person = signed_in(road.session, principal.account_id)
        acts.append(post_for(person, road.receiving.id, Role.REGISTRAR) is not None)
    assert acts == [False, True, True, False]


def test_whoever_is_away_keeps_his_post(road: Road, away: Person, principal: Person) -> None:
    task = road.open_task(road.applied())
    stands_in(road.session, away, principal)
    decides(road, signed_in(road.session, away.account_id), task)


def test_a_substitute_decides_neither_on_his_own_child_nor_on_that_of_who_is_away(
    road: Road, away: Person, principal: Person
) -> None:
    task = road.open_task(road.applied())
    makers.a_guardian(road.session, road.student, account=road.session.get_one(Account, away.account_id))
    substitute = stands_in(road.session, away, principal)
    with pytest.raises(errors.OwnChild):
        decides(road, substitute, task)
    road.session.rollback()
    with pytest.raises(errors.OwnChild):
        claim(road.session, substitute, task.id)
    road.session.rollback()
    with pytest.raises(errors.OwnChild):
        revoke(road.session, substitute, task.change_request_id, reason="家庭不再转学")


def test_what_one_of_the_two_decided_keeps_the_other_from_another_offices_decision(
    road: Road, away: Person, principal: Person
) -> None:
    """Nobody decides a case for two offices; nor do two who act for each other."""
    session = road.session
    both = makers.an_officer(
        session, road.releasing, Role.REGISTRAR, account=session.get_one(Account, away.account_id)
    )
    case = road.applied()
    substitute = stands_in(road.session, away, principal)
    decides(road, substitute, road.open_task(case))
    task = road.approve_until(case, "out_registrar")
    with pytest.raises(errors.DutiesSeparated):
        decides(road, signed_in(session, both.account_id), task)


def test_a_substitute_decides_what_who_is_away_had_claimed(
    road: Road, away: Person, principal: Person
) -> None:
    task = road.open_task(road.applied())
    claim(road.session, away, task.id)
    decides(road, stands_in(road.session, away, principal), task)


def test_it_ends_with_the_post_itself(road: Road, away: Person, principal: Person) -> None:
    stands_in(road.session, away, principal, days=30)
    dismiss(road.session, away.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    road.session.commit()
    person = signed_in(road.session, principal.account_id)
    assert post_for(person, road.receiving.id, Role.REGISTRAR) is None


def test_a_substitute_passes_nothing_on(road: Road, away: Person, principal: Person) -> None:
    substitute = stands_in(road.session, away, principal, days=5)
    lead = road.officers[road.receiving.id, Role.LEAD]
    acted_in = post_for(substitute, road.receiving.id, Role.REGISTRAR)
    with pytest.raises(NotYourPost):
        name_substitute(
            road.session,
            substitute,
            absent_id=principal.account_id,
            post=acted_in,
            substitute_id=lead.account_id,
            since=clock.today(),
            last=clock.today(),
        )


def test_only_a_colleague_on_days_to_come_and_one_at_a_time(
    road: Road, away: Person, principal: Person
) -> None:
    stranger = makers.an_officer(road.session, road.releasing, Role.PRINCIPAL)
    today = clock.today()
    given = {"absent_id": away.account_id, "post": away.posts[0]}
    wrong = [
        (NoSuchSubstitute, stranger, today, today),
        (NoSuchSubstitute, away, today, today),
        (NoSuchSubstitute, road.guardian, today, today),
        (DaysWrong, principal, today - A_DAY, today),
        (DaysWrong, principal, today, today - A_DAY),
        (DaysWrong, principal, today, today + 365 * A_DAY),
        (DaysWrong, principal, date.max, date.max),
    ]
    for refusal, person, since, last in wrong:
        with pytest.raises(refusal):
            name_substitute(
                road.session, away, **given, substitute_id=person.account_id, since=since, last=last
            )
        road.session.rollback()
    stands_in(road.session, away, principal, days=365)
    with pytest.raises(SubstitutedAlready):
        stands_in(road.session, away, principal)


def test_the_lead_names_one_for_a_member_and_a_colleague_does_not(
    road: Road, away: Person, principal: Person
) -> None:
    lead = road.officers[road.receiving.id, Role.LEAD]
    given = {
        "absent_id": away.account_id,
        "post": away.posts[0],
        "since": clock.today(),
        "last": clock.today(),
    }
    with pytest.raises(NotYourPost):
        name_substitute(road.session, principal, **given, substitute_id=principal.account_id)
    road.session.rollback()
    name_substitute(road.session, lead, **given, substitute_id=principal.account_id)


def test_it_is_ended_at_once_by_who_is_away_or_the_lead(road: Road, away: Person, principal: Person) -> None:
    substitute = stands_in(road.session, away, principal, days=9)
    [made] = substitutions_of(road.session, away)
    with pytest.raises(NotYourPost):
        end_substitute(road.session, substitute, made.id)
    road.session.rollback()
    with clock.freeze(clock.now() + 2 * A_DAY):
        end_substitute(road.session, away, made.id)
        person = signed_in(road.session, principal.account_id)
        assert post_for(person, road.receiving.id, Role.REGISTRAR) is None
    work_off(road.session)


def test_what_a_substitute_claimed_stays_his_while_he_acts_and_is_everybodys_afterwards(
    road: Road, away: Person, principal: Person
) -> None:
    task = road.open_task(road.applied())
    makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    claim(road.session, stands_in(road.session, away, principal, days=2), task.id)
    claimed_by = []
    for days in (1, 2):
        with clock.freeze(clock.now() + days * A_DAY):
            begin_day(road.session)
        road.session.expire_all()
        claimed_by.append(task.claimed_by_id)
    assert claimed_by == [principal.account_id, None]


def test_what_he_claimed_is_everybodys_at_once_when_it_is_ended(
    road: Road, away: Person, principal: Person
) -> None:
    task = road.open_task(road.applied())
    claim(road.session, stands_in(road.session, away, principal, days=2), task.id)
    [made] = substitutions_of(road.session, away)
    end_substitute(road.session, away, made.id)
    road.session.expire_all()
    assert task.claimed_by_id is None


def test_nothing_is_handed_over_to_who_acts_for_somebody_who_must_not_decide(
    road: Road, away: Person, principal: Person
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    stands_in(road.session, away, principal)
    task = road.open_task(road.applied())
    assert principal.account_id in {account.id for account in colleagues(road.session, colleague, task)}
    task.asker_ids = [away.account_id]
    road.session.commit()
    assert colleagues(road.session, colleague, task) == []
