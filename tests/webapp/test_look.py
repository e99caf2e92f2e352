"""How pages look and behave in a real browser: on a phone and at a desk, by keyboard, for everybody."""

import threading
from datetime import date
from pathlib import Path

import jinja2
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, flash, render_template
from playwright.sync_api import expect
from wtforms import BooleanField, Form, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from models.enums import CaseState
from tests.served import served
from webapp.views.visitor import public

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
PAGES = {"/sign-in": 200, "/specimen": 200, "/no-such-page": 404}


class OpinionForm(Form):
    ground = SelectField("Ground", choices=["household move", "job move"])
    found = RadioField("Found", choices=["true", "not true"], validators=[InputRequired()])
    opinion = TextAreaField("Opinion")
    checked = BooleanField("I saw every paper", validators=[InputRequired()])


class SlowAnswer:
    """Takes a form and answers only when it may."""

    def __init__(self):
        self.taken = threading.Semaphore(0)
        self.may_answer = threading.Event()
        self.count = 0

    def answer(self):
        self.count += 1
        self.taken.release()
        self.may_answer.wait()
        return "counted"


@pytest.fixture
def slow():
    return SlowAnswer()


@pytest.fixture
def address(new_pages: Flask, slow):
    new_pages.jinja_loader = jinja2.ChoiceLoader(
        [new_pages.jinja_loader, jinja2.FileSystemLoader(Path(__file__).with_name("templates"))]
    )
    new_pages.jinja_env.loader = new_pages.jinja_loader
    new_pages.add_url_rule("/specimen", "specimen", public(specimen))

    @new_pages.post("/count")
    @public
    def count():
        return slow.answer()

    with served(new_pages) as address:
        yield address
        slow.may_answer.set()


def specimen():
    form = OpinionForm()
    form.validate()
    flash("Approved. Next: the releasing school.", "success")
    return render_template("specimen.html", form=form, day=date(2026, 9, 10), case_states=CaseState)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request, browser, address):
    context = browser.new_context(viewport=request.param, base_url=address, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wrong_and_nothing_is_wider_than_the_screen(page, path):
    assert page.goto(path).status == PAGES[path]
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_blocks_nothing_of_ours(page, path):
    blocked = []
    page.on("console", lambda message: blocked.append(message.text) if "Security" in message.text else None)
    page.on("pageerror", lambda error: blocked.append(str(error)))
    assert page.goto(path, wait_until="networkidle").status == PAGES[path]
    assert blocked == []


def test_the_first_tab_stop_leads_past_the_top_bar(page):
    page.goto("/no-such-page")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_form_on_its_way_is_not_sent_a_second_time_and_may_be_after_coming_back(page, slow):
    page.goto("/specimen")
    middle = middle_of(page.get_by_role("button", name="Count"))
    page.mouse.click(**middle)
    assert slow.taken.acquire(timeout=30)
    page.mouse.click(**middle)
    slow.may_answer.set()
    expect(page.get_by_text("counted")).to_be_visible()
    assert slow.count == 1
    page.go_back()
    page.get_by_role("button", name="Count").click()
    expect(page.get_by_text("counted")).to_be_visible()
    assert slow.count == 2


def middle_of(element):
    # Clicked there by the mouse: Playwright's own click would wait for the page that is on its way.
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
