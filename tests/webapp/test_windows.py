"""Whether it was the time to apply is asked of the day of the application; all else is asked of today."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Student
from models.enums import RegistryState
from tests.webapp.road import Road, a_road
from tests.webapp.site import Site, said
from webapp import clock, errors
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.reviews import review_of
from webapp.services.changes.eligibility import NotEligible

A_MONTH = timedelta(days=30)
WINDOW_CLOSED = "T-P3'"


@pytest.fixture
def road(session: Session) -> Road:
    """A transfer in Guangdong, where one applies within ten working days around the beginning of a term."""
    return a_road(session, releasing_in="440103", receiving_in="440112")


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    return road.applied()


def rules_against(session: Session, road: Road, case: ChangeRequest) -> set[str]:
    return {failure.rule for failure in review_of(session, road.open_task(case), case).failed}


def test_the_window_is_closed_a_month_later(road: Road) -> None:
    with clock.freeze(clock.now() + A_MONTH), pytest.raises(NotEligible) as refused:
        road.applied()
    assert WINDOW_CLOSED in {failure.rule for failure in refused.value.failed}


def test_an_officer_weighs_the_window_of_the_day_of_the_application(
    road: Road, session: Session, case: ChangeRequest
) -> None:
    with clock.freeze(clock.now() + A_MONTH):
        assert rules_against(session, road, case) == set()


def test_an_officer_weighs_the_record_of_today(road: Road, session: Session, case: ChangeRequest) -> None:
    session.get_one(Student, road.student.id).state = RegistryState.SUSPENDED
    session.commit()
    assert rules_against(session, road, case) == {"T-P4"}


def overtaken(road: Road, case: ChangeRequest, **changes: object) -> None:
    """The last approval meets a record that has changed."""
    while len(road.open_tasks(case)) == 1 and road.open_task(case).step != "releasing_authorities/out_county":
        road.approve(case)
    whose = update(Enrolment).where(Enrolment.student_id == road.student.id)
    road.session.execute(whose.values(**changes))
    road.session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)


def test_a_record_that_changed_is_confirmed_after_the_window_has_closed(
    road: Road, session: Session, case: ChangeRequest
) -> None:
    with clock.freeze(clock.now() + A_MONTH):
        overtaken(road, case, class_name="2班")
        resubmit(session, road.guardian, case.id)
        road.approve(case)


def test_the_case_page_says_by_which_rules_it_cannot_be_handed_in_again(
    road: Road, session: Session, site: Site, case: ChangeRequest
) -> None:
    overtaken(road, case, class_name="2班")
    session.get_one(Student, road.student.id).state = RegistryState.SUSPENDED
    session.commit()
    answer = site.visitor(road.guardian).post(f"/cases/{case.id}/resubmit")
    assert answer.status_code == 422
    assert "It cannot be submitted again: see which rules stand against it." in said(answer)
    assert "Not possible T-P4" in said(answer)
    assert 'class="source"' in answer.text
