"""Taking back and stopping on the pages: who is offered it, and what he reads."""

import pytest

from models.enums import CaseState, Role, TaskState
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def decided(registrar: Visitor, task) -> str:
    """The address of a task that the receiving registrar has just approved."""
    registrar.decides(task, task.change_request.version)
    return f"/tasks/{task.id}"


def test_an_officer_takes_his_decision_back_on_the_task_that_he_decided(
    registrar: Visitor, decided: str, task, road: Road
) -> None:
    assert "Nobody has acted on your decision yet." in registrar.reads(decided)
    road.session.expire_all()
    answer = registrar.post(f"{decided}/recall", version=task.change_request.version)
    assert answer.status_code == 303
    assert "Taken back. The task is open again." in registrar.reads(decided)
    road.session.expire_all()
    assert task.state == TaskState.OPEN


def test_nobody_else_is_offered_it(site: Site, road: Road, decided: str) -> None:
    lead = site.visitor(road.officers[road.receiving.id, Role.LEAD])
    assert "Take it back" not in lead.reads(decided)
    assert lead.post(f"{decided}/recall", version=2).status_code == 403


def test_whoever_comes_too_late_reads_who_has_acted(
    registrar: Visitor, decided: str, road: Road, task
) -> None:
    case = task.change_request
    road.session.expire_all()
    version = case.version
    road.approve(case)
    answer = registrar.post(f"{decided}/recall", version=version)
    assert answer.status_code == 409
    road.session.expire_all()
    answer = registrar.post(f"{decided}/recall", version=case.version)
    assert answer.status_code == 409
    assert "acted on it at 09:00" in said(answer), said(answer)[:600]


def test_the_registrar_where_it_began_revokes_it_with_a_reason(registrar: Visitor, road: Road, task) -> None:
    case = f"/cases/{task.change_request.id}"
    assert "Revoke the case" in registrar.reads(case)
    assert registrar.post(f"{case}/revoke", reason=" ").status_code == 422
    assert registrar.post(f"{case}/revoke", reason="家庭不再转学").status_code == 303
    assert "Revoked" in registrar.reads(case)
    assert road.state_of(task.change_request) == CaseState.REVOKED
    assert registrar.post(f"{case}/revoke", reason="家庭不再转学").status_code == 409


def test_the_lead_of_a_bureau_above_ends_it_and_others_do_not(site: Site, road: Road, task) -> None:
    case, county = f"/cases/{task.change_request.id}", road.receiving.superior
    lead = site.visitor(makers.an_officer(road.session, county, Role.LEAD))
    handler = site.visitor(makers.an_officer(road.session, county, Role.HANDLER))
    assert "End the case" not in handler.reads(case)
    assert handler.post(f"{case}/terminate", reason="清理").status_code == 403
    assert "End the case" in lead.reads(case)
    assert lead.post(f"{case}/terminate", reason="毕业班在办业务清理").status_code == 303
    assert road.state_of(task.change_request) == CaseState.TERMINATED
