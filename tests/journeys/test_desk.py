"""The officer's desk: a list beside the open task, and keys for people who do this all day."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.people import Officer

pytestmark = pytest.mark.browser

FIRST, SECOND, LAST = "吴佳琪", "孙嘉怡", "周博文"


@pytest.fixture
def desk(officer: Officer) -> Officer:
    """The registrar of a school with several tasks, at the inbox."""
    officer.signs_in(officer.site.colleague_of("song-registrar"))
    shows(officer, FIRST)
    return officer


def shows(desk: Officer, child: str) -> None:
    """The task of this child stands beside the list, and can be decided."""
    expect(desk.row(child)).to_have_attribute("aria-current", "true")
    expect(desk.task.get_by_role("heading", level=1)).to_contain_text(child)
    expect(desk.page.locator("[data-pane]")).not_to_have_attribute("inert", "")


def test_what_is_overdue_and_what_was_decided_have_lists_of_their_own(officer: Officer) -> None:
    officer.signs_in("xinan-county")
    officer.page.get_by_role("navigation", name="列表").get_by_role("link", name="超期").click()
    expect(officer.row("马晓峰")).to_contain_text("已超期 1 个工作日")
    officer.looks_at("inbox-overdue")
    officer.signs_out()
    officer.signs_in("song-lead")
    officer.page.get_by_role("navigation", name="列表").get_by_role("link", name="已办").click()
    expect(officer.row("钱程远")).to_contain_text("通过")
    officer.looks_at("inbox-done")


def test_what_is_typed_stays_when_the_open_task_is_opened_again(desk: Officer) -> None:
    asked: list[str] = []
    desk.task.get_by_role("textbox", name="意见").fill("待核实住址")
    desk.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    desk.row(FIRST).click()
    desk.page.evaluate("fetch('/notices')")
    assert asked == ["/notices"]
    expect(desk.task.get_by_role("textbox", name="意见")).to_have_value("待核实住址")


def test_keys_move_through_the_list_and_to_the_actions(desk: Officer) -> None:
    for key in "jjk":
        desk.page.keyboard.press(key)
    shows(desk, SECOND)
    desk.page.keyboard.press("a")
    expect(desk.task.get_by_role("button", name="通过", exact=True)).to_be_focused()
    desk.page.keyboard.press("x")
    expect(a_ground(desk)).to_be_focused()
    desk.task.get_by_role("textbox", name="意见").focus()
    desk.page.keyboard.type("?")
    expect(desk.task.get_by_role("textbox", name="意见")).to_have_value("?")
    expect(desk.page.get_by_role("dialog")).to_be_hidden()


def test_a_key_leads_to_the_papers_that_may_be_asked_for_again(desk: Officer) -> None:
    desk.page.keyboard.press("r")
    expect(desk.task.get_by_label("居住证明")).to_be_focused()


def test_a_key_claims_the_task(desk: Officer) -> None:
    desk.page.keyboard.press("c")
    expect(desk.task.get_by_role("button", name="领取")).to_have_count(0)
    desk.presses("释放")
    expect(desk.task.get_by_role("button", name="领取")).to_be_visible()


def test_until_the_next_task_is_there_nothing_can_be_decided_on_the_one_before(desk: Officer) -> None:
    asked: list[Route] = []
    desk.page.route("**/tasks/*", lambda route, _: asked.append(route))
    desk.row(SECOND).click()
    expect(desk.row(SECOND)).to_have_attribute("aria-current", "true")
    desk.page.keyboard.press("x")
    expect(desk.task).to_contain_text(FIRST)
    expect(a_ground(desk)).not_to_be_focused()
    asked[0].continue_()
    shows(desk, SECOND)
    desk.page.keyboard.press("x")
    expect(a_ground(desk)).to_be_focused()


def a_ground(desk: Officer) -> Locator:
    """The first ground on which the open task may be rejected."""
    return desk.task.locator("[data-reject]").get_by_role("radio").first


def test_of_tasks_opened_in_quick_succession_the_last_one_is_shown(desk: Officer) -> None:
    desk.page.evaluate("document.querySelectorAll('[data-list] a').forEach(row => row.click())")
    shows(desk, LAST)


def test_a_task_that_cannot_be_had_says_why_beside_the_list(desk: Officer) -> None:
    desk.row(SECOND).evaluate("row => row.setAttribute('href', '/tasks/999999')")
    desk.row(SECOND).click()
    expect(desk.page.get_by_role("alert")).to_contain_text("没有这项任务")


def test_without_an_answer_the_task_is_opened_as_a_page(desk: Officer) -> None:
    desk.page.route("**/tasks/*", only_whole_pages)
    desk.row(SECOND).click()
    expect(desk.page).to_have_url(re.compile("/tasks/[0-9]+$"))
    expect(desk.task).to_contain_text(SECOND)


def only_whole_pages(route: Route) -> None:
    if route.request.is_navigation_request():
        route.continue_()
    else:
        route.abort()
