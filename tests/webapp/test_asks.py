"""Somebody else is asked beside a step: a second look, advice, a signature after one's own (domain 3.0.4b)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Membership, Notice, Task
from models.enums import Ask, CaseState, EventKind, Outcome, Role, Stage, TaskState
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import complaints, mended
from tests.webapp.road import Road, a_road, work_off
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.acts import AnswerAwaited
from webapp.services.cases.answers import NothingAsked, answer, take_question_back
from webapp.services.cases.asked_people import askable
from webapp.services.cases.asks import AsksNobody, NobodyAsked, NoEarlierStep, ask, send_back_to
from webapp.services.cases.claims import release
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import NextHasActed, NothingToRecall, recall
from webapp.services.demo import makers
from webapp.services.doctor.findings import Code

COUNTY = "receiving_authorities/in_county"


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A transfer that the receiving county has to decide."""
    case = road.applied()
    road.approve_until(case, COUNTY)
    return case


@pytest.fixture
def chief(road: Road, case: ChangeRequest) -> Person:
    """A colleague of the county's handler."""
    person = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    return person


def at(road: Road, case: ChangeRequest, key: str) -> Task:
    road.session.expire_all()
    return next(task for task in case.tasks if task.key.rpartition("/")[2] == key)


def open_keys(road: Road, case: ChangeRequest) -> list[str]:
    return sorted(task.key.rpartition("/")[2] for task in road.open_tasks(case))


def send_back(
    road: Road, case: ChangeRequest, to: str = "in_registrar:1", reason: str = "请再核对居住证明"
) -> None:
    task = road.open_task(case)
    earlier = at(road, case, to)
    send_back_to(
        road.session, road.officer(task), task.id, to_task_id=earlier.id, reason=reason, version=case.version
    )


def post_of(road: Road, person: Person) -> int:
    held = road.session.query(Membership).filter_by(account_id=person.account_id)
    return held.first().id


def asks(road: Road, case: ChangeRequest, kind: Ask, *people: Person, question: str = "请看一下") -> None:
    task = at(road, case, "in_county:1")
    ask(
        road.session,
        road.officer(task),
        task.id,
        kind=kind,
        of=[post_of(road, person) for person in people],
        question=question,
        version=case.version,
    )


def answers(road: Road, case: ChangeRequest, person: Person, key: str, **given: object) -> None:
    task = at(road, case, key)
    answer(road.session, person, task.id, **{"opinion": "情况属实", "version": case.version, **given})


def days_left(road: Road, task: Task) -> int:
    return calendar_of(road.session).days_left(clock.today(), task.due_on)


def sound(road: Road, case: ChangeRequest) -> bool:
    """Whether the doctor finds nothing, and the worker's round changes nothing of that."""
    found = [complaints(road.session, case)]
    work_off(road.session)
    found.append(complaints(road.session, case))
    assert found == [[], []]
    return True


# A second look


def test_an_earlier_step_looks_again_while_the_task_waits(road: Road, case: ChangeRequest) -> None:
    send_back(road, case)
    assert open_keys(road, case) == ["in_registrar:1+1"]
    assert at(road, case, "in_county:1").state == TaskState.SUSPENDED
    assert case.state == CaseState.IN_REVIEW
    assert sound(road, case)


def test_after_its_answer_the_task_goes_on_with_the_days_that_were_left(
    road: Road, case: ChangeRequest
) -> None:
    left = days_left(road, road.open_task(case))
    send_back(road, case)
    work_off(road.session)
    registrar = road.officer(at(road, case, "in_registrar:1+1"))
    later = clock.now() + timedelta(days=7)
    with clock.freeze(later):
        answers(road, case, registrar, "in_registrar:1+1")
        task = road.open_task(case)
        assert (task.key, days_left(road, task)) == (f"{COUNTY}:1", left)
        assert sound(road, case)
        road.approve(case)
        assert open_keys(road, case) == ["out_registrar:1"]
        assert sound(road, case)


