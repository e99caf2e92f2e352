"""Urging (催办): whoever waits reminds those that he waits for; nobody can use that up for the family."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.enums import Role
from tests.webapp.road import Road
from webapp import clock
from webapp.services.cases.urging import NobodyToUrge, UrgedAlready, may_urge, urge

pytestmark = pytest.mark.slow

A_DAY = timedelta(days=1)


def test_who_has_the_task_himself_urges_nobody(road: Road, case, task) -> None:
    officer = road.officer(task)
    assert not may_urge(officer, case)
    with pytest.raises(NobodyToUrge):
        urge(road.session, officer, case.id)


def test_an_office_that_urges_does_not_use_up_what_the_family_may(road: Road, case) -> None:
    registrar = road.officers[road.releasing.id, Role.REGISTRAR]
    urge(road.session, registrar, case.id)
    with pytest.raises(UrgedAlready):
        urge(road.session, road.officers[road.releasing.id, Role.LEAD], case.id)
    road.session.rollback()
    assert may_urge(road.guardian, case)
    urge(road.session, road.guardian, case.id)
    with pytest.raises(UrgedAlready):
        urge(road.session, road.guardian, case.id)
    road.session.rollback()
    with clock.freeze(clock.now() + A_DAY):
        urge(road.session, road.guardian, case.id)


def test_an_office_of_the_school_that_applied_uses_up_its_own_turn_alone(
    road: Road, session: Session
) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    case = road.applied("out_registrar", by=registrar)
    lead = road.officers[road.receiving.id, Role.LEAD]
    urge(session, lead, case.id)
    with pytest.raises(UrgedAlready):
        urge(session, lead, case.id)
    session.rollback()
    assert may_urge(road.guardian, case)
    urge(session, road.guardian, case.id)
    with pytest.raises(UrgedAlready):
        urge(session, registrar, case.id)
