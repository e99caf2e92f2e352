"""The doctor examines what was asked beside a step."""

from datetime import timedelta

from models import ChangeRequest, Timer
from models.enums import Ask, TimerKind
from tests.webapp.asking.asked import answers, asks, at, at_the_lead, send_back
from tests.webapp.doctoring import complaints, mended, sound
from tests.webapp.road import Road, work_off
from webapp import clock
from webapp.policy import Person
from webapp.services.doctor.findings import Code
from webapp.services.people.accounts import person_now


def test_an_answer_that_nobody_was_asked_for_is_found(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.OPINION, chief)
    task = at(road, case, "in_county:1+1")
    task.key = "in_county:1+7"
    road.session.commit()
    assert {finding.code for finding in complaints(road.session, case)} >= {
        Code.TASK_EXTRA,
        Code.TASK_MISSING,
    }


def test_a_timer_of_advice_is_found_and_removed(road: Road, case: ChangeRequest, chief: Person) -> None:
    asks(road, case, Ask.OPINION, chief)
    work_off(road.session)
    advice = at(road, case, "in_county:1+1")
    road.session.add(
        Timer(task_id=advice.id, kind=TimerKind.REMINDER, due_at=clock.now() + timedelta(days=1))
    )
    road.session.commit()
    found = complaints(road.session, case)
    assert [finding.code for finding in found] == [Code.TIMER_LEFT]
    mended(road.session, found)
    assert sound(road, case)


def test_he_who_asked_is_found_to_be_let_in_to_his_own_question_and_kept_from_it(
    road: Road, case: ChangeRequest, chief: Person
) -> None:
    asker = road.officer(road.open_task(case))
    asks(road, case, Ask.OPINION, chief)
    work_off(road.session)
    advice = at(road, case, "in_county:1+1")
    advice.excluded_ids = [one for one in advice.excluded_ids if one != asker.account_id]
    road.session.commit()
    found = complaints(road.session, case)
    assert [finding.code for finding in found] == [Code.EXCLUSION_MISSING]
    mended(road.session, found)
    assert sound(road, case)


def test_the_doctor_keeps_whoever_looked_again_from_the_step_that_waited(road: Road) -> None:
    session, task = road.session, at_the_lead(road)
    case, lead = task.change_request, person_now(session, road.officer(task).account_id)
    excluded = task.excluded_ids
    send_back(road, case, to="out_registrar:1")
    answers(road, case, lead, "out_registrar:1+1")
    session.expire_all()
    task.excluded_ids = excluded
    session.commit()
    found = complaints(session, case)
    assert Code.EXCLUSION_MISSING in {one.code for one in found}
    mended(session, found)
    session.expire_all()
    assert lead.account_id in task.excluded_ids
