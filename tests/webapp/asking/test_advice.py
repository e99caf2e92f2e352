"""Colleagues and other offices of a case advise, or prepare a decision (加签, 委派): domain 3.0.4b."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Account, ChangeRequest, Notice, Timer
from models.enums import Ask, CaseState, EventKind, Outcome, Role
from tests.webapp.asking.asked import answers, asks, at, open_keys, post_of
from tests.webapp.doctoring import sound
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site
from tests.webapp.standing_in import stands_in
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.calendar.years import set_day
from webapp.services.cases.acts import AnswerAwaited, OwnQuestion
from webapp.services.cases.answers import take_question_back
from webapp.services.cases.asked_people import askable
from webapp.services.cases.asks import NobodyAsked, ask
from webapp.services.cases.claims import (
    ClaimedByColleague,
    NoColleague,
    NotToClaim,
    claim,
    hand_over,
    release,
)
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.decisions import decide
from webapp.services.demo import makers
from webapp.services.people.closing import close, reopen

pytestmark = pytest.mark.slow


def test_a_colleague_advises_and_the_step_stays_whose_it_was(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.OPINION, chief)
    assert open_keys(road, case) == ["in_county:1", "in_county:1+1"]
    task = at(road, case, "in_county:1+1")
    assert (task.office_id, task.role, task.claimed_by_id) == (
        chief.posts[0].office_id,
        Role.CHIEF,
        chief.account_id,
    )
    with pytest.raises(AnswerAwaited):
        road.approve(case)
    road.session.rollback()
    assert sound(road, case)
    answers(road, case, chief, "in_county:1+1", proposes=Outcome.APPROVE)
    told = [event for event in case.events if event.kind == EventKind.ANSWERED]
    assert [(event.actor_id, event.payload["proposes"]) for event in told] == [(chief.account_id, "approve")]
    assert sound(road, case)
    road.approve(case)
    assert sound(road, case)


def test_asking_for_advice_leaves_pages_as_good_as_they_were(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    version = case.version
    asks(road, case, Ask.OPINION, chief)
    road.session.expire_all()
    assert case.version == version
    answers(road, case, chief, "in_county:1+1")
    assert case.version == version + 1


def test_several_are_asked_for_their_opinion_one_for_a_draft(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    other = makers.an_officer(road.session, road.open_task(case).office, Role.DEPUTY)
    road.session.commit()
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.DELEGATION, chief, other)
    road.session.rollback()
    asks(road, case, Ask.OPINION, chief, other)
    assert open_keys(road, case) == ["in_county:1", "in_county:1+1", "in_county:1+2"]
    mine = next(task for task in road.open_tasks(case) if task.claimed_by_id == chief.account_id)
    answers(road, case, chief, mine.key.rpartition("/")[2])
    with pytest.raises(AnswerAwaited):
        road.approve(case)


def test_an_opinion_may_be_asked_of_another_office_of_the_case_and_of_nobody_else(
    road: Road, case: ChangeRequest
) -> None:
    school = road.officers[road.releasing.id, Role.LEAD]
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.DELEGATION, school)
    road.session.rollback()
    stranger = makers.an_officer(
        road.session, makers.a_school(road.session, "410311", "compulsory", "county"), Role.LEAD
    )
    road.session.commit()
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.OPINION, stranger)
    road.session.rollback()
    asks(road, case, Ask.OPINION, school)
    answers(road, case, school, "in_county:1+1")
    road.approve(case, times=2)
    assert open_keys(road, case) == ["out_lead:1"]
    assert sound(road, case)


def test_who_advised_may_still_decide_for_his_own_office(road: Road, case: ChangeRequest) -> None:
    lead = road.officers[road.releasing.id, Role.LEAD]
    asks(road, case, Ask.OPINION, lead)
    answers(road, case, lead, "in_county:1+1")
    road.approve_until(case, "out_lead")
    task = road.open_task(case)
    assert (task.office_id, task.vacant) == (road.releasing.id, False)
    road.approve(case)
    assert sound(road, case)


def test_nobody_hands_a_question_over_to_who_asked_it_who_claims_it_as_little(
    road: Road, case: ChangeRequest
) -> None:
    """Both hold the same post."""
    task = road.open_task(case)
    handler, colleague = road.officer(task), makers.an_officer(road.session, task.office, Role.HANDLER)
    road.session.commit()
    asks(road, case, Ask.OPINION, colleague)
    question = at(road, case, "in_county:1+1")
    with pytest.raises(NoColleague):
        hand_over(road.session, colleague, question.id, handler.account_id)
    road.session.rollback()
    release(road.session, colleague, question.id)
    with pytest.raises(NotToClaim):
        claim(road.session, handler, question.id)
    road.session.rollback()
    with pytest.raises(OwnQuestion):
        answers(road, case, handler, "in_county:1+1")
    road.session.rollback()
    answers(road, case, colleague, "in_county:1+1")
    assert sound(road, case)


def test_nobody_answers_his_own_question_in_the_place_of_whom_he_asked(
    road: Road, case: ChangeRequest, chief: Person, site: Site
) -> None:
    handler = stands_in(road.session, chief, road.officer(road.open_task(case)))
    asks(road, case, Ask.OPINION, chief)
    with pytest.raises(OwnQuestion):
        answers(road, case, handler, "in_county:1+1")
    road.session.rollback()
    question = at(road, case, "in_county:1+1")
    assert "another person must answer it" in site.visitor(handler).reads(f"/tasks/{question.id}")


def test_he_for_whom_a_question_was_asked_does_not_answer_it(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    """His substitute asked, and he acts for whoever was asked."""
    task = road.open_task(case)
    handler, other = road.officer(task), makers.an_officer(road.session, task.office, Role.DEPUTY)
    road.session.commit()
    acting = stands_in(road.session, handler, other)
    said = {"kind": Ask.DELEGATION, "question": "请拟办", "version": case.version}
    ask(road.session, acting, task.id, of=[post_of(road, chief)], **said)
    with pytest.raises(OwnQuestion):
        answers(road, case, stands_in(road.session, chief, handler), "in_county:1+1")


def test_a_guardian_of_the_student_is_not_asked(road: Road, case: ChangeRequest, chief: Person) -> None:
    makers.a_guardian(road.session, road.student, account=road.session.get_one(Account, chief.account_id))
    road.session.commit()
    task = road.open_task(case)
    people = askable(
        road.session,
        Ask.OPINION,
        office_id=task.office_id,
        seats=case.seats.values(),
        student_id=case.student_id,
        besides=[road.officer(task).account_id],
    )
    assert chief.account_id not in {person.account_id for person in people}
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.OPINION, chief)


def test_whose_account_is_closed_is_not_asked(road: Road, case: ChangeRequest, chief: Person) -> None:
    close(road.session, chief.account_id)
    road.session.commit()
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.OPINION, chief)
    road.session.rollback()
    reopen(road.session, chief.account_id)
    asks(road, case, Ask.OPINION, chief)


def test_nobody_is_asked_for_a_second_look_as_a_colleague_is_for_his_opinion(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    with pytest.raises(NobodyAsked):
        asks(road, case, Ask.SECOND_LOOK, chief)


@pytest.mark.parametrize(
    ("proposes", "told"),
    [
        (None, nullcontext()),
        (Outcome.RETURN, nullcontext()),
        (Outcome.REJECT, nullcontext()),
        (Outcome.ACKNOWLEDGE, pytest.raises(errors.UnknownOutcome)),
        ("on_site", pytest.raises(errors.UnknownOutcome)),
    ],
)
def test_who_advises_proposes_what_an_office_can_decide_or_nothing(
    road: Road, case: ChangeRequest, chief: Person, proposes: Outcome | None, told
) -> None:
    asks(road, case, Ask.OPINION, chief)
    with told:
        answers(road, case, chief, "in_county:1+1", proposes=proposes)


def test_who_only_advises_does_not_decide(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.DELEGATION, chief)
    task = at(road, case, "in_county:1+1")
    for outcome in (Outcome.APPROVE, Outcome.REJECT):
        with pytest.raises(errors.UnknownOutcome):
            decide(road.session, chief, task.id, outcome=outcome, version=case.version, opinion="不行")
        road.session.rollback()


def test_whoever_delegated_gets_the_task_back_though_nobody_answered(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.DELEGATION, chief)
    task = at(road, case, "in_county:1")
    take_question_back(road.session, road.officer(task), task.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
    assert sound(road, case)
    road.approve(case)
    assert sound(road, case)


def test_what_the_one_who_was_asked_gives_back_is_told_to_all_who_hold_his_post(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.DELEGATION, chief)
    task = at(road, case, "in_county:1+1")
    release(road.session, chief, task.id)
    work_off(road.session)
    told = select(Notice.account_id, Notice.office_id, Notice.role).where(Notice.task_id == task.id)
    assert road.session.execute(told).all() == [(None, chief.posts[0].office_id, Role.CHIEF)]
    assert sound(road, case)


def test_advice_is_no_decision_that_would_keep_a_family_from_withdrawing(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.OPINION, chief)
    answers(road, case, chief, "in_county:1+1")
    withdraw(road.session, road.guardian, case.id)
    assert road.state_of(case) == CaseState.WITHDRAWN
    assert sound(road, case)


def test_whoever_advises_is_not_reminded_when_the_calendar_changes_either(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.OPINION, chief)
    task, advice = at(road, case, "in_county:1"), at(road, case, "in_county:1+1")
    before = advice.due_on
    set_day(road.session, clock.today() + timedelta(days=1), working=False, name="台风")
    road.session.refresh(advice)
    assert advice.due_on > before
    assert road.session.get(Timer, task.id)
    assert road.session.get(Timer, advice.id) is None
    road.session.rollback()


def test_a_colleague_takes_back_no_question_from_a_task_that_another_has_claimed(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    task = road.open_task(case)
    handler, colleague = road.officer(task), makers.an_officer(road.session, task.office, Role.HANDLER)
    claim(road.session, handler, task.id)
    asks(road, case, Ask.OPINION, chief)
    with pytest.raises(ClaimedByColleague):
        take_question_back(road.session, colleague, task.id, version=case.version)
    road.session.rollback()
    release(road.session, handler, task.id)
    take_question_back(road.session, colleague, task.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
