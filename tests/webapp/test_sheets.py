"""The sheet of a case to be signed and filed (学籍异动审批表): domain 3.0.6."""

import pytest

from models import AccessLog
from models.enums import Outcome, PaperKind
from tests.webapp.road import Road, a_suspension
from tests.webapp.site import Site, said
from webapp.errors import NotAllowed
from webapp.services.cases.applications import submit
from webapp.services.cases.sheets import sheet_for
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def test_what_was_decided_is_filled_in_and_what_is_ahead_is_to_be_signed(road: Road) -> None:
    case = road.applied()
    first = road.open_task(case)
    road.approve(case)
    boxes = sheet_for(road.session, road.guardian, case.id).boxes
    assert (boxes[0].step.id, boxes[0].event is not None) == (first.step, True)
    assert boxes[0].office == first.office.name
    assert {box.event for box in boxes[1:]} == {None}
    assert [box.step.id for box in boxes] == [*dict.fromkeys(box.step.id for box in boxes)]


def test_of_a_completed_case_every_box_is_signed(road: Road) -> None:
    road = a_suspension(road)
    case = submit(road.session, road.guardian, road.draft(PaperKind.DIAGNOSIS).id)
    while case.state.is_open:
        road.approve(case)
    boxes = sheet_for(road.session, road.guardian, case.id).boxes
    assert [box.step.seat for box in boxes][:2] == ["学校", "学校"]
    assert all(box.event for box in boxes if box.step.blocking)


def test_of_a_rejected_case_nothing_is_left_to_sign(site: Site, road: Road) -> None:
    case = road.applied()
    road.decide(case, Outcome.REJECT, "地址不符")
    [box] = sheet_for(road.session, road.guardian, case.id).boxes
    assert box.opinion == "地址不符"
    shown = site.visitor(road.guardian).reads(f"/cases/{case.id}/sheet")
    assert "Rejected" in shown


def test_it_says_who_is_asked_for_what_and_under_which_rules(site: Site, road: Road) -> None:
    case = road.applied()
    officer = road.officer(road.open_task(case))
    road.approve(case)
    shown = said(site.visitor(officer).get(f"/cases/{case.id}/sheet"))
    version = case.process_version
    for words in (case.number, road.student.name, road.receiving.name, officer.name, "k12-henan-comp"):
        assert words in shown
    assert f"Process: {version.title}, version {version.number}" in shown
    assert road.student.registry_number is None or road.student.registry_number not in shown


def test_the_family_reads_offices_and_not_the_names_of_officers(site: Site, road: Road) -> None:
    case = road.applied()
    officer = road.officer(road.open_task(case))
    road.approve(case)
    shown = said(site.visitor(road.guardian).get(f"/cases/{case.id}/sheet"))
    assert officer.name not in shown.replace(road.receiving.name, "")


def test_a_stranger_sees_no_sheet_and_each_look_is_logged(road: Road) -> None:
    case = road.applied()
    stranger = makers.a_guardian(road.session, makers.a_student(road.session, road.releasing))
    with pytest.raises(NotAllowed):
        sheet_for(road.session, stranger, case.id)
    sheet_for(road.session, road.guardian, case.id)
    road.session.commit()
    assert "sheet" in {
        look.what for look in road.session.query(AccessLog).filter_by(change_request_id=case.id)
    }
