"""What happens on every way into Henan from another province."""

from playwright.sync_api import FilePayload, expect

from tests.journeys.people import Family, Officer, Visitor
from tests.journeys.test_languages import in_english
from tests.journeys.two_provinces import SONG


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
