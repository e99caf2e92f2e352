"""The authority of a school opens and closes problem records; the school sees them and does neither."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Account, Office, StudentOverlay
from models.enums import OverlayKind, ProblemType, Role
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

A_TWIN = {"problem_type": "identity_duplicate", "note": "与另一份学籍身份证件号重复"}


@pytest.fixture
def officer(road: Road) -> Person:
    """Who handles cases at the authority of the school that the child attends."""
    authority = road.session.get_one(Office, road.releasing.superior_id)
    handler = makers.an_officer(road.session, authority, Role.HANDLER)
    road.session.commit()
    return handler


@pytest.fixture
def at_bureau(site: Site, officer: Person) -> Visitor:
    return site.visitor(officer)


def problem(road: Road) -> StudentOverlay:
    road.session.expire_all()
    mine = StudentOverlay.student_id == road.student.id, StudentOverlay.kind == OverlayKind.PROBLEM
    return road.session.scalars(select(StudentOverlay).where(*mine)).one()


def test_it_is_opened_with_its_type_and_closed_with_what_came_of_it(
    road: Road, at_bureau: Visitor, officer: Person
) -> None:
    page = f"/problems/{road.student.id}"
    answer = at_bureau.post(f"{page}/open", **A_TWIN)
    assert (answer.status_code, answer.location) == (303, page)
    opened = problem(road)
    assert (opened.problem_type, opened.note) == (ProblemType.IDENTITY_DUPLICATE, A_TWIN["note"])
    assert (opened.opened_by_id, opened.ended_at) == (officer.account_id, None)
    assert road.student.name in at_bureau.reads("/problems")
    assert at_bureau.post(f"{page}/close", ended_note="已核实，另一份学籍删除").status_code == 303
    closed = problem(road)
    assert (closed.ended_by_id, closed.ended_at) == (officer.account_id, clock.now())
    assert closed.ended_note == "已核实，另一份学籍删除"
    assert "另一份学籍删除" in at_bureau.reads(page)
    assert road.student.name not in at_bureau.reads("/problems")


def test_there_is_one_at_a_time(road: Road, at_bureau: Visitor) -> None:
    page = f"/problems/{road.student.id}"
    at_bureau.post(f"{page}/open", **A_TWIN)
    answer = at_bureau.post(f"{page}/open", **A_TWIN)
    assert answer.status_code == 422
    assert "is an open problem record already" in said(answer)
    at_bureau.post(f"{page}/close", ended_note="已核实")
    assert at_bureau.post(f"{page}/close", ended_note="已核实").status_code == 422


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"note": ""}, "Say what was found."), ({"problem_type": ""}, "Choose what is wrong.")],
)
def test_what_is_left_out_is_told(road: Road, at_bureau: Visitor, typed: dict[str, str], told: str) -> None:
    answer = at_bureau.post(f"/problems/{road.student.id}/open", **A_TWIN | typed)
    assert answer.status_code == 422
    assert told in said(answer)


def test_an_officer_finds_a_student_of_a_school_under_his_office(road: Road, at_bureau: Visitor) -> None:
    numbered = {"entered": date(2024, 9, 1), "number": a_registry_number()}
    student = makers.a_student(road.session, road.releasing, **numbered)
    road.session.commit()
    answer = at_bureau.post("/problems", number=student.registry_number, name=student.name)
    assert (answer.status_code, answer.location) == (303, f"/problems/{student.id}")
    assert "Open a problem record" in at_bureau.reads(answer.location)


def test_a_student_of_another_authority_is_not_opened(road: Road, at_bureau: Visitor) -> None:
    numbered = {"entered": date(2024, 9, 1), "number": a_registry_number()}
    student = makers.a_student(road.session, road.receiving, **numbered)
    road.session.commit()
    answer = at_bureau.post("/problems", number=student.registry_number, name=student.name)
    assert answer.status_code == 403
    assert "by the authority of the student" in said(answer)
    assert at_bureau.get(f"/problems/{student.id}").status_code == 403


def test_nobody_closes_the_problem_of_his_own_child(site: Site, road: Road) -> None:
    authority = road.session.get_one(Office, road.releasing.superior_id)
    account = road.session.get_one(Account, road.guardian.account_id)
    makers.an_officer(road.session, authority, Role.HANDLER, account=account)
    mother = makers.person_of(road.session, account)
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM)
    road.session.commit()
    visitor = site.visitor(mother)
    assert visitor.post(f"/problems/{road.student.id}/close", ended_note="没有问题").status_code == 403
    assert road.student.name not in visitor.reads("/problems")


def test_the_school_sees_it_and_that_its_authority_closes_it(site: Site, road: Road) -> None:
    registrar = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    makers.an_overlay(road.session, road.student, OverlayKind.PROBLEM, note="重号")
    road.session.commit()
    page = site.visitor(registrar).reads(f"/students/{road.student.id}")
    assert "The authority of your school opens and closes it." in page
    assert "重号" in page
    assert site.visitor(registrar).get(f"/problems/{road.student.id}").status_code == 403
