"""An earlier step looks again (退回上一环节): the task waits, every other branch goes on (domain 3.0.4b)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Notice, Task
from models.enums import CaseState, NoticeKind, Outcome, Role, Stage, TaskState
from tests.webapp.asking.asked import COUNTY, answers, at, at_the_lead, days_left, open_keys, send_back
from tests.webapp.doctoring import complaints, mended, sound
from tests.webapp.road import DATA_WRONG, Road, a_road, kept, work_off
from webapp import clock, errors
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.acts import AnswerAwaited
from webapp.services.cases.answers import NothingAsked, answer, take_question_back
from webapp.services.cases.asks import AsksNobody, NoEarlierStep, send_back_to
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import NextHasActed, recall
from webapp.services.demo import makers
from webapp.services.doctor.findings import Code
from webapp.services.people.accounts import person_now

pytestmark = pytest.mark.slow


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
    decided = decide(
        road.session,
        registrar,
        task.id,
        outcome=Outcome.REJECT,
        version=version,
        opinion="证明是伪造的",
        code="DATA_WRONG",
    )
    assert decided.state == CaseState.REJECTED
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


def overdue_told(road: Road, task: Task) -> int:
    told = select(func.count()).where(
        Notice.task_id == task.id,
        Notice.kind == NoticeKind.OVERDUE,
        Notice.account_id == road.guardian.account_id,
    )
    return road.session.scalar(told) or 0


@pytest.mark.parametrize("days_late", [0, 20])
@pytest.mark.parametrize("kept_for", [timedelta(minutes=5), timedelta(days=3)])
def test_nobody_puts_off_his_due_date_by_a_question_that_he_takes_back(
    road: Road, case: ChangeRequest, days_late: int, kept_for: timedelta
) -> None:
    task, version = at(road, case, "in_county:1"), case.version
    due_on, limit = task.due_on, task.limit_days
    on_its_last_day = overdue_at(due_on) - timedelta(hours=2) + timedelta(days=days_late)
    with clock.freeze(on_its_last_day):
        work_off(road.session)
        send_back(road, case)
        work_off(road.session)
    with clock.freeze(on_its_last_day + kept_for):
        take_question_back(road.session, road.officer(task), task.id, version=version + 1)
        task = at(road, case, "in_county:1")
        assert (task.due_on, task.limit_days) == (due_on, limit)
        work_off(road.session)
        assert sound(road, case)
    with clock.freeze(on_its_last_day + timedelta(days=4)):
        work_off(road.session)
        assert overdue_told(road, task) == 1


@pytest.mark.parametrize(
    ("late", "answered_after", "put_off"),
    [
        (timedelta(hours=-2), timedelta(hours=1), False),  # on the same day, which is the last
        (timedelta(hours=-2), timedelta(hours=3), True),
        (timedelta(hours=2), timedelta(hours=3), False),
        (timedelta(hours=2), timedelta(days=30), False),
    ],
)
def test_a_second_look_leaves_a_day_unless_it_took_none_or_the_limit_was_over(
    road: Road, case: ChangeRequest, late: timedelta, answered_after: timedelta, put_off: bool
) -> None:
    task = at(road, case, "in_county:1")
    due_on, sent_at = task.due_on, overdue_at(task.due_on) + late
    with clock.freeze(sent_at):
        work_off(road.session)
        send_back(road, case)
        registrar = road.officer(at(road, case, "in_registrar:1+1"))
    with clock.freeze(sent_at + answered_after):
        answers(road, case, registrar, "in_registrar:1+1")
        again = at(road, case, "in_county:1")
        assert (again.due_on > due_on) is put_off
        work_off(road.session)
        assert sound(road, case)
        assert overdue_told(road, again) == (late > timedelta())


def test_what_was_sent_back_cannot_be_recalled_by_who_decided_before(road: Road, case: ChangeRequest) -> None:
    lead_task = at(road, case, "in_lead:1")
    lead = road.officer(lead_task)
    send_back(road, case)
    with pytest.raises(NextHasActed):
        recall(road.session, lead, lead_task.id, version=case.version)


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


def test_whoever_looks_again_at_a_separate_step_leaves_the_one_that_waited_to_another(road: Road) -> None:
    """Who checks an application does not approve it (domain 2.1), at whichever time he checked."""
    session, task = road.session, at_the_lead(road)
    case, lead = task.change_request, person_now(session, road.officer(task).account_id)
    send_back(road, case, to="out_registrar:1")
    answers(road, case, lead, "out_registrar:1+1")
    session.expire_all()
    assert lead.account_id in kept(task)
    assert (task.state, task.office_id, task.vacant) == (TaskState.OPEN, road.releasing.superior_id, True)
    assert sound(road, case)
    with pytest.raises(errors.NotAllowed):
        decide(session, lead, task.id, outcome=Outcome.APPROVE, version=case.version)


def test_whoever_leaves_the_second_look_to_a_colleague_keeps_his_own_step(road: Road) -> None:
    session, task = road.session, at_the_lead(road)
    case, office_id = task.change_request, task.office_id
    send_back(road, case, to="out_registrar:1")
    answers(road, case, road.officer(at(road, case, "out_registrar:1+1")), "out_registrar:1+1")
    session.expire_all()
    assert (task.state, task.office_id, task.vacant) == (TaskState.OPEN, office_id, False)
    assert sound(road, case)


def test_whoever_took_the_later_of_two_separate_steps_does_not_look_again_at_the_earlier(road: Road) -> None:
    session, case = road.session, road.applied(until="in_lead")
    lead = road.officer(road.open_task(case))
    road.approve_until(case, COUNTY)
    makers.an_officer(session, road.receiving, Role.REGISTRAR, account=session.get(Account, lead.account_id))
    session.commit()
    send_back(road, case)
    look = at(road, case, "in_registrar:1+1")
    assert lead.account_id in kept(look)
    both = person_now(session, lead.account_id)
    with pytest.raises(errors.DutiesSeparated):
        decide(
            session,
            both,
            look.id,
            outcome=Outcome.REJECT,
            code=DATA_WRONG,
            opinion="不符",
            version=case.version,
        )
    session.rollback()
    assert sound(road, case)
