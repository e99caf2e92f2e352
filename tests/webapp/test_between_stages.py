"""Between general and vocational schools (普职互转, domain 3.1.4 V9): what is asked, and what becomes of it."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import PaperKind, Stage, TransferReason
from tests.webapp.doctoring import sound
from tests.webapp.road import Road, a_road, fill_seats
from tests.webapp.site import Site, Visitor, said
from webapp.services.cases.applications import submit
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

MAJOR = {"major_code": "710201", "major_name": "计算机应用"}


@pytest.fixture
def general(session: Session) -> Road:
    """A student of a general school who wants to go to a vocational one of the same city."""
    road = a_road(session, stage=Stage.SENIOR_HIGH, grade=1)
    receiving = makers.a_school(session, "410325", Stage.VOCATIONAL)
    form = TransferForm(receiving.id, 1, TransferReason.TRACK, schooling_years=3, **MAJOR)
    return seated(replace(road, receiving=receiving, form=form))


@pytest.fixture
def vocational(session: Session) -> Road:
    """One of a vocational school who wants to go to a general one."""
    road = a_road(session, stage=Stage.VOCATIONAL, grade=1)
    last = road.student.enrolments[-1]
    last.major_code, last.major_name, last.schooling_years = "710201", "计算机应用", 5
    receiving = makers.a_school(session, "410325", Stage.SENIOR_HIGH)
    return seated(
        replace(road, receiving=receiving, form=TransferForm(receiving.id, 1, TransferReason.TRACK))
    )


def seated(road: Road) -> Road:
    fill_seats(road)
    road.session.commit()
    return road


def applied(road: Road) -> ChangeRequest:
    return submit(road.session, road.guardian, road.draft(PaperKind.TRANSFER_FORM).id)


def family(site: Site, road: Road) -> Visitor:
    return site.visitor(road.guardian)


def details(road: Road) -> str:
    return f"/children/{road.student.id}/transfer/to/{road.receiving.id}"


@pytest.mark.parametrize(("wanted", "found"), [("vocational", True), ("senior_high", False)])
def test_a_school_of_either_kind_is_looked_for(site: Site, general: Road, wanted: str, found: bool) -> None:
    search = f"/children/{general.student.id}/transfer?province=410000&division=410325&stage={wanted}"
    assert (general.receiving.name in family(site, general).reads(search)) == found


def test_schools_of_the_present_kind_are_looked_for_first(site: Site, general: Road) -> None:
    page = said(family(site, general).get(f"/children/{general.student.id}/transfer?province=410000"))
    assert general.receiving.name not in page


@pytest.mark.parametrize("stage", ["compulsory", "college"])
def test_no_other_kind_is(site: Site, general: Road, stage: str) -> None:
    asked = family(site, general).get(
        f"/children/{general.student.id}/transfer?province=410000&stage={stage}"
    )
    assert asked.status_code == 422


def test_in_compulsory_education_there_is_no_kind_to_choose(site: Site, road: Road) -> None:
    page = family(site, road).get(f"/children/{road.student.id}/transfer").text
    assert 'name="stage"' not in page


def test_the_major_is_asked_of_whoever_comes_from_a_general_school(site: Site, general: Road) -> None:
    visitor = family(site, general)
    sent = {"grade": "1", "schooling_years": "3", "reason": "track"}
    refused = visitor.post(details(general), **sent)
    assert refused.status_code == 422
    assert "Type the code of the major." in said(refused)
    assert visitor.post(details(general), **sent, **MAJOR).status_code == 303
    assert 'value="710201"' in visitor.get(details(general)).text


def test_within_a_stage_neither_the_major_nor_that_reason_is_offered(site: Site, session: Session) -> None:
    road = a_road(session, stage=Stage.VOCATIONAL, grade=1)
    page = family(site, road).get(details(road)).text
    assert "major_code" not in page
    assert 'value="track"' not in page
    sent = {"grade": "1", "schooling_years": "3", "reason": "track"}
    assert family(site, road).post(details(road), **sent).status_code == 422


def test_the_other_way_neither_major_nor_years_are_asked(site: Site, vocational: Road) -> None:
    page = family(site, vocational).get(details(vocational)).text
    assert "major_code" not in page
    assert "schooling_years" not in page
    assert 'value="track"' in page


def test_at_the_vocational_school_the_named_major_is_begun(general: Road) -> None:
    case = applied(general)
    while general.state_of(case).is_open:
        general.approve(case)
    assert sound(general, case)
    general.session.refresh(general.student)
    left, present = sorted(general.student.enrolments, key=lambda one: one.started_on)
    assert (left.ended_as, present.school_id) == ("transferred_out", general.receiving.id)
    assert (present.major_code, present.major_name) == ("710201", "计算机应用")
    assert present.schooling_years == 3


def test_at_the_general_school_there_is_no_major_and_the_course_takes_three_years(vocational: Road) -> None:
    case = applied(vocational)
    while vocational.state_of(case).is_open:
        vocational.approve(case)
    assert sound(vocational, case)
    vocational.session.refresh(vocational.student)
    present = max(vocational.student.enrolments, key=lambda one: one.started_on)
    assert (present.school_id, present.major_code, present.major_name) == (
        vocational.receiving.id,
        None,
        None,
    )
    assert present.schooling_years == 3


def test_what_changes_says_the_major(site: Site, general: Road) -> None:
    case = applied(general)
    officer = general.officer(general.open_task(case))
    assert "计算机应用" in site.visitor(officer).reads(f"/cases/{case.id}")