def test_the_office_that_waits_does_not_decide_meanwhile(road: Road, case: ChangeRequest) -> None:
    send_back(road, case)
    task = at(road, case, "in_county:1")
    with pytest.raises(AnswerAwaited):
        decide(road.session, road.officer(task), task.id, outcome=Outcome.APPROVE, version=case.version)


def test_who_looks_again_answers_rejects_or_returns_but_does_not_approve(
    road: Road, case: ChangeRequest
) -> None:
    send_back(road, case)
    task = at(road, case, "in_registrar:1+1")
    registrar, version = road.officer(task), case.version
    with pytest.raises(errors.UnknownOutcome):
        decide(road.session, registrar, task.id, outcome=Outcome.APPROVE, version=version)
    road.session.rollback()
    state = decide(
        road.session,
        registrar,
        task.id,
        outcome=Outcome.REJECT,
        version=version,
        opinion="证明是伪造的",
        code="DATA_WRONG",
    )
    assert state == CaseState.REJECTED
    assert sound(road, case)


def test_who_looks_again_may_return_the_case_to_the_family(road: Road, case: ChangeRequest) -> None:
    send_back(road, case)
    road.send_back(case)
    assert {task.state for task in case.tasks[-2:]} == {TaskState.SUSPENDED}
    assert sound(road, case)
    road.mend(case)
    assert open_keys(road, case) == ["in_registrar:1+1"]
    assert at(road, case, "in_county:1").state == TaskState.SUSPENDED
    assert sound(road, case)


def test_the_other_branch_goes_on_while_one_looks_again(session: Session) -> None:
    """V7: both authorities decide at the same time."""
    road = a_road(session, releasing_in="410323", receiving_in="350203", stage=Stage.VOCATIONAL, grade=1)
    road.receiving.school_code = "3135010177"
    case = road.applied()
    while len(road.open_tasks(case)) < 2:
        road.approve(case)
    mine, beside = road.open_tasks(case)
    lead = next(task for task in case.tasks if task.state == TaskState.DONE)
    reason, version = "请再核对", case.version
    send_back_to(session, road.officer(mine), mine.id, to_task_id=lead.id, reason=reason, version=version)
    assert [task.id for task in road.open_tasks(case) if not task.ask] == [beside.id]
    decide(session, road.officer(beside), beside.id, outcome=Outcome.APPROVE, version=case.version)
    assert sound(road, case)
    look = road.open_task(case)
    answer(session, road.officer(look), look.id, opinion="属实", version=case.version)
    assert [task.id for task in road.open_tasks(case)] == [mine.id]
    road.approve(case)
    assert case.state == CaseState.COMPLETED
    assert sound(road, case)


def test_nothing_is_sent_back_without_a_reason_or_to_a_step_that_nobody_took(
    road: Road, case: ChangeRequest
) -> None:
    with pytest.raises(errors.ReasonMissing):
        send_back(road, case, reason="。")
    road.session.rollback()
    with pytest.raises(NoEarlierStep):
        send_back(road, case, to="in_county:1")


def test_whoever_looks_again_sends_it_no_further(road: Road, case: ChangeRequest) -> None:
    send_back(road, case, to="in_lead:1")
    with pytest.raises(AsksNobody):
        send_back(road, case, to="in_registrar:1")


