"""What is looked at on every page that somebody opens, and the pictures of it for whoever wants to look himself."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
A_PHONE = {"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
A_DESK = {"viewport": DESK}

# The words of a page that are not marked as Chinese, with those that only whoever has it read out will hear.
UNMARKED_WORDS = """() => {
  const words = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const within = texts.currentNode.parentElement;
    if (!within.closest("[lang^=zh], script, style")) words.push(texts.currentNode.data);
  }
  for (const one of document.querySelectorAll("body *:not([lang^=zh], [lang^=zh] *)"))
    for (const name of ["title", "alt", "aria-label", "placeholder"]) words.push(one.getAttribute(name) ?? "");
  return words;
}"""


def look_at(page: Page, picture: str) -> None:
    """Check a page at both widths; its pictures are kept if SCREENSHOTS names a folder for them."""
    for trouble in (violations(page), complaints(page)):
        assert not trouble, (picture, trouble)
    given = page.viewport_size
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert is_no_wider_than_the_screen(page), (picture, size)
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{picture}-{size['width']}.png", full_page=True)
    page.set_viewport_size(given)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds: each rule with the elements that break it."""
    found = Axe().run(page).response["violations"]
    return [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found]


def complaints(page: Page) -> list[str]:
    """Return the errors on the browser's console, except that a page itself was answered with a refusal."""
    said = [
        message.text
        for message in page.console_messages()
        if message.type == "error" and message.location["url"] != page.url
    ]
    return said + [str(error) for error in page.page_errors()]


def is_no_wider_than_the_screen(page: Page) -> bool:
    """Whether nobody has to move the page sideways, and no list is cut off."""
    return page.evaluate("""[document.documentElement, ...document.querySelectorAll(".rows")].every(
      (part) => part.scrollWidth <= part.clientWidth,
    )""")


def untranslated(page: Page, names: set[str]) -> list[str]:
    """Return the Chinese of an English page that is neither a name nor marked as Chinese."""
    return [text for text in page.evaluate(UNMARKED_WORDS) if _is_chinese(_without(names, text))]


def _without(names: set[str], text: str) -> str:
    for name in sorted(filter(text.__contains__, names), key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _is_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)
