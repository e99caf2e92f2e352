"""Claiming, giving back and handing over on the pages."""

import pytest

from models import Task
from models.enums import Role
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def colleague(site: Site, road: Road) -> tuple[Visitor, str, int]:
    """Another registrar of the receiving school at a browser, with name and account."""
    person = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    return site.visitor(person), person.name, person.account_id


def test_a_colleague_reads_who_has_claimed_a_task_and_cannot_decide_it(
    registrar: Visitor, colleague, task: Task, road: Road
) -> None:
    other, _, _ = colleague
    page, name = f"/tasks/{task.id}", road.officer(task).name
    assert "Claim it" in registrar.reads(page)
    assert registrar.post(f"{page}/claim").status_code == 303
    assert "Give it back" in registrar.reads(page)
    assert f"Claimed by {name}" in other.reads("/inbox")
    assert f"{name} has claimed this task." in other.reads(page)
    assert "Claim it" not in other.reads(page)
    assert other.decides(task, task.change_request.version).status_code == 409
    assert registrar.post(f"{page}/release").status_code == 303
    assert other.decides(task, task.change_request.version).status_code == 303


def test_a_task_goes_to_the_colleague_that_is_chosen(
    registrar: Visitor, colleague, task: Task, road: Road
) -> None:
    other, name, account_id = colleague
    page = f"/tasks/{task.id}"
    assert name in registrar.reads(page)
    assert registrar.post(f"{page}/hand-over", colleague="7 or 8").status_code == 422
    assert registrar.post(f"{page}/hand-over", colleague=str(account_id)).status_code == 303
    work_off(road.session)
    assert "handed over to you" in other.reads("/notices")
    assert f"Claimed by {name}" in registrar.reads("/inbox")


def test_the_only_holder_of_a_post_is_offered_no_colleague(registrar: Visitor, task: Task) -> None:
    assert "Hand it over" not in registrar.reads(f"/tasks/{task.id}")
