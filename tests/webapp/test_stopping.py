"""Who ends business that is under way (在办业务清理): those who lead a bureau above one of its schools."""

import pytest

from models import ChangeRequest, Office
from models.enums import CaseState, Role
from tests.webapp.road import Road
from webapp.services.cases.stopping import NotTheAuthority, terminate
from webapp.services.demo import makers


def bureau_above(road: Road, levels: int) -> Office:
    """The bureau so many levels above the receiving school."""
    return road.session.get_one(Office, road.receiving.path[-1 - levels])


@pytest.mark.parametrize("role", [Role.LEAD, Role.DEPUTY, Role.APPROVER])
@pytest.mark.parametrize("levels", [1, 3])
def test_who_leads_a_bureau_above_ends_what_is_under_way(
    road: Road, case: ChangeRequest, role: Role, levels: int
) -> None:
    officer = makers.an_officer(road.session, bureau_above(road, levels), role)
    terminate(road.session, officer, case.id, reason="业务清理")
    assert road.state_of(case) == CaseState.TERMINATED


@pytest.mark.parametrize("role", [Role.HANDLER, Role.CHIEF, Role.REGISTRAR, Role.ADMINISTRATOR])
def test_nobody_else_of_the_bureau_does(road: Road, case: ChangeRequest, role: Role) -> None:
    officer = makers.an_officer(road.session, bureau_above(road, 1), role)
    with pytest.raises(NotTheAuthority):
        terminate(road.session, officer, case.id, reason="业务清理")


def test_who_leads_the_school_does_not(road: Road, case: ChangeRequest) -> None:
    lead = road.officers[road.receiving.id, Role.LEAD]
    with pytest.raises(NotTheAuthority):
        terminate(road.session, lead, case.id, reason="业务清理")
