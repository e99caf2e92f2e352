"""A change at one school: who may begin it, what it does to the record, and how it is corrected on the way."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import ChangeRequest, Student
from models.enums import (
    CaseState,
    EventKind,
    FormField,
    OfficeLevel,
    PaperKind,
    ProofOfHospital,
    RegistryState,
    Role,
    Stage,
)
from tests.webapp.doctoring import complaints, sound
from tests.webapp.road import Road, a_road, a_suspension
from tests.webapp.site import Site, Visitor, said
from webapp import errors
from webapp.services.cases.applications import draft_of, save_draft, submit
from webapp.services.cases.corrections import resubmit
from webapp.services.cases.decisions import return_to_applicant
from webapp.services.cases.fields import correct
from webapp.services.changes.change import ChangeNotGoverned
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.kinds.readmission import ReadmissionForm
from webapp.services.changes.suspensions import open_spell, spells_of
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

DIAGNOSIS, HEALTH = PaperKind.DIAGNOSIS, PaperKind.HEALTH_CERTIFICATE


@pytest.fixture
def ill(road: Road) -> Road:
    """A family that wants its child suspended."""
    return a_suspension(road)


def applied(ill: Road) -> ChangeRequest:
    return submit(ill.session, ill.guardian, ill.draft(DIAGNOSIS).id)


def approved(ill: Road) -> ChangeRequest:
    case = applied(ill)
    while case.state.is_open:
        ill.approve(case)
    return case


def state_of(ill: Road) -> RegistryState:
    ill.session.refresh(ill.student)
    return ill.student.state


def test_an_approved_suspension_is_in_the_record_and_the_student_stays_at_his_school(ill: Road) -> None:
    case = approved(ill)
    assert case.state == CaseState.COMPLETED
    assert state_of(ill) == RegistryState.SUSPENDED
    spell = open_spell(spells_of(ill.session, ill.student.id))
    assert spell is not None
    assert (spell.starts_on, spell.ends_on) == (date(2025, 9, 15), date(2026, 3, 14))
    assert [enrolment.school_id for enrolment in ill.student.enrolments] == [ill.releasing.id]
    assert case.events[-1].payload["record"]["before"] == {"state": "enrolled"}
    assert sound(ill, case)


def test_the_doctor_finds_a_record_that_no_case_has_led_to(ill: Road) -> None:
    case = approved(ill)
    ill.session.execute(update(Student).where(Student.id == ill.student.id).values(state="enrolled"))
    assert [finding.code for finding in complaints(ill.session, case)] == ["record_differs"]


def test_whoever_returns_is_in_school_again_and_the_spell_is_over(ill: Road) -> None:
    approved(ill)
    form = ReadmissionForm(date(2026, 2, 16), ill.student.enrolments[-1].grade, ProofOfHospital.COUNTY)
    back = replace(ill, form=form)
    case = submit(back.session, back.guardian, back.draft(HEALTH).id)
    while case.state.is_open:
        back.approve(case)
    assert state_of(back) == RegistryState.ENROLLED
    [spell] = spells_of(back.session, back.student.id)
    assert spell.ended_on == date(2026, 2, 15)
    assert sound(back, case)


def test_a_student_who_is_not_suspended_has_nothing_to_return_from(ill: Road) -> None:
    form = ReadmissionForm(date(2025, 9, 12), 3, ProofOfHospital.COUNTY)
    back = replace(ill, form=form)
    draft = back.draft(HEALTH)
    with pytest.raises(NotEligible) as told:
        submit(back.session, back.guardian, draft.id)
    assert [failure.rule for failure in told.value.failed] == ["RE-P1"]


def test_the_registrar_of_the_school_may_begin_it_and_no_other(ill: Road) -> None:
    registrar = makers.an_officer(ill.session, ill.releasing, Role.REGISTRAR)
    stranger = makers.an_officer(ill.session, ill.receiving, Role.REGISTRAR)
    draft = save_draft(ill.session, registrar, ill.student.id, ill.form)
    assert draft.applicant_office_id == ill.releasing.id
    with pytest.raises(errors.NotYourChild):
        save_draft(ill.session, stranger, ill.student.id, ill.form)


def test_a_draft_of_one_kind_stays_beside_that_of_another(road: Road, ill: Road) -> None:
    transfer, suspension = road.draft(), ill.draft(DIAGNOSIS)
    assert draft_of(ill.session, ill.guardian, ill.student.id, transfer.kind) == transfer
    assert draft_of(ill.session, ill.guardian, ill.student.id, suspension.kind) == suspension


def test_a_child_of_another_deployments_school_is_suspended_there(ill: Road, session: Session) -> None:
    settings = session.info["settings"]
    session.info["settings"] = settings.model_copy(update={"provinces": ("35",)})
    try:
        with pytest.raises(ChangeNotGoverned):
            save_draft(session, ill.guardian, ill.student.id, ill.form)
    finally:
        session.info["settings"] = settings


def test_a_corrected_day_begins_the_case_anew(ill: Road) -> None:
    case = applied(ill)
    ill.approve(case)
    task = ill.open_task(case)
    return_to_applicant(
        ill.session,
        ill.officer(task),
        task.id,
        fields=[FormField.ENDS_ON],
        reason="日期有误",
        version=case.version,
    )
    correct(ill.session, ill.guardian, case.id, {FormField.ENDS_ON: "2026-01-31"})
    assert resubmit(ill.session, ill.guardian, case.id)
    event = case.events[-1]
    assert event.kind == EventKind.RESUBMITTED
    assert event.payload["corrected"] == {"ends_on": ["2026-03-14", "2026-01-31"]}
    assert ill.open_task(case).key == "registrar:2"
    assert sound(ill, case)


# ---- on the pages ----


@pytest.fixture
def family(site: Site, ill: Road) -> Visitor:
    return site.visitor(ill.guardian)


def test_days_that_cannot_be_are_told_beside_the_field_and_what_was_typed_is_kept(
    family: Visitor, ill: Road
) -> None:
    page = f"/children/{ill.student.id}/suspension"
    sent = {"reason": "illness", "hospital": "county", "note": "肺炎"}
    answer = family.post(page, starts_on="2025-10-01", ends_on="2025-09-30", **sent)
    assert answer.status_code == 422
    assert "The last day is before the first one." in said(answer)
    assert "肺炎" in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "0026-12-31", "1989-12-31"])
def test_a_day_of_another_century_is_mistyped(family: Visitor, ill: Road, day: str) -> None:
    sent = {"reason": "illness", "hospital": "county", "starts_on": "2025-10-01"}
    answer = family.post(f"/children/{ill.student.id}/suspension", ends_on=day, **sent)
    assert answer.status_code == 422
    assert "The year is mistyped." in said(answer)


def test_the_page_of_an_unknown_kind_is_not_there(family: Visitor, ill: Road) -> None:
    assert family.get(f"/children/{ill.student.id}/holiday").status_code == 404


def test_an_officer_reads_what_changes_and_what_was_applied_for(site: Site, ill: Road) -> None:
    case = applied(ill)
    task = ill.open_task(case)
    shown = site.visitor(ill.officer(task)).reads(f"/tasks/{task.id}")
    assert "Enrolled Suspended" in shown
    assert "First day 2025-09-15" in shown
    assert "A hospital of county level or above" in shown


def test_what_was_ticked_is_filled_in_anew_on_a_page(family: Visitor, ill: Road) -> None:
    case = applied(ill)
    task = ill.open_task(case)
    asked = [FormField.ENDS_ON, FormField.HOSPITAL_NAME]
    return_to_applicant(
        ill.session, ill.officer(task), task.id, fields=asked, reason="请更正", version=case.version
    )
    page = f"/cases/{case.id}/correct"
    shown = family.reads(page)
    assert "Last day of the suspension" in shown
    assert "Why the child has to stop" not in shown
    answer = family.post(page, ends_on="2026-01-31", hospital_name="新安县人民医院")
    assert answer.location == f"/cases/{case.id}"
    assert "2026-01-31" in family.reads(f"/cases/{case.id}")


def test_a_family_in_fujian_reads_the_rule_that_stands_against_it(site: Site, session: Session) -> None:
    place = {"releasing_in": "350102", "receiving_in": "350203", "stage": Stage.VOCATIONAL, "grade": 1}
    ill = a_suspension(a_road(session, run_by=OfficeLevel.COUNTY, **place))
    form = replace(ill.form, hospital=ProofOfHospital.LOWER)  # type: ignore[type-var]
    replace(ill, form=form).draft(DIAGNOSIS)
    shown = site.visitor(ill.guardian).reads(f"/children/{ill.student.id}/suspension/check")
    assert "SU-P1" in shown
    assert "It cannot be submitted yet" in shown
