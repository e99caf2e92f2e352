"""Time limits on the pages: cards in words, of steps and of the whole case, to officers and to the family."""

from datetime import datetime

import pytest

from models import ChangeRequest, Task
from tests.webapp.road import TERM_BEGINS, Road
from tests.webapp.site import Site, Visitor
from webapp import clock

pytestmark = pytest.mark.slow

# The last day of the first step is the 24th.
BEFORE, LAST, PAST = (datetime(2025, 9, day, 10, tzinfo=clock.SHANGHAI) for day in (23, 24, 25))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (BEFORE, "1 working day left"),
        (LAST, "Yellow card · due today"),
        (PAST, "Red card · 1 working day overdue"),
    ],
    ids=["before", "on", "past"],
)
def test_the_cards_of_a_step_stand_in_the_inbox_and_on_its_page_in_words(
    site: Site, road: Road, task: Task, at: datetime, said: str
) -> None:
    with clock.freeze(at):
        registrar = site.visitor(road.officer(task))
        for address in ("/inbox", f"/tasks/{task.id}", f"/cases/{task.change_request_id}"):
            page = registrar.reads(address)
            assert said in page
            assert ("card" in page) == ("card" in said)


def test_a_card_is_red_on_a_day_off_too(site: Site, road: Road, task: Task) -> None:
    with clock.freeze(datetime(2025, 10, 1, 10, tzinfo=clock.SHANGHAI)):
        task.due_on = datetime(2025, 9, 30, tzinfo=clock.SHANGHAI).date()
        road.session.commit()
        assert "Red card · overdue" in site.visitor(road.officer(task)).reads("/inbox")


def test_the_total_of_a_case_is_told_to_officers_and_family(
    site: Site, registrar: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    said = "The whole case: by Tue 9 Dec, 60 working days left"
    family = site.visitor(road.guardian)
    pages = [registrar.reads(f"/tasks/{task.id}"), registrar.reads(f"/cases/{case.id}")]
    pages += [family.reads(f"/cases/{case.id}"), family.reads("/children")]
    assert [said in page for page in pages] == [True] * 4


def test_a_case_past_its_total_has_a_red_card_though_its_step_is_in_time(
    registrar: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    case.due_on = TERM_BEGINS.date().replace(day=9)
    road.session.commit()
    assert "Red card · whole case" in registrar.reads("/inbox")
    page = registrar.reads(f"/tasks/{task.id}")
    assert "The whole case: was due Tue 9 Sep, 1 working day overdue Red card" in page
    assert "10 working days left" in page


def test_while_the_applicant_mends_the_total_is_said_to_stand_still(
    site: Site, road: Road, case: ChangeRequest
) -> None:
    road.send_back(case)
    page = site.visitor(road.guardian).reads(f"/cases/{case.id}")
    assert "The time limit of the whole case stands still" in page
    assert "The whole case:" not in page
