"""A case keeps its version, also one of before the application asked some of its tables (architecture 3)."""

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import CaseState, Outcome
from tests.webapp.changed_processes import SHIPPED, in_force
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.decisions import decide
from webapp.services.cases.rejections import GroundNotListed

pytestmark = pytest.mark.slow

NOT_YET = ("case_limits.dmn", "on_expiry.dmn", "rejection_reasons.dmn")


@pytest.fixture
def case(session: Session, road: Road) -> ChangeRequest:
    """A transfer that was begun before there were these tables; those that begin now have them."""
    files = {name: data for name, data in SHIPPED["transfer"].items() if name not in NOT_YET}
    with in_force(session, "transfer", files):
        case = road.applied()
        work_off(session)
    return case


def test_it_is_due_when_the_longest_way_of_its_steps_is_and_the_doctor_says_so(
    road: Road, case: ChangeRequest
) -> None:
    assert case.limit_days == 60
    assert complaints(road.session, case) == []


def test_a_step_that_is_over_its_limit_is_told_to_the_superior_and_not_handed_back(
    road: Road, case: ChangeRequest
) -> None:
    with clock.freeze(overdue_at(road.open_task(case).due_on)):
        work_off(road.session)
        assert road.state_of(case) == CaseState.IN_REVIEW
        assert complaints(road.session, case) == []


def test_it_is_rejected_on_the_grounds_that_are_in_force(road: Road, case: ChangeRequest, site: Site) -> None:
    task = road.open_task(case)
    officer = road.officer(task)
    assert 'name="code" value="OTHER"' in site.visitor(officer).get(f"/tasks/{task.id}").text
    how = {"outcome": Outcome.REJECT, "version": case.version, "opinion": "另有依据"}
    with pytest.raises(GroundNotListed):
        decide(road.session, officer, task.id, **how, code="UNPAID_FEES")
    road.session.rollback()
    assert decide(road.session, officer, task.id, **how, code="OTHER") == CaseState.REJECTED


def test_it_goes_on_to_its_end(road: Road, case: ChangeRequest) -> None:
    assert road.approve(case, times=6) == CaseState.COMPLETED
