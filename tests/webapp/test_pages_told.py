"""What people of a case tell each other on its page: the family urges, officers comment."""

from datetime import timedelta

import pytest

from models.enums import Role
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor
from webapp import clock
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def family(site: Site, road: Road) -> Visitor:
    return site.visitor(road.guardian)


def test_the_family_reminds_the_office_once_in_a_day(family: Visitor, case) -> None:
    page = f"/cases/{case.id}"
    assert "Remind the office" in family.reads(page)
    assert family.post(f"{page}/urge").status_code == 303
    assert "You may remind it again from" in family.reads(page)
    assert family.post(f"{page}/urge").status_code == 409
    with clock.freeze(clock.now() + timedelta(hours=24)):
        assert family.post(f"{page}/urge").status_code == 303


def test_an_office_that_sees_the_case_reminds_another_and_not_itself(
    registrar: Visitor, site: Site, road: Road, case
) -> None:
    page = f"/cases/{case.id}"
    assert "Remind the office" not in registrar.reads(page)
    lead = site.visitor(road.officers[road.receiving.id, Role.LEAD])
    assert "Remind the office" in lead.reads(page)
    assert lead.post(f"{page}/urge").status_code == 303
    assert "Remind the office" not in lead.reads(page)
    outsider = site.visitor(
        makers.an_officer(road.session, makers.a_school(road.session, "410302"), Role.LEAD)
    )
    assert outsider.post(f"{page}/urge").status_code == 404


def test_officers_read_each_others_comments_and_the_family_does_not(
    registrar: Visitor, family: Visitor, site: Site, road: Road, case
) -> None:
    page, text = f"/cases/{case.id}", "已电话核实住址"
    assert registrar.post(f"{page}/comments", text="…").status_code == 422
    assert registrar.post(f"{page}/comments", text=text).status_code == 303
    county = site.visitor(road.officers[road.releasing.superior_id, Role.HANDLER])
    assert text in county.reads(page)
    assert text not in family.reads(page)
    assert family.post(f"{page}/comments", text=text).status_code == 403
