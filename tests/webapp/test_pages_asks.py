"""Asking others beside a step, and answering, on the pages."""

import pytest

from models import Membership, Task
from models.enums import Role
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def lead(site: Site, road: Road, case) -> Visitor:
    """The receiving school's lead at a browser, who has the case now."""
    road.approve(case)
    return site.visitor(road.officer(road.open_task(case)))


@pytest.fixture
def principal(site: Site, road: Road) -> tuple[Visitor, int, str]:
    """The principal at a browser, with membership and name."""
    person = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    road.session.commit()
    held = road.session.query(Membership).filter_by(account_id=person.account_id).one()
    return site.visitor(person), held.id, person.name


def asked_task(road: Road, case) -> Task:
    return next(task for task in road.open_tasks(case) if task.ask)


def version_of(road: Road, case) -> int:
    road.session.refresh(case)
    return case.version


def test_an_opinion_is_asked_for_and_given(lead: Visitor, principal, road: Road, case) -> None:
    other, membership, name = principal
    task = road.open_task(case)
    page = f"/tasks/{task.id}"
    assert name in lead.reads(page)
    given = {"kind": "opinion", "of": membership, "version": case.version}
    assert "Say why" in said(lead.post(f"{page}/ask", **given))
    assert "Tick whom you ask" in said(
        lead.post(f"{page}/ask", **given | {"of": "", "opinion": "学位够吗？"})
    )
    assert lead.post(f"{page}/ask", **given, opinion="学位够吗？").location == page
    assert "there is no answer yet" in lead.reads(page)
    assert lead.decides(task, case.version).status_code == 409

    work_off(road.session)
    assert "You are asked about" in other.reads("/notices")
    asked = asked_task(road, case)
    answer = f"/tasks/{asked.id}"
    assert "学位够吗？" in other.reads(answer)
    sent = {"opinion": "够", "proposes": "approve", "version": case.version}
    assert other.post(f"{answer}/answer", **sent).location == "/inbox"
    assert "Would decide: Approve" in lead.reads(page)
    assert lead.decides(task, version_of(road, case)).status_code == 303


def test_a_question_is_taken_back(lead: Visitor, principal, road: Road, case) -> None:
    other, membership, _ = principal
    task = road.open_task(case)
    page = f"/tasks/{task.id}"
    lead.post(f"{page}/ask", kind="delegation", of=membership, version=case.version, opinion="请先拟办")
    asked = asked_task(road, case)
    assert lead.post(f"{page}/take-question-back", version=case.version).status_code == 303
    road.session.expire_all()
    assert "took the question back at 09:00, so this task is closed" in other.reads(f"/tasks/{asked.id}")
    assert other.post(f"/tasks/{asked.id}/answer", opinion="已拟办", version=case.version).status_code == 409
    assert lead.decides(task, case.version).status_code == 303


def test_a_case_goes_back_to_an_earlier_step_and_comes_again(
    lead: Visitor, registrar: Visitor, road: Road, case
) -> None:
    task = road.open_task(case)
    page = f"/tasks/{task.id}"
    earlier = next(one for one in case.tasks if one.step == "in_registrar")
    sent = {"version": case.version, "opinion": "请核对户口簿"}
    assert "Choose the step" in said(lead.post(f"{page}/send-back", **sent))
    assert lead.post(f"{page}/send-back", **sent, to=earlier.id).location == "/inbox"
    assert "An earlier step looks at the case again" in lead.reads(page)
    again = asked_task(road, case)
    assert "请核对户口簿" in registrar.reads(f"/tasks/{again.id}")
    assert road.student.name in registrar.reads("/inbox")
    registrar.post(f"/tasks/{again.id}/answer", version=version_of(road, case), opinion="已核对")
    road.session.expire_all()
    assert "已核对" in lead.reads(page)
    assert lead.decides(task, case.version).status_code == 303


def test_a_family_reads_that_it_went_back_and_not_what_officers_ask_each_other(
    lead: Visitor, principal, site: Site, road: Road, case
) -> None:
    _, membership, _ = principal
    page = f"/tasks/{road.open_task(case).id}"
    lead.post(f"{page}/ask", kind="opinion", of=membership, version=case.version, opinion="这家可信吗？")
    family = site.visitor(road.guardian)
    assert "这家可信吗？" not in family.reads(f"/cases/{case.id}")


def test_one_signs_and_another_after_him(lead: Visitor, principal, road: Road, case) -> None:
    other, membership, name = principal
    task = road.open_task(case)
    sent = {"kind": "cosignature", "of": membership, "version": case.version, "opinion": "同意，请校长会签"}
    lead.post(f"/tasks/{task.id}/ask", **sent)
    assert name in lead.reads(f"/tasks/{task.id}")
    asked = asked_task(road, case)
    assert "同意，请校长会签" in other.reads(f"/tasks/{asked.id}")
    assert other.decides(asked, version_of(road, case)).status_code == 303
    assert road.open_task(case).step == "receiving_authorities/in_county"
