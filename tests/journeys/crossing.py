"""What happens on every way into Henan from another province."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.journeys.deployed import Province
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer, Visitor
from tests.journeys.test_languages import in_english
from tests.journeys.two_provinces import SONG


def without_scripts(province: Province, open_at: Callable[..., BrowserContext]) -> tuple[Family, Officer]:
    """Return a family at a phone and an officer at a desk, in whose browsers no script runs."""
    phone, desk = (
        open_at(province.address, **kind, java_script_enabled=False).new_page() for kind in (A_PHONE, A_DESK)
    )
    return Family(phone, province, scripts=False), Officer(desk, province, scripts=False)


def applies(family: Family, child: str, photo: FilePayload) -> None:
    """Apply for the school in Henan, from the page that asks to which school a child shall go."""
    family.finds(child, SONG)
    family.completes(photo, "居住证明")
    family.submits()


def school_and_county_approve(officer: Officer, child: str) -> None:
    """Let Henan's side agree."""
    officer.approves("song-registrar", child, "转入学校核对")
    officer.approves("song-lead", child, "转入学校审核")
    officer.approves("song-county", child, "转入县级核办")


def in_both_languages(visitor: Visitor, picture: str) -> None:
    """Look at a page in Chinese and in English."""
    visitor.looks_at(picture)
    visitor.presses("English")
    in_english(visitor, picture)
    visitor.presses("中文")
    expect(visitor.page.get_by_role("button", name="English")).to_be_visible()
