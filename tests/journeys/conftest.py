"""The demo in a real browser: families on a phone, officers at a desk, on the demo's first morning."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, expect

from tests.journeys.demo_site import DemoSite, demo_at
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer
from tests.journeys.two_provinces import ANHUI, HENAN, TwoProvinces, two_provinces
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.scenarios.scratch import scratch_settings
from webapp.services.demo.plan import SERVED

PATIENCE = 30_000  # milliseconds; only a page that is broken takes as long

# A photo as a phone takes it: large, and never quite white.
A_PHOTO = """
<style>
  body { margin: 0; background: #e9e4d8; font: 3rem/2 serif }
  svg { position: absolute; width: 100%; height: 100% }
  p { position: relative; margin: 8rem 5rem; text-align: center }
</style>
<svg><filter id="grain"><feTurbulence baseFrequency="0.8"/></filter>
<rect width="100%" height="100%" filter="url(#grain)" opacity="0.4"/></svg>
<p>居住证明<br>兹证明该户现居住于本社区，情况属实。<br>社区居民委员会<br>二〇二六年九月一日</p>"""


@pytest.fixture(scope="session")
def site(new_database: Callable[..., str], new_folder: Callable[[], object]) -> Iterator[DemoSite]:
    """The demo, served; every journey takes a child of its own."""
    settings = scratch_settings(new_folder()).model_copy(update={"provinces": SERVED})
    with demo_at(new_database(), settings) as site:
        yield site


@pytest.fixture(scope="session")
def provinces(new_database: Callable[..., str], new_folder: Callable[[], Path]) -> Iterator[TwoProvinces]:
    """Two deployments as processes of their own, each the other's other province."""
    settings_of = {code: scratch_settings(new_folder()) for code in (HENAN, ANHUI)}
    with two_provinces(new_database, settings_of) as provinces:
        yield provinces


@pytest.fixture(autouse=True)
def first_morning() -> Iterator[None]:
    """The time at which the demo begins; a journey may move on from it."""
    expect.set_options(timeout=PATIENCE)
    with clock.freeze(DEMO_BEGINS):
        yield


@pytest.fixture
def open_at(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser that nobody has used yet, for the site at an address."""
    opened = []

    def open_one(address: str, **how: object) -> BrowserContext:
        opened.append(browser.new_context(base_url=address, locale="zh-CN", **how))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def new_context(open_at: Callable[..., BrowserContext], site: DemoSite) -> Callable[..., BrowserContext]:
    """Opens a browser for the demo."""
    return partial(open_at, site.address)


@pytest.fixture
def family(new_context: Callable[..., BrowserContext], site: DemoSite) -> Family:
    """A guardian at a phone."""
    return Family(new_context(**A_PHONE).new_page(), site)


@pytest.fixture
def officer(new_context: Callable[..., BrowserContext], site: DemoSite) -> Officer:
    """An officer at a desk."""
    return Officer(new_context(**A_DESK).new_page(), site)


@pytest.fixture(scope="session")
def photo(browser: Browser) -> FilePayload:
    """A photo of a paper, larger than a paper may be."""
    return _photo(browser, scale=3)


@pytest.fixture(scope="session")
def small_photo(browser: Browser) -> FilePayload:
    """A photo of a paper that may be sent as it is."""
    return _photo(browser, scale=1)


def _photo(browser: Browser, scale: int) -> FilePayload:
    with browser.new_page(viewport={"width": 800, "height": 1100}, device_scale_factor=scale) as page:
        page.set_content(A_PHOTO)
        taken = page.screenshot(type="jpeg", quality=95)
    return {"name": "IMG_0907.jpg", "mimeType": "image/jpeg", "buffer": taken}
