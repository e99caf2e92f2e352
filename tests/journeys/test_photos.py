"""A photo that the phone still makes smaller: whoever presses the button too early need not press it again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import A_PHONE
from tests.journeys.people import Family

pytestmark = pytest.mark.browser

PAPER = "居住证明"

# A phone that makes a photo smaller only when the test lets it.
A_SLOW_PHONE = """
const atOnce = window.createImageBitmap.bind(window);
window.createImageBitmap = (photo) => new Promise((resolve) => {
  window.goOn = () => resolve(atOnce(photo));
});"""
GO_ON = "window.goOn()"


@pytest.fixture
def family(new_context: Callable[..., BrowserContext], site: DemoSite) -> Family:
    """A family with a slow phone at the papers that its returned case asks for."""
    context = new_context(**A_PHONE)
    context.add_init_script(A_SLOW_PHONE)
    family = Family(context.new_page(), site)
    family.signs_in("guo-parent")
    family.page.goto(site.case_path("郭子豪"))
    return family


def form_of(page: Page) -> Locator:
    return page.locator("form.upload").filter(has_text=PAPER)


def chooses(family: Family, photo: FilePayload) -> Locator:
    form = form_of(family.page)
    form.get_by_label(PAPER).set_input_files(photo)
    return form


def test_a_button_pressed_too_early_is_busy_and_sends_the_small_photo_once(
    family: Family, photo: FilePayload
) -> None:
    sent: list[int] = []
    family.page.on("request", lambda request: sent.append(1) if request.method == "POST" else None)
    form = chooses(family, photo)
    expect(form.get_by_role("status")).to_contain_text("正在压缩照片")
    upload = form.get_by_role("button", name="上传", exact=True)
    upload.click()
    upload.click()
    expect(form).to_have_attribute("aria-busy", "true")
    assert sent == []
    with family.page.expect_navigation():
        family.page.evaluate(GO_ON)
    expect(family.page.get_by_role("img", name=PAPER).first).to_be_visible()
    assert sent == [1]


def test_without_a_press_the_photo_waits_for_one(family: Family, photo: FilePayload) -> None:
    form = chooses(family, photo)
    family.page.evaluate(GO_ON)
    expect(form.locator("[data-shrinking]")).to_be_hidden()
    expect(form).not_to_have_attribute("aria-busy", "true")
    chosen = form.get_by_label(PAPER).evaluate("input => input.files[0].size")
    assert chosen < len(photo["buffer"])


def test_of_two_photos_chosen_in_succession_the_later_is_sent(
    family: Family, photo: FilePayload, small_photo: FilePayload
) -> None:
    form = chooses(family, photo)
    form.get_by_role("button", name="上传", exact=True).click()
    with family.page.expect_navigation():
        chooses(family, {**small_photo, "name": "better.jpg"})
    expect(family.page.get_by_role("link", name="better.jpg").first).to_be_visible()


def test_a_picture_that_the_phone_cannot_read_is_sent_as_it_is_and_refused_in_words(
    family: Family, site: DemoSite
) -> None:
    broken = {
        "name": "broken.jpg",
        "mimeType": "image/jpeg",
        "buffer": b"x" * (site.settings.paper_max_bytes + 1),
    }
    form = chooses(family, broken)
    form.get_by_role("button", name="上传", exact=True).click()
    with family.page.expect_navigation():
        family.page.evaluate(GO_ON)
    expect(form_of(family.page).get_by_role("alert")).to_contain_text("文件过大")
