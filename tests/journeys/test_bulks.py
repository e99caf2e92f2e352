"""Approving together in a real browser: tick three, undo them, send them again, and see what became of each."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from models import StudentOverlay
from models.enums import OverlayKind
from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import A_DESK
from tests.journeys.people import Officer
from tests.webapp.road import a_road
from tests.webapp.together import Together, half_a_minute_later, waiting_together
from webapp.services.demo import makers

pytestmark = pytest.mark.browser

HALF_A_MINUTE = 31_000  # milliseconds, and one more second


@pytest.fixture
def session(site: DemoSite) -> Session:
    with site.session() as session:
        yield session


@pytest.fixture
def together(session: Session) -> Together:
    """Three cases at a county where no other journey leads."""
    return waiting_together(a_road(session, releasing_in="410324", receiving_in="410326"))


def ticks(officer: Officer, together: Together) -> None:
    """Tick all three: two by the mouse, and the one that is open by its key."""
    names = [road.student.name for road in together.roads]
    for name in names:
        tick = officer.page.get_by_role("checkbox", name=f"将{name}与其他任务一并通过")
        if officer.row(name).get_attribute("aria-current"):
            officer.page.keyboard.press("t")
        else:
            tick.check()
        expect(tick).to_be_checked()


def a_problem(together: Together) -> StudentOverlay:
    """A rule stands against the third case from now on."""
    overlay = makers.an_overlay(together.session, together.roads[2].student, OverlayKind.PROBLEM)
    together.session.commit()
    return overlay


def sends(officer: Officer, together: Together, opinion: str) -> None:
    officer.page.goto("/inbox")
    expect(officer.page.locator("[data-list] [aria-current]")).to_have_count(1)
    ticks(officer, together)
    officer.presses("勾选整个环节")
    officer.looks_at("inbox-ticked")
    officer.page.get_by_role("button", name="批量通过所选任务 3").click()
    officer.reads(*(road.student.name for road in together.roads))
    officer.looks_at("bulk-new")
    officer.page.get_by_role("textbox", name="意见").fill(opinion)
    officer.page.get_by_role("button", name="批量通过", exact=True).click()
    officer.reads("尚未作出决定")


def test_tasks_are_ticked_and_sent_undone_sent_again_and_carried_out(
    officer: Officer, site: DemoSite, together: Together
) -> None:
    officer.signs_in_as(together.officer)
    officer.page.clock.install()
    problem = a_problem(together)
    sends(officer, together, "材料齐全")
    officer.looks_at("bulk-waiting")
    officer.presses("撤销")
    officer.reads("未作出任何决定")
    together.session.delete(problem)
    together.session.commit()
    sends(officer, together, "材料齐全，同意转入")
    a_problem(together)
    with half_a_minute_later():
        site.work()
        officer.page.clock.fast_forward(HALF_A_MINUTE)
        officer.reads("已执行完毕。", "已通过 2", "未通过 1")
        officer.looks_at("bulk-done")
        expect(officer.page.get_by_role("button", name="撤销")).to_have_count(0)
        rows = officer.page.locator("#items li")
        expect(rows.first).to_contain_text(together.roads[2].student.name)
        expect(rows.first).to_contain_text("H2")
        officer.page.get_by_role("link", name="批量通过").last.click()
        expect(officer.page.locator(".rows > li")).to_have_count(2)
        officer.looks_at("bulks")


def test_without_scripts_it_is_the_same(
    site: DemoSite, together: Together, new_context: Callable[..., BrowserContext]
) -> None:
    officer = Officer(new_context(**A_DESK, java_script_enabled=False).new_page(), site)
    officer.signs_in_as(together.officer)
    for tick in officer.page.get_by_role("checkbox").all():
        tick.check()
    officer.presses("批量通过所选任务")
    officer.page.get_by_role("button", name="批量通过", exact=True).click()
    officer.reads("尚未作出决定", "还剩")
    with half_a_minute_later():
        site.work()
        officer.follows("刷新")
        officer.reads("已执行完毕。")
