"""Rules that allow exceptions (原则上、一般): the reason is stated, and the authority decides first, in writing."""

from dataclasses import replace

import pytest

from models.enums import CaseState, EventKind, Outcome
from tests.webapp.road import Road, a_fujian_road, fill_seats
from tests.webapp.site import Site
from webapp.errors import ReasonMissing
from webapp.services.cases.applications import draft_of, submit
from webapp.services.cases.decisions import decide
from webapp.services.changes.eligibility import NotEligible

pytestmark = pytest.mark.slow

WHY = "父母调往外市，本地无人监护"


@pytest.fixture
def graduate(session) -> Road:
    """A pupil of the last grade, who in principle does not transfer (T-P2)."""
    road = a_fujian_road(session)
    road.student.enrolments[-1].grade = 3
    road = replace(road, form=replace(road.form, grade=3))
    session.commit()
    return road


def excepted(road: Road) -> Road:
    """The same, with a reason."""
    road = replace(road, form=replace(road.form, exception=WHY))
    fill_seats(road)
    road.session.commit()
    return road


def test_without_a_reason_it_cannot_be_submitted(graduate: Road) -> None:
    draft = graduate.draft()
    with pytest.raises(NotEligible, match="T-P2"):
        submit(graduate.session, graduate.guardian, draft.id)


def test_the_authority_excepts_it_in_writing_before_anybody_else_decides(graduate: Road) -> None:
    road = excepted(graduate)
    case = submit(road.session, road.guardian, road.draft().id)
    [task] = road.open_tasks(case)
    assert (task.seat, task.step) == ("转出县级", "exception/except_county")
    with pytest.raises(ReasonMissing):
        road.approve(case)
    officer = road.officer(task)
    decide(
        road.session,
        officer,
        task.id,
        outcome=Outcome.APPROVE,
        version=case.version,
        opinion="情况属实，同意",
    )
    assert [event.payload.get("opinion") for event in case.events if event.kind == EventKind.DECIDED] == [
        "情况属实，同意"
    ]
    while case.state.is_open:
        road.approve(case)
    assert case.state == CaseState.COMPLETED


def test_the_authority_may_refuse_the_exception(graduate: Road) -> None:
    road = excepted(graduate)
    case = submit(road.session, road.guardian, road.draft().id)
    assert road.decide(case, Outcome.REJECT, "不属于特殊情况") == CaseState.REJECTED


def test_whoever_needs_no_exception_gets_no_step_for_it(session) -> None:
    road = a_fujian_road(session)
    road = replace(road, form=replace(road.form, exception=WHY))
    case = submit(session, road.guardian, road.draft().id)
    assert road.open_task(case).step != "exception/except_county"


def test_the_reason_is_stated_where_the_rule_is_told_and_outlives_a_change_of_details(
    site: Site, graduate: Road
) -> None:
    graduate.draft()
    family = site.visitor(graduate.guardian)
    pages = f"/children/{graduate.student.id}/transfer"
    assert "Ask for an exception" in family.get(f"{pages}/check").text
    assert family.post(f"{pages}/exception", exception=WHY).status_code == 303
    shown = family.get(f"{pages}/check").text
    assert "An exception is asked for" in shown
    assert "Submit the application" in shown
    details = {"grade": "3", "schooling_years": "3", "reason": "household_move"}
    assert family.post(f"{pages}/to/{graduate.receiving.id}", **details).status_code == 303
    graduate.session.expire_all()
    assert draft_of(graduate.session, graduate.guardian, graduate.student.id).form["exception"] == WHY
