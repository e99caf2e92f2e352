"""Recall (撤回): a decision is taken back while nobody has acted on it, and every other branch stays as it is."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Membership, Notice, Substitution, Task, Timer
from models.enums import Ask, CaseState, EventKind, NoticeKind, Outcome, Role, TaskState
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, a_fujian_road, work_off
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.audit.verification import verify
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.answers import take_question_back
from webapp.services.cases.asks import ask
from webapp.services.cases.claims import claim
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import (
    NextHasActed,
    NotYourDecision,
    may_recall,
    recall,
)
from webapp.services.cases.views import case_for
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss
from webapp.services.people.accounts import person_now
from webapp.services.people.substitutes import end_substitute


def last_decided(road: Road, case: ChangeRequest) -> Task:
    road.session.expire_all()
    return [task for task in case.tasks if task.state == TaskState.DONE][-1]


def recalled(road: Road, case: ChangeRequest) -> Task:
    """Let whoever decided last take that back."""
    mine = last_decided(road, case)
    recall(road.session, road.officer(mine), mine.id, version=case.version)
    return mine


def account_of(road: Road, account_id: int) -> Account:
    return road.session.get_one(Account, account_id)


def now(road: Road, person: Person) -> Person:
    """Somebody as he is by now."""
    found = person_now(road.session, person.account_id)
    assert found is not None
    return found


def whole(road: Road, folder: Path) -> bool:
    road.session.commit()
    found = verify(road.session, settings_of(road.session).audit_key, folder)
    road.session.rollback()
    mine = cases(road)
    wrong = [finding for finding in found if finding.where in {case.number for case in mine}]
    return not [*wrong, *(finding for case in mine for finding in complaints(road.session, case))]


def cases(road: Road) -> list[ChangeRequest]:
    mine = select(ChangeRequest).where(ChangeRequest.student_id == road.student.id)
    return list(road.session.scalars(mine))


def test_what_was_recalled_is_open_again_and_what_it_led_to_is_not(road: Road, tmp_path: Path) -> None:
    case = road.applied()
    road.approve(case)
    mine = recalled(road, case)
    assert [task.id for task in road.open_tasks(case)] == [mine.id]
    assert [task.step for task in case.tasks if task.state == TaskState.CANCELLED] == ["in_lead"]
    assert [event.kind for event in case.events][-2:] == [EventKind.DECIDED, EventKind.RECALLED]
    assert road.session.scalars(
        select(Timer.task_id).where(Timer.task_id.in_([t.id for t in case.tasks]))
    ).all() == [mine.id]
    assert whole(road, tmp_path)


def test_decided_again_it_goes_on_to_the_end(road: Road, tmp_path: Path) -> None:
    case = road.applied()
    for _ in range(2):
        road.approve(case)
        recalled(road, case)
    assert road.approve(case, times=6) == CaseState.COMPLETED
    assert len({task.key for task in case.tasks}) == len(case.tasks)
    assert whole(road, tmp_path)


def test_its_limit_has_run_on_meanwhile(road: Road) -> None:
    case = road.applied()
    due_on = road.open_task(case).due_on
    road.approve(case)
    with clock.freeze(clock.now() + timedelta(days=2)):
        mine = recalled(road, case)
    assert road.session.get_one(Task, mine.id).due_on == due_on


@pytest.mark.parametrize("decided", [timedelta(seconds=-1), timedelta()], ids=["in time", "late"])
def test_that_a_step_is_over_its_limit_is_told_once(road: Road, decided: timedelta) -> None:
    """The red card that was given is not given again; one that was never given is."""
    case = road.applied()
    task = road.open_task(case)
    over = overdue_at(task.due_on)
    with clock.freeze(over + decided):
        work_off(road.session)
        road.approve(case)
    with clock.freeze(over + timedelta(hours=9)):
        recall(road.session, road.officer(task), task.id, version=case.version)
        work_off(road.session)
        assert complaints(road.session, case) == []
    overdue = (Notice.kind == NoticeKind.OVERDUE, Notice.account_id == road.guardian.account_id)
    counted = select(func.count()).where(Notice.task_id == task.id, *overdue)
    assert road.session.scalar(counted) == 1


def test_once_the_next_has_decided_nothing_is_taken_back(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case, times=2)
    acted_at = clock.now()
    with clock.freeze(acted_at + timedelta(days=1)):
        road.approve(case)
    with pytest.raises(NextHasActed) as refused:
        recall(road.session, road.officer(first), first.id, version=case.version)
    assert refused.value.facts == {"office": road.receiving.name, "role": Role.LEAD, "at": acted_at}


def test_only_who_decided_it_takes_it_back(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    with pytest.raises(NotYourDecision):
        recall(road.session, colleague, first.id, version=case.version)
    with pytest.raises(NotYourDecision):
        recall(road.session, road.guardian, first.id, version=case.version)


def test_what_a_substitute_decided_the_holder_takes_back_and_the_substitute_no_more_once_his_days_ended(
    road: Road,
) -> None:
    case = road.applied()
    first = road.open_task(case)
    away, other = road.officer(first), makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    road.session.commit()
    acting = stands_in(road.session, away, other)
    decide(road.session, acting, first.id, outcome=Outcome.APPROVE, version=case.version)
    made = road.session.scalars(select(Substitution).where(Substitution.absent_id == away.account_id)).one()
    end_substitute(road.session, away, made.id)
    road.session.expire_all()
    view = case_for(road.session, away, case.id)
    assert may_recall(away, first, view)
    assert not may_recall(now(road, other), first, view)
    with pytest.raises(NotYourDecision):
        recall(road.session, now(road, other), first.id, version=case.version)
    road.session.rollback()
    recall(road.session, away, first.id, version=case.version)
    assert [task.id for task in road.open_tasks(case)] == [first.id]
    assert complaints(road.session, case) == []


def test_what_a_substitute_decided_and_takes_back_is_not_claimed_by_who_has_left(road: Road) -> None:
    session, case = road.session, road.applied()
    first = road.open_task(case)
    away, other = road.officer(first), makers.an_officer(session, road.receiving, Role.REGISTRAR)
    session.commit()
    claim(session, away, first.id)
    acting = stands_in(session, away, other)
    decide(session, acting, first.id, outcome=Outcome.APPROVE, version=case.version)
    dismiss(session, away.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    session.commit()
    session.expire_all()
    recall(session, now(road, other), first.id, version=case.version)
    session.expire_all()
    assert (first.state, first.claimed_by_id) == (TaskState.OPEN, None)
    assert complaints(session, case) == []


def test_what_was_decided_for_a_vacant_seat_is_its_new_holders_once_it_is_taken_back(road: Road) -> None:
    session, case = road.session, road.applied()
    first = road.open_task(case)
    lead = road.officers[road.receiving.id, Role.LEAD]
    dismiss(session, road.officer(first).account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    session.commit()
    work_off(session)
    session.expire_all()
    assert (first.role, first.vacant) == (Role.LEAD, True)
    decide(session, now(road, lead), first.id, outcome=Outcome.APPROVE, version=case.version)
    makers.an_officer(session, road.receiving, Role.REGISTRAR)
    session.commit()
    work_off(session)
    recall(session, now(road, lead), first.id, version=case.version)
    session.expire_all()
    assert (first.role, first.vacant) == (Role.REGISTRAR, False)
    assert complaints(session, case) == []


def test_who_has_left_the_post_takes_nothing_back(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    registrar = road.officer(first)
    makers.an_officer(
        road.session, road.receiving, Role.PRINCIPAL, account=account_of(road, registrar.account_id)
    )
    dismiss(road.session, registrar.account_id, road.receiving.id, Role.REGISTRAR, on=clock.today())
    road.session.commit()
    with pytest.raises(NotYourDecision):
        recall(road.session, now(road, registrar), first.id, version=case.version)


def test_what_one_decided_on_what_is_ones_own_child_by_now_is_a_colleagues_to_undo(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    registrar = road.officer(first)
    makers.a_guardian(road.session, road.student, account=account_of(road, registrar.account_id))
    road.session.commit()
    with pytest.raises(errors.OwnChild):
        recall(road.session, now(road, registrar), first.id, version=case.version)


def test_an_open_step_has_no_decision_to_take_back(road: Road) -> None:
    case = road.applied()
    road.approve(case)
    mine = recalled(road, case)
    with pytest.raises(NotYourDecision):
        recall(road.session, road.officer(mine), mine.id, version=case.version)


def test_a_filing_is_no_decision_to_take_back(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    road.approve(case, times=2)
    road.decide(case, Outcome.ACKNOWLEDGE)
    filed = last_decided(road, case)
    with pytest.raises(errors.CaseEnded):
        recall(session, road.officer(filed), filed.id, version=case.version)


@pytest.mark.parametrize(("end", "refusal"), [("reject", errors.CaseEnded), ("return", errors.CaseReturned)])
def test_what_has_ended_or_is_with_the_family_is_not_taken_back(road: Road, end: str, refusal) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    if end == "reject":
        road.decide(case, Outcome.REJECT, "材料不符")
    else:
        road.send_back(case)
    road.session.refresh(case)
    with pytest.raises(refusal):
        recall(road.session, road.officer(first), first.id, version=case.version)


def test_what_the_next_returned_to_the_family_is_not_taken_back_when_it_is_there_again(road: Road) -> None:
    case = road.applied()
    road.approve(case)
    road.send_back(case)
    road.mend(case)
    with pytest.raises(NextHasActed):
        recalled(road, case)


def test_what_ended_in_a_changed_record_is_not_taken_back_when_the_family_has_confirmed_it(
    road: Road,
) -> None:
    case = road.applied(until="releasing_authorities/out_county")
    road.student.name = "改名"
    road.session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    resubmit(road.session, road.guardian, case.id)
    with pytest.raises(NextHasActed):
        recalled(road, case)


@pytest.mark.parametrize("kind", [Ask.OPINION, Ask.COSIGNATURE])
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_once_the_next_has_asked_somebody_nothing_is_taken_back(
    road: Road, kind: Ask, is_taken_back: bool
) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    mine, asked = road.open_task(case), makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    post = road.session.scalars(select(Membership.id).where(Membership.account_id == asked.account_id)).one()
    said = {"kind": kind, "of": [post], "question": "请看一下", "version": case.version}
    ask(road.session, road.officer(mine), mine.id, **said)
    road.session.refresh(case)
    if is_taken_back:
        take_question_back(road.session, road.officer(mine), mine.id, version=case.version)
    with pytest.raises(NextHasActed):
        recall(road.session, road.officer(first), first.id, version=case.version)


def test_a_page_that_grew_old_takes_nothing_back(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    with pytest.raises(errors.CaseChanged):
        recall(road.session, road.officer(first), first.id, version=case.version - 1)


def test_the_family_and_whoever_was_asked_meanwhile_are_told(road: Road) -> None:
    case = road.applied()
    road.approve(case)
    recalled(road, case)
    work_off(road.session)
    told = select(Notice).where(Notice.change_request_id == case.id, Notice.kind == NoticeKind.RECALLED)
    receivers = {(one.account_id, one.office_id, one.role) for one in road.session.scalars(told)}
    assert receivers == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.receiving.id, Role.LEAD),
    }


def test_the_page_offers_it_to_who_decided_as_long_as_it_is_possible(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    registrar = road.officer(first)
    road.approve(case)
    road.session.expire_all()
    view = case_for(road.session, registrar, case.id)
    assert may_recall(registrar, view.tasks[0], view)
    assert not may_recall(road.guardian, view.tasks[0], view)
    road.approve(case)
    road.session.expire_all()
    view = case_for(road.session, registrar, case.id)
    assert not may_recall(registrar, view.tasks[0], view)
