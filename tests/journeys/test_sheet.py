"""The approval sheet (审批表): looked at on a phone and at a desk, and printed on one page."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from models.enums import Stage
from tests.journeys.crossing import in_both_languages
from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family, Officer, Visitor
from tests.webapp.road import a_road

pytestmark = pytest.mark.browser

CHILD, SCHOOL = "姜小禾", "新安县演示第一小学"
PAGES = re.compile(rb"/Type\s*/Page\b")


def test_a_suspension_is_printed_on_one_page_before_and_after_it_is_decided(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    family.signs_in(site.a_family(CHILD, SCHOOL))
    family.begins(CHILD, "申请休学")
    family.fills({"休学期满日期": "2026-10-31", "医院名称": "Xin’an County Hospital", "医嘱休养月数": "2"})
    family.hands_in("诊断证明", photo)
    family.checks()
    family.submits()
    family.follows("打印审批表")
    in_both_languages(family, "sheet")
    expect(family.page.get_by_role("button", name="打印", exact=True)).to_be_visible()
    assert pages_of(family) == 1
    officer.approves("xinan-registrar", CHILD, "学校核对")
    officer.signs_in("xinan-lead")
    officer.opens(CHILD, "学校审核")
    officer.follows("打印审批表")
    officer.reads("学籍异动审批表", "签字（盖章）：")
    officer.looks_at("sheet-of-an-officer")
    assert pages_of(officer) == 1


def test_the_long_way_between_two_cities_is_one_page_too(officer: Officer, site: DemoSite) -> None:
    with site.session() as session:
        road = a_road(session, receiving_in="410105", stage=Stage.SENIOR_HIGH, grade=1)
        case = road.applied()
        road.approve(case, times=2)
        case_id, somebody = case.id, road.officer(road.open_task(case))
    officer.signs_in_as(somebody)
    officer.page.goto(f"/cases/{case_id}/sheet")
    officer.looks_at("sheet-of-a-long-way")
    assert officer.page.locator(".box").count() >= 8
    assert pages_of(officer) == 1


def pages_of(visitor: Visitor) -> int:
    """Print what a visitor sees as its own stylesheet says, and count the pages."""
    return len(PAGES.findall(visitor.page.pdf(prefer_css_page_size=True)))
