"""The doctor examines what was asked beside a step."""

from datetime import timedelta

from models import ChangeRequest, Timer
from models.enums import Ask, TimerKind
from tests.webapp.asking.asked import asks, at
from tests.webapp.doctoring import complaints, mended, sound
from tests.webapp.road import Road, work_off
from webapp import clock
from webapp.policy import Person
from webapp.services.doctor.findings import Code


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
    assert advice.asker_ids == [asker.account_id]
    advice.asker_ids = []
    road.session.commit()
    found = complaints(road.session, case)
    assert [finding.code for finding in found] == [Code.SEPARATION_DIFFERS]
    mended(road.session, found)
    assert sound(road, case)
