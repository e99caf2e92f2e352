"""Every page in English, and back in Chinese."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import untranslated
from tests.journeys.people import Family, Officer, Visitor
from webapp import clock
from webapp.config import DEMO_BEGINS

pytestmark = pytest.mark.browser

OFFICER_PAGES = (
    "/inbox",
    "/inbox/overdue",
    "/inbox/done",
    "/inbox/copies",
    "/notices",
    "/transfers/new",
    "/account",
    "/admin",
    "/no-such-page",
)


def test_a_family_reads_in_english_all_that_stands_against_its_application(family: Family) -> None:
    family.signs_in("zhou-parent")
    family.presses("English")
    in_english(family, "children")
    family.page.get_by_role("region", name="周全").get_by_role("link", name="Apply for a transfer").click()
    family.page.get_by_label("Name of the school").fill("演示")
    family.presses("Search")
    family.reads("新安县演示第二高级中学")
    in_english(family, "transfer-school-found")
    family.follows("新安县演示第二高级中学")
    family.reads("To 新安县演示第二高级中学")
    in_english(family, "transfer-details")
    family.page.get_by_label("Household or address moved").check()
    family.presses("Save and go on")
    family.reads("Only these may be asked of you")
    in_english(family, "transfer-papers")
    family.follows("Go on to the check")
    family.reads("H2", "T-P2", "T-P5", "Still missing: Proof of residence")
    in_english(family, "transfer-refused")
    family.presses("中文")
    family.reads("H2", "T-P2", "T-P5", "还缺")


def test_an_officer_finds_every_page_in_english(officer: Officer, site: DemoSite) -> None:
    officer.signs_in(site.colleague_of("song-registrar"))
    officer.presses("English")
    officer.reads("To do")  # until then the browser is on its way
    for path in OFFICER_PAGES:
        officer.page.goto(path)
        in_english(officer, f"officer{path}".replace("/", "-"))
    officer.page.goto("/inbox")
    officer.row("吴佳琪").click()
    officer.reads("There is no free place, so admission cannot be approved.")
    in_english(officer, "task-no-place")
    officer.follows("ZX-")
    officer.reads("Transfer of 吴佳琪")
    in_english(officer, "case-seen-by-a-school")
    officer.presses("中文")
    officer.reads("吴佳琪的转学申请")


def test_an_officer_reads_in_english_what_is_long_over_its_limits(officer: Officer, site: DemoSite) -> None:
    with clock.freeze(DEMO_BEGINS + timedelta(days=100)):
        officer.signs_in(site.colleague_of("song-registrar"))
        officer.presses("English")
        officer.reads("Red card · whole case", "working days overdue")
        expect(officer.page.locator("[data-list] [aria-current]")).to_have_count(1)
        in_english(officer, "inbox-late")


@pytest.mark.parametrize(
    ("login", "first_words"),
    [("administrator", "Working days"), ("auditor", "What an auditor does")],
)
def test_people_without_tasks_find_their_first_page_in_english(
    officer: Officer, login: str, first_words: str
) -> None:
    officer.signs_in(login)
    officer.presses("English")
    officer.reads(first_words)
    in_english(officer, login)
    officer.presses("中文")
    expect(officer.page.get_by_role("button", name="退出")).to_be_visible()


def test_a_stranger_signs_in_in_english(officer: Officer) -> None:
    officer.page.goto("/sign-in")
    officer.presses("English")
    officer.reads("Sign in")
    in_english(officer, "sign-in")
    officer.presses("中文")
    officer.reads("登录")


def in_english(visitor: Visitor, picture: str) -> None:
    """Look at a page that is in English but for names and what people wrote."""
    expect(visitor.page.get_by_role("button", name="中文")).to_be_visible()
    visitor.looks_at(f"english-{picture}")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert untranslated(visitor.page, visitor.site.untranslatable()) == []
