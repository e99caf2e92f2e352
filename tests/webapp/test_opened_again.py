"""A task that is opened again is due as if it had been open all along; the applicant's time counts (domain 3.0.3)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest, Notice, Task
from models.enums import Ask, NoticeKind, PaperKind, Role, TaskState
from tests.webapp.asking.asked import COUNTY, asks, at, send_back
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.doctoring import complaints
from tests.webapp.road import TERM_BEGINS, Road, a_road, work_off
from webapp import clock
from webapp.services.calendar.years import set_day
from webapp.services.cases.answers import take_question_back
from webapp.services.cases.asks import send_back_to
from webapp.services.cases.decisions import decide, return_to_applicant
from webapp.services.cases.recalls import recall
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

MENDED = TERM_BEGINS + timedelta(days=40)
LATER = MENDED + timedelta(hours=3)


@pytest.fixture(scope="module")
def road_url(new_database: Callable[..., str]) -> str:
    """A database of these tests' own, as they change its calendar."""
    return new_database("seeded")


@pytest.fixture
def signed(session: Session, request) -> Road:
    """A transfer whose receiving county has its handler and its chief sign, in the mode that the test asks for."""
    files = with_step("transfer", "in_county", role="handler chief", mode=request.param)
    with in_force(session, "transfer", files):
        yield a_road(session)


def approve(road: Road, task: Task) -> None:
    decide(road.session, road.officer(task), task.id, outcome="approve", version=task.change_request.version)


def take_back(road: Road, task: Task) -> None:
    recall(road.session, road.officer(task), task.id, version=task.change_request.version)


def return_from(road: Road, task: Task) -> None:
    wanted = {"items": [PaperKind.PROOF_OF_RESIDENCE], "reason": "看不清"}
    return_to_applicant(
        road.session, road.officer(task), task.id, version=task.change_request.version, **wanted
    )


def mend(road: Road, case: ChangeRequest) -> None:
    with clock.freeze(MENDED):
        road.mend(case)


def is_due_like(road: Road, task: Task, other: Task) -> bool:
    """Whether two tasks have the same limit, nobody was given a red card, and all is as the history says."""
    session, case = road.session, task.change_request
    work_off(session)
    session.expire_all()
    assert task.state == TaskState.OPEN
    assert not session.query(Notice).filter_by(change_request_id=case.id, kind=NoticeKind.OVERDUE).count()
    assert complaints(session, case) == []
    return (task.due_on, task.limit_days) == (other.due_on, other.limit_days)


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_a_signature_that_is_recalled_has_the_time_that_the_family_took_too(signed: Road) -> None:
    case = signed.applied(COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    approve(signed, handlers)
    signed.send_back(case)
    mend(signed, case)
    with clock.freeze(LATER):
        take_back(signed, handlers)
        assert is_due_like(signed, handlers, chiefs)
        assert handlers.due_on > MENDED.date()


@pytest.mark.parametrize("signed", ["all"], indirect=True)
def test_it_has_that_time_once_however_often_it_is_recalled(signed: Road) -> None:
    case = signed.applied(COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    signed.send_back(case)  # the handler
    mend(signed, case)
    with clock.freeze(LATER):
        for _ in range(2):
            approve(signed, handlers)
            take_back(signed, handlers)
            assert is_due_like(signed, handlers, chiefs)


@pytest.mark.parametrize("signed", ["any"], indirect=True)
def test_so_has_a_task_that_waited_for_a_second_look_as_another_signed(signed: Road) -> None:
    case = signed.applied(COUNTY)
    handlers, chiefs = signed.open_tasks(case)
    lead, version = at(signed, case, "in_lead:1"), case.version
    said = {"to_task_id": lead.id, "reason": "请再核对", "version": version}
    send_back_to(signed.session, signed.officer(handlers), handlers.id, **said)
    return_from(signed, chiefs)
    mend(signed, case)
    with clock.freeze(LATER):
        approve(signed, chiefs)
        signed.session.expire_all()
        assert handlers.state == TaskState.CANCELLED
        take_back(signed, chiefs)
        assert is_due_like(signed, handlers, chiefs)


def test_a_second_look_that_is_taken_back_leaves_the_time_that_the_family_took(road: Road) -> None:
    case = road.applied(COUNTY)
    mine = road.open_task(case)
    left = mine.limit_days
    send_back(road, case)
    road.send_back(case)
    mend(road, case)
    with clock.freeze(LATER):
        take_question_back(road.session, road.officer(mine), mine.id, version=case.version)
        assert is_due_like(road, mine, mine)
        assert mine.limit_days > left


def test_so_does_a_signature_that_is_taken_back_as_another_did_not_sign(road: Road) -> None:
    case = road.applied(COUNTY)
    mine = road.open_task(case)
    chief = makers.an_officer(road.session, mine.office, Role.CHIEF)
    road.session.commit()
    asks(road, case, Ask.COSIGNATURE, chief)
    his = at(road, case, "in_county:1+1")
    road.officers[his.seat_office_id, his.seat_role] = chief
    road.send_back(case)
    mend(road, case)
    with clock.freeze(LATER):
        take_question_back(road.session, road.officer(mine), mine.id, version=case.version)
        assert is_due_like(road, mine, his)


def test_a_day_off_that_is_declared_while_a_task_is_closed_counts_when_it_is_open_again(road: Road) -> None:
    case = road.applied(COUNTY)
    mine = road.open_task(case)
    due_on = mine.due_on
    approve(road, mine)
    with clock.freeze(TERM_BEGINS + timedelta(hours=1)):
        set_day(road.session, date(2025, 9, 12), working=False, name="台风")
        take_back(road, mine)
        assert is_due_like(road, mine, mine)
        assert mine.due_on > due_on
