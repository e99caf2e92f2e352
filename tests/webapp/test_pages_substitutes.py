"""Naming a substitute on the page, and ending it."""

import re
from datetime import timedelta

import pytest

from models.enums import Role
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor
from webapp import clock
from webapp.services.demo import makers

pytestmark = pytest.mark.slow
PAGE = "/account/substitutes"


def entry(road: Road, substitute: int, days: int = 3) -> dict[str, str]:
    since = clock.today()
    return {
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
