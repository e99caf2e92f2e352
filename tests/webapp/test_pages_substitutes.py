"""Naming a substitute on the page, and ending it."""

import re
from datetime import timedelta

import pytest

from models.enums import Role
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor
from webapp import clock
from webapp.services.demo import makers

pytestmark = pytest.mark.slow
PAGE = "/account/substitutes"


def entry(road: Road, substitute: int, days: int = 3) -> dict[str, str]:
    """The receiving registrar is away from today on."""
    since = clock.today()
    return {
        "absent": str(road.officers[road.receiving.id, Role.REGISTRAR].account_id),
        "office": str(road.receiving.id),
        "role": "registrar",
        "substitute": str(substitute),
        "since": since.isoformat(),
        "until": (since + timedelta(days=days)).isoformat(),
    }


def test_an_officer_names_a_colleague_who_then_finds_the_task(
    site: Site, registrar: Visitor, road: Road, task
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    other, mine = site.visitor(colleague), road.officer(task)
    assert road.student.name not in other.reads("/inbox")
    assert "Nobody stands in for you" in registrar.reads(PAGE)
    assert registrar.post(PAGE, **entry(road, colleague.account_id, days=-1)).status_code == 422
    assert registrar.post(PAGE, **entry(road, 2**40)).status_code == 422
    assert registrar.post(PAGE, **entry(road, colleague.account_id)).status_code == 303
    assert f"{colleague.name} for {mine.name}" in registrar.reads(PAGE)
    assert road.student.name in other.reads("/inbox")
    assert other.decides(task, task.change_request.version).status_code == 303
    assert f"{colleague.name} for {mine.name}" in registrar.reads(f"/tasks/{task.id}")


def test_it_is_ended_on_the_page_by_who_is_away_and_not_by_the_substitute(
    site: Site, registrar: Visitor, road: Road, task
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    other = site.visitor(colleague)
    assert registrar.post(PAGE, **entry(road, colleague.account_id)).status_code == 303
    [address] = re.findall(rf'action="({PAGE}/[0-9]+/end)"', registrar.get(PAGE).text)
    assert other.post(address).status_code == 403
    assert registrar.post(address).status_code == 303
    assert "Nobody stands in for you" in registrar.reads(PAGE)


def test_a_lead_names_and_ends_a_substitute_for_whom_he_leads_and_nobody_else_does(
    site: Site, road: Road, task
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    lead = road.officers[road.receiving.id, Role.LEAD]
    desk, away = site.visitor(lead), road.officer(task)
    led = desk.reads(PAGE).partition("For those whom you lead")[2]
    assert f"{away.name} {road.receiving.name} (Registrar)" in led
    others = (colleague, road.officers[road.releasing.id, Role.LEAD])
    for other in others:
        assert site.visitor(other).post(PAGE, **entry(road, colleague.account_id)).status_code == 403
    assert desk.post(PAGE, **entry(road, away.account_id)).status_code == 422
    assert desk.post(PAGE, **entry(road, colleague.account_id)).status_code == 303
    assert f"{colleague.name} for {away.name}" in desk.reads(PAGE)
    assert road.student.name in site.visitor(colleague).reads("/inbox")
    [address] = re.findall(rf'action="({PAGE}/[0-9]+/end)"', desk.get(PAGE).text)
    assert desk.post(address).status_code == 303
    assert f"{colleague.name} for {away.name}" not in desk.reads(PAGE)


def test_a_task_is_handed_over_to_whoever_acts_in_the_post(
    site: Site, registrar: Visitor, road: Road, task
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    other = site.visitor(colleague)
    registrar.post(PAGE, **entry(road, colleague.account_id))
    assert colleague.name in registrar.reads(f"/tasks/{task.id}")
    answer = registrar.post(f"/tasks/{task.id}/hand-over", colleague=str(colleague.account_id))
    assert answer.status_code == 303
    work_off(road.session)
    assert "handed over to you" in other.reads("/notices")
    assert registrar.decides(task, task.change_request.version).status_code == 409
    assert other.decides(task, task.change_request.version).status_code == 303
