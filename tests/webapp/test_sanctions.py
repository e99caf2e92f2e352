"""A school enters and revokes sanctions on a student's page; what is revoked stays there, and denies nothing."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Sanction
from models.enums import ChangeKind, PaperKind, RegistryState, Role, SanctionKind, Stage
from tests.webapp.every_kind import FORMS
from tests.webapp.road import Road, a_road, fill_seats
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.applications import submit
from webapp.services.changes.facts import open_overlays
from webapp.services.changes.sanctions import NoOpenSanction, revoke_sanction
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

A_FIGHT = {"kind": "demerit", "decided_on": "2025-09-08", "until": "2026-09-07", "ground": "打架"}
GOOD = {"revoked_on": "2025-09-10", "revoked_ground": "表现良好，本人申请"}


@pytest.fixture
def present(road: Road) -> Person:
    """The registrar of the school that the child attends."""
    registrar = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    road.session.commit()
    return registrar


@pytest.fixture
def at_school(site: Site, present: Person) -> Visitor:
    return site.visitor(present)


def sanctions(road: Road) -> list[Sanction]:
    road.session.expire_all()
    return list(road.session.scalars(select(Sanction).where(Sanction.student_id == road.student.id)))


def test_a_sanction_is_entered_with_who_and_when(road: Road, at_school: Visitor, present: Person) -> None:
    page = f"/students/{road.student.id}"
    answer = at_school.post(f"{page}/sanctions", **A_FIGHT)
    assert (answer.status_code, answer.location) == (303, page)
    (sanction,) = sanctions(road)
    assert (sanction.kind, sanction.decided_on) == (SanctionKind.DEMERIT, date(2025, 9, 8))
    assert (sanction.until, sanction.ground) == (date(2026, 9, 7), "打架")
    assert (sanction.entered_by_id, sanction.entered_at) == (present.account_id, clock.now())
    assert "Demerit" in at_school.reads(page)
    assert open_overlays(road.session, road.student.id) == ["sanction"]


def test_it_is_revoked_and_stays_in_the_record(road: Road, at_school: Visitor, present: Person) -> None:
    page = f"/students/{road.student.id}"
    at_school.post(f"{page}/sanctions", **A_FIGHT)
    (sanction,) = sanctions(road)
    answer = at_school.post(f"{page}/sanctions/{sanction.id}/revoke", **GOOD)
    assert answer.status_code == 303
    (sanction,) = sanctions(road)
    assert (sanction.revoked_on, sanction.revoked_ground) == (date(2025, 9, 10), GOOD["revoked_ground"])
    assert (sanction.revoked_by_id, sanction.revoked_at) == (present.account_id, clock.now())
    assert "revoked on 2025-09-10" in at_school.reads(page)
    assert open_overlays(road.session, road.student.id) == []


def test_it_is_revoked_once(road: Road, at_school: Visitor) -> None:
    sanction = makers.a_sanction(road.session, road.student, decided_on=date(2025, 9, 1))
    road.session.commit()
    path = f"/students/{road.student.id}/sanctions/{sanction.id}/revoke"
    assert at_school.post(path, **GOOD).status_code == 303
    answer = at_school.post(path, **GOOD)
    assert answer.status_code == 409
    assert "does not stand any more" in said(answer)


def test_of_several_one_is_revoked_and_the_others_stand(road: Road, at_school: Visitor) -> None:
    first = makers.a_sanction(road.session, road.student, decided_on=date(2025, 9, 1))
    makers.a_sanction(road.session, road.student, SanctionKind.PROBATION, decided_on=date(2025, 9, 2))
    road.session.commit()
    at_school.post(f"/students/{road.student.id}/sanctions/{first.id}/revoke", **GOOD)
    assert open_overlays(road.session, road.student.id) == ["sanction"]


def test_another_students_sanction_is_not_revoked_beside_it(road: Road, present: Person) -> None:
    other = makers.a_student(road.session, road.releasing)
    sanction = makers.a_sanction(road.session, other, decided_on=date(2025, 9, 1))
    road.session.commit()
    with pytest.raises(NoOpenSanction):
        revoke_sanction(
            road.session, present, road.student.enrolments[-1], sanction.id, on=clock.today(), ground="错"
        )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"decided_on": "2025-09-11"}, "That day is still to come."),
        ({"until": "2025-09-07"}, "would end before it was decided"),
        ({"ground": " "}, "Say what it is decided for."),
        ({"decided_on": ""}, "Choose the day."),
        ({"kind": "expulsion"}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_is_told_on_the_page(
    road: Road, at_school: Visitor, typed: dict[str, str], told: str
) -> None:
    answer = at_school.post(f"/students/{road.student.id}/sanctions", **A_FIGHT | typed)
    assert answer.status_code == 422
    assert told in said(answer)
    assert sanctions(road) == []


@pytest.mark.parametrize("day", ["2025-09-11", "2025-08-31"])
def test_it_is_revoked_neither_tomorrow_nor_before_it_was_decided(
    road: Road, at_school: Visitor, day: str
) -> None:
    sanction = makers.a_sanction(road.session, road.student, decided_on=date(2025, 9, 1))
    road.session.commit()
    path = f"/students/{road.student.id}/sanctions/{sanction.id}/revoke"
    answer = at_school.post(path, **GOOD | {"revoked_on": day})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.text  # what was typed is still there
    assert sanctions(road)[0].revoked_on is None


def test_an_expulsion_stands_among_the_sanctions_and_is_not_revoked(session: Session) -> None:
    road = a_road(session, stage=Stage.VOCATIONAL, grade=1)
    wish = replace(road, form=FORMS[ChangeKind.EXPULSION])
    fill_seats(wish)
    registrar = makers.an_officer(session, road.releasing, Role.REGISTRAR)
    session.commit()
    papers = ("sanction_decision", "hearing_record", "service_receipt", "guardian_presence")
    case = submit(session, registrar, wish.draft(*map(PaperKind, papers), by=registrar).id)
    while case.state.is_open:
        wish.approve(case)
    (sanction,) = sanctions(road)
    assert (sanction.kind, sanction.change_request_id) == (SanctionKind.EXPULSION, case.id)
    assert (sanction.decided_on, sanction.ground) == (wish.form.decided_on, wish.form.ground)
    assert sanction.entered_by_id == registrar.account_id
    record = road.student.enrolments[-1]
    assert (record.ended_as, road.student.state) == (RegistryState.EXPELLED, RegistryState.EXPELLED)
    with pytest.raises(NoOpenSanction):
        revoke_sanction(session, registrar, record, sanction.id, on=clock.today(), ground="错")


def test_an_expulsion_stands_in_no_record_without_its_case(road: Road) -> None:
    entered = text("""
        INSERT INTO sanction (student_id, kind, decided_on, ground, entered_at)
        VALUES (:student, 'expulsion', now(), '', now())
    """)
    with pytest.raises(IntegrityError, match="an_expulsion_comes_of_a_case"):
        road.session.execute(entered, {"student": road.student.id})