def test_the_second_look_is_taken_back_until_it_is_answered(road: Road, case: ChangeRequest) -> None:
    send_back(road, case)
    task = at(road, case, "in_county:1")
    take_question_back(road.session, road.officer(task), task.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
    assert at(road, case, "in_registrar:1+1").state == TaskState.CANCELLED
    assert sound(road, case)
    with pytest.raises(NothingAsked):
        take_question_back(road.session, road.officer(task), task.id, version=case.version)


def test_what_was_sent_back_cannot_be_recalled_by_who_decided_before(road: Road, case: ChangeRequest) -> None:
    lead_task = at(road, case, "in_lead:1")
    lead = road.officer(lead_task)
    send_back(road, case)
    with pytest.raises(NextHasActed):
        recall(road.session, lead, lead_task.id, version=case.version)


# Advice


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
    road.approve(case, times=3)
    assert case.state.is_open or case.state == CaseState.COMPLETED
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


# A signature after one's own


def test_another_signs_after_who_asked_him_and_then_the_case_goes_on(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    mine = at(road, case, "in_county:1")
    assert (mine.state, mine.outcome) == (TaskState.DONE, Outcome.APPROVE)
    assert open_keys(road, case) == ["in_county:1+1"]
    assert sound(road, case)
    task = at(road, case, "in_county:1+1")
    decide(road.session, chief, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert open_keys(road, case) == ["out_registrar:1"]
    assert sound(road, case)
    with pytest.raises(NextHasActed):
        recall(road.session, road.officer(mine), mine.id, version=case.version)
    road.session.rollback()
    recall(road.session, chief, task.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1+1"]
    assert sound(road, case)


def test_who_signs_after_another_may_reject(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    task = at(road, case, "in_county:1+1")
    decide(
        road.session,
        chief,
        task.id,
        outcome=Outcome.REJECT,
        version=case.version,
        opinion="不同意",
        code="DATA_WRONG",
    )
    assert case.state == CaseState.REJECTED
    assert sound(road, case)


def test_who_asked_for_a_signature_takes_his_own_back(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.COSIGNATURE, chief)
    mine = at(road, case, "in_county:1")
    handler = road.officer(mine)
    with pytest.raises(NothingToRecall):
        recall(road.session, handler, mine.id, version=case.version)
    road.session.rollback()
    take_question_back(road.session, handler, mine.id, version=case.version)
    assert open_keys(road, case) == ["in_county:1"]
    assert sound(road, case)
    road.approve(case)
    recall(road.session, handler, mine.id, version=case.version)
    assert sound(road, case)


def test_where_several_sign_already_nobody_is_asked_to_sign_too(session: Session) -> None:
    files = with_step("transfer", "in_county", role="handler chief", mode="all")
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        task = road.approve_until(case, COUNTY)
        other = makers.an_officer(session, task.office, Role.DEPUTY)
        session.commit()
        with pytest.raises(AsksNobody):
            ask(
                session,
                road.officer(task),
                task.id,
                kind=Ask.COSIGNATURE,
                of=[post_of(road, other)],
                question="请会签",
                version=case.version,
            )


# What was tampered with is found, and derived anew from the history


@pytest.mark.parametrize(
    ("key", "change", "code"),
    [
        ("in_registrar:1+1", {"state": TaskState.CANCELLED, "ended_at": clock.now()}, Code.TASK_MISSING),
        ("in_registrar:1+1", {"seat_role": Role.LEAD}, Code.TASK_MOVED),
        ("in_county:1", {"state": TaskState.OPEN, "days_left": None}, Code.TASK_NOT_SUSPENDED),
        ("in_registrar:1+1", {"limit_days": 99}, Code.LIMIT_DIFFERS),
    ],
)
def test_a_second_look_is_derived_anew_from_the_history(
    road: Road, case: ChangeRequest, key: str, change: dict[str, object], code: Code
) -> None:
    send_back(road, case)
    work_off(road.session)
    task = at(road, case, key)
    for column, value in change.items():
        setattr(task, column, value)
    road.session.commit()
    found = complaints(road.session, case)
    assert code in {finding.code for finding in found}
    mended(road.session, found)
    road.session.expire_all()
    assert sound(road, case)


def test_an_answer_that_nobody_was_asked_for_is_found(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.OPINION, chief)
    task = at(road, case, "in_county:1+1")
    task.key = "in_county:1+7"
    road.session.commit()
    assert {finding.code for finding in complaints(road.session, case)} >= {
        Code.TASK_EXTRA,
        Code.TASK_MISSING,
    }


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
