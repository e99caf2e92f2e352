"""A case at the receiving county, and a colleague of its handler."""

import pytest

from models import ChangeRequest
from models.enums import Role
from tests.webapp.asking.asked import COUNTY
from tests.webapp.road import Road
from webapp.policy import Person
from webapp.services.demo import makers


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A transfer that the receiving county has to decide."""
    return road.applied(until=COUNTY)


@pytest.fixture
def chief(road: Road, case: ChangeRequest) -> Person:
    """A colleague of the county's handler."""
    person = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    return person
