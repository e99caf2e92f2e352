"""A school's page about its own student: found by number and name, what may be begun, and what the school enters."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Enrolment, ReturnNotice, SemesterRecord, Suspension
from models.enums import Conduct, HowTold, RegistryState, Role, SuspensionReason
from tests.webapp.registry_numbers import a_registry_number
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.changes import school_records
from webapp.services.changes.school_records import NotSuspended, Semester
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def present(road: Road) -> Person:
    """The registrar of the school that the child attends."""
    registrar = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    road.session.commit()
    return registrar


@pytest.fixture
def at_school(site: Site, present: Person) -> Visitor:
    return site.visitor(present)


def suspended(road: Road) -> Suspension:
    road.student.state = RegistryState.SUSPENDED
    spell = makers.a_spell(
        road.session, road.student, SuspensionReason.ILLNESS, date(2024, 9, 1), date(2025, 8, 31)
    )
    road.session.commit()
    return spell


def enrolment(road: Road) -> Enrolment:
    return road.student.enrolments[-1]


def test_a_registrar_finds_a_student_by_number_and_name(road: Road, at_school: Visitor) -> None:
    student = makers.a_student(
        road.session, road.releasing, entered=date(2024, 9, 1), number=a_registry_number()
    )
    road.session.commit()
    answer = at_school.post("/students", number=student.registry_number, name=student.name)
    assert (answer.status_code, answer.location) == (303, f"/students/{student.id}")
    assert student.name in at_school.reads(answer.location)


def test_a_student_of_another_school_is_not_opened(road: Road, at_school: Visitor) -> None:
    student = makers.a_student(
        road.session, road.receiving, entered=date(2024, 9, 1), number=a_registry_number()
    )
    road.session.commit()
    answer = at_school.post("/students", number=student.registry_number, name=student.name)
    assert answer.status_code == 403
    assert "attends another school" in said(answer)
    assert at_school.get(f"/students/{student.id}").status_code == 403


def test_the_page_offers_what_the_state_allows(road: Road, at_school: Visitor) -> None:
    page = at_school.reads(f"/students/{road.student.id}")
    assert "Apply for a suspension" in page
    assert "Apply to return to school" not in page
    suspended(road)
    page = at_school.reads(f"/students/{road.student.id}")
    assert "Apply to return to school" in page
    assert "Apply for a transfer" not in page


def test_while_a_case_is_open_the_page_leads_to_it(road: Road, at_school: Visitor) -> None:
    case = road.applied()
    page = at_school.get(f"/students/{road.student.id}").text
    assert f"/cases/{case.id}" in page
    assert "Apply for a suspension" not in page


def test_it_is_recorded_when_and_how_a_family_was_told(
    road: Road, at_school: Visitor, present: Person
) -> None:
    spell = suspended(road)
    version = road.student.version
    answer = at_school.post(f"/students/{road.student.id}/told", told_on="2025-09-08", how="delivered")
    assert answer.status_code == 303
    notice = road.session.scalars(select(ReturnNotice).where(ReturnNotice.suspension_id == spell.id)).one()
    assert (notice.told_on, notice.how) == (date(2025, 9, 8), HowTold.DELIVERED)
    assert notice.recorded_by_id == present.account_id
    assert "By mail, with proof of delivery" in at_school.reads(f"/students/{road.student.id}")
    road.session.refresh(road.student)
    assert road.student.version == version  # an open application goes on


def test_nobody_was_told_tomorrow(road: Road, at_school: Visitor) -> None:
    suspended(road)
    tomorrow = clock.today() + timedelta(days=1)
    answer = at_school.post(f"/students/{road.student.id}/told", told_on=tomorrow.isoformat(), how="signed")
    assert answer.status_code == 422
    assert "That day is still to come." in said(answer)
    assert road.session.scalar(select(ReturnNotice).where(ReturnNotice.told_on == tomorrow)) is None


def test_who_is_at_school_is_not_told_to_return(road: Road, present: Person) -> None:
    with pytest.raises(NotSuspended):
        school_records.tell_family(road.session, present, enrolment(road), clock.today(), HowTold.SIGNED)


def test_a_semester_is_kept_and_kept_anew(road: Road, at_school: Visitor) -> None:
    path = f"/students/{road.student.id}/semester"
    at_school.post(path, truant_hours="12", conduct="good", passed="no", credits="3.5", leave_days="3")
    at_school.post(path, truant_hours="14", conduct="", passed="", deferred_until="2025-09-30")
    kept = road.session.scalars(
        select(SemesterRecord).where(SemesterRecord.student_id == road.student.id)
    ).one()
    assert (kept.truant_hours, kept.conduct, kept.passed, kept.credits) == (14, None, None, None)
    assert (kept.registered_on, kept.deferred_until, kept.leave_days) == (None, date(2025, 9, 30), None)
    assert 'value="14"' in at_school.get(f"/students/{road.student.id}").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"truant_hours": "-1"}, "Number must be between 0 and 2000."),
        ({"credits": "many"}, "Not a valid decimal value."),
        ({"conduct": "splendid"}, "Choose one from the list."),
        ({"registered_on": "yesterday"}, "Not a valid date value."),
        ({"deferred_until": "tomorrow"}, "Not a valid date value."),
        ({"leave_days": "201"}, "Number must be between 0 and 200."),
    ],
)
def test_what_no_semester_can_be_is_refused_with_the_field(
    road: Road, at_school: Visitor, typed: dict[str, str], message: str
) -> None:
    answer = at_school.post(f"/students/{road.student.id}/semester", **typed)
    assert answer.status_code == 422
    assert message in said(answer)


def test_no_other_school_enters_anything(road: Road, registrar: Visitor) -> None:
    other = road.officers[road.receiving.id, Role.REGISTRAR]
    with pytest.raises(errors.NotYourStudent):
        school_records.keep_semester(road.session, other, enrolment(road), Semester(conduct=Conduct.FAILED))
    with pytest.raises(errors.NotYourStudent):
        school_records.tell_family(road.session, other, enrolment(road), clock.today(), HowTold.SIGNED)
    answer = registrar.post(f"/students/{road.student.id}/semester", truant_hours="90")
    assert answer.status_code == 403
