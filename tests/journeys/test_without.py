"""The same for people without a mouse, and for browsers that run no scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer
from webapp.services.demo.plan import PASSWORD

pytestmark = pytest.mark.browser

XINAN, XINAN_2 = "新安县演示第一小学", "新安县演示第二小学"
MOST_STOPS = 60


def test_within_one_county_one_authority_decides_and_no_page_needs_a_script(
    new_context: Callable[..., BrowserContext], site: DemoSite, small_photo: FilePayload
) -> None:
    child = "王梓涵"
    phone, desk = (new_context(**kind, java_script_enabled=False).new_page() for kind in (A_PHONE, A_DESK))
    family, officer = Family(phone, site, scripts=False), Officer(desk, site, scripts=False)
    family.signs_in("wang-parent")
    way = family.prepares(child, XINAN_2, small_photo, "居住证明")
    assert [stop for stop in way if "教育局" in stop] == ["新安县教育局 经办人"]
    family.submits()
    officer.approves("xinan2-registrar", child, "转入学校核对")
    officer.approves("xinan2-lead", child, "转入学校审核")
    officer.approves("xinan-registrar", child, "转出学校核对")
    officer.approves("xinan-lead", child, "转出学校审核")
    officer.approves("xinan-county", child, "共同县级核办")
    assert site.schools(child) == [XINAN, XINAN_2]
    family.follows_up(child, "case-completed")
    family.reads("已办结", "学籍已变更")


def test_an_officer_approves_without_a_mouse(officer: Officer, site: DemoSite) -> None:
    child, page = "何雨泽", officer.page
    page.goto("/sign-in")
    expect(page.get_by_label("账号")).to_be_focused()
    page.keyboard.type("zhengzhou-city")
    tab_to(page, page.get_by_label("密码"))
    page.keyboard.type(PASSWORD)
    tab_to(page, page.get_by_role("button", name="登录"))
    page.keyboard.press("Enter")
    tab_to(page, officer.row(child))
    page.keyboard.press("Enter")
    approve = officer.task.get_by_role("button", name="通过", exact=True)
    expect(approve).to_be_visible()
    tab_to(page, approve)
    page.keyboard.press("Enter")
    officer.reads("已通过，申请进入下一环节")
    assert site.asked(child) == {"xinan-high-registrar"}


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted thing has the focus, which must be seen at every stop."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if wanted.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"no Tab leads to {wanted}")
