"""The approval sheet of a case (审批表): what stands on it, decided boxes and empty ones, and who may see it."""

import pytest
from sqlalchemy import select

from models import AccessLog, ChangeRequest
from models.enums import Ask, ChangeKind, NumberKind, Outcome, Role, Stage
from tests.webapp.asking.asked import COUNTY, asks
from tests.webapp.every_kind import FORMS, handed_in, registrar_of, wished
from tests.webapp.road import Road, a_road, a_suspension
from tests.webapp.site import Site
from webapp import errors
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.recalls import recall
from webapp.services.cases.sheets import ApprovalSheet, sheet_for
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def vocational(session) -> Road:
    return a_road(session, stage=Stage.VOCATIONAL, grade=1)


@pytest.fixture
def suspension(road: Road) -> Road:
    return a_suspension(road)


@pytest.fixture
def case(suspension: Road) -> ChangeRequest:
    """A suspension that its school is to look at first."""
    return handed_in(suspension)


def sheet_of(road: Road, case: ChangeRequest) -> ApprovalSheet:
    road.session.expire_all()
    return sheet_for(road.session, road.guardian, case.id)


def decided(sheet: ApprovalSheet) -> list[str | None]:
    return [box.decision and box.decision.outcome for box in sheet.boxes]


@pytest.mark.parametrize("kind", FORMS)
def test_every_kind_of_change_has_its_sheet(site: Site, vocational: Road, kind: ChangeKind) -> None:
    wish = wished(vocational, kind)
    case = handed_in(wish)
    visitor = site.visitor(registrar_of(wish), language="zh_Hans_CN")
    page = visitor.reads(f"/cases/{case.id}/sheet")
    for words in ("学籍异动审批表", case.number, wish.student.name, wish.releasing.name):
        assert words in page
    assert set(decided(sheet_of(wish, case))) == {None}
    while case.state.is_open:
        wish.approve(case)
    unsigned = [box for box in sheet_of(wish, case).boxes if box.step.blocking and not box.decision]
    assert unsigned == []
    assert "已办结" in visitor.reads(f"/cases/{case.id}/sheet")


def test_a_transfer_names_both_schools_and_the_way_in_order(site: Site, road: Road) -> None:
    case = road.applied(until=COUNTY)
    page = site.visitor(road.guardian, language="zh_Hans_CN").reads(f"/cases/{case.id}/sheet")
    assert f"{road.releasing.name} → {road.receiving.name}" in page
    steps = [box.step.name for box in sheet_of(road, case).boxes]
    assert [page.index(name) for name in steps] == sorted(page.index(name) for name in steps)
    assert decided(sheet_of(road, case)) == ["approve"] * 2 + [None] * (len(steps) - 2)


def test_steps_that_are_skipped_have_no_box(road: Road) -> None:
    case = road.applied()
    sheet = sheet_of(road, case)
    skipped = {"receiving_authorities/in_city"}
    assert skipped <= sheet.view.definition.steps.keys()
    assert skipped.isdisjoint(box.step.id for box in sheet.boxes)


def test_a_box_says_who_decided_and_what_he_thought(
    site: Site, suspension: Road, case: ChangeRequest
) -> None:
    officer = suspension.officer(suspension.open_task(case))
    suspension.decide(case, Outcome.APPROVE, "情况属实")
    lead = suspension.officer(suspension.open_task(case))
    page = site.visitor(lead).reads(f"/cases/{case.id}/sheet")
    assert "Approved 情况属实" in page
    assert officer.name in page
    assert "Signature, seal:" in page


def test_a_family_reads_offices_and_no_names_of_officers(
    site: Site, suspension: Road, case: ChangeRequest
) -> None:
    officer = suspension.officer(suspension.open_task(case))
    suspension.approve(case)
    page = site.visitor(suspension.guardian).reads(f"/cases/{case.id}/sheet")
    assert "Approved" in page
    assert officer.name not in page


def test_the_registry_number_is_masked(site: Site, suspension: Road, case: ChangeRequest) -> None:
    number = "G410323201601010015"
    suspension.student.registry_number, suspension.student.number_kind = number, NumberKind.FORMAL
    suspension.session.commit()
    page = site.visitor(suspension.guardian).reads(f"/cases/{case.id}/sheet")
    assert "*0015" in page
    assert number not in page


def test_what_was_recalled_is_to_be_signed_again(suspension: Road, case: ChangeRequest) -> None:
    task = suspension.open_task(case)
    suspension.approve(case)
    recall(suspension.session, suspension.officer(task), task.id, version=case.version, reason="看错了")
    assert set(decided(sheet_of(suspension, case))) == {None}


def test_whoever_is_to_sign_too_has_a_box_behind_who_asked_him(road: Road) -> None:
    case = road.applied(until=COUNTY)
    chief = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    asks(road, case, Ask.COSIGNATURE, chief)
    at_county = [box for box in sheet_of(road, case).boxes if box.step.id == COUNTY]
    assert [(box.roles, box.decision is None) for box in at_county] == [
        ((Role.HANDLER,), False),
        ((Role.CHIEF,), True),
    ]


def test_whoever_only_gives_advice_has_none(road: Road) -> None:
    case = road.applied(until=COUNTY)
    chief = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    asks(road, case, Ask.OPINION, chief)
    assert [box.roles for box in sheet_of(road, case).boxes if box.step.id == COUNTY] == [(Role.HANDLER,)]


def test_a_rejected_case_is_void_and_says_why(site: Site, suspension: Road, case: ChangeRequest) -> None:
    suspension.approve(case)
    suspension.decide(case, Outcome.REJECT, "诊断证明不符")
    page = site.visitor(suspension.guardian).reads(f"/cases/{case.id}/sheet")
    assert "This sheet is void: Rejected" in page
    assert page.count("诊断证明不符") == 2
    assert decided(sheet_of(suspension, case)) == ["approve", "reject"]


def test_a_withdrawn_case_is_void_and_nothing_is_left_to_sign(
    site: Site, suspension: Road, case: ChangeRequest
) -> None:
    withdraw(suspension.session, suspension.guardian, case.id)
    page = site.visitor(suspension.guardian).reads(f"/cases/{case.id}/sheet")
    assert "This sheet is void: Withdrawn by the applicant" in page
    assert sheet_of(suspension, case).boxes == []


def test_what_the_record_was_before_stays_on_the_sheet(site: Site, vocational: Road) -> None:
    wish = wished(vocational, ChangeKind.KEY_DATA)
    before, case = wish.student.name, handed_in(wish)
    while case.state.is_open:
        wish.approve(case)
    page = site.visitor(wish.guardian).reads(f"/cases/{case.id}/sheet")
    assert f"{before} → 林小禾" in page
    assert f"Name {before}" in page


def test_the_look_is_logged_as_one_at_the_sheet(suspension: Road, case: ChangeRequest) -> None:
    sheet_of(suspension, case)
    looks = select(AccessLog.what).where(AccessLog.change_request_id == case.id)
    assert suspension.session.scalars(looks.order_by(AccessLog.id.desc()).limit(1)).one() == "sheet"


def test_nobody_else_sees_it(road: Road, suspension: Road, case: ChangeRequest) -> None:
    stranger = a_road(road.session).guardian
    with pytest.raises(errors.NotAllowed):
        sheet_for(road.session, stranger, case.id)
