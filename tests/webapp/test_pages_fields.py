"""Fields of an application are ticked by an officer and corrected by the family, on the pages."""

import pytest

from models import ChangeRequest, Task
from models.enums import FormField, OfficeLevel, Stage
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp.services.cases.decisions import return_to_applicant
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.fixture
def family(site: Site, road: Road) -> Visitor:
    return site.visitor(road.guardian)


def returned(road: Road, case: ChangeRequest, *fields: FormField) -> str:
    task = road.open_task(case)
    return_to_applicant(
        road.session, road.officer(task), task.id, fields=fields, reason="请更正", version=case.version
    )
    return f"/cases/{case.id}"


def test_an_officer_ticks_what_of_the_application_is_wrong(
    registrar: Visitor, family: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    page = f"/tasks/{task.id}"
    assert "then all steps begin anew" in registrar.reads(page)
    nothing = registrar.post(f"{page}/return", version=case.version, opinion="请更正")
    assert "Tick what the applicant has to fix" in said(nothing)
    sent = {"fields": ["note", "to_school_id"], "opinion": "请更正", "version": case.version}
    assert registrar.post(f"{page}/return", **sent).location == "/inbox"
    shown = family.reads(f"/cases/{case.id}")
    assert "not corrected yet" in shown
    assert "Correct the school" in shown


def test_a_family_corrects_a_note_and_the_case_goes_on(
    family: Visitor, road: Road, case: ChangeRequest
) -> None:
    page = returned(road, case, FormField.NOTE)
    assert "First hand in what is missing: Note" in said(family.post(f"{page}/resubmit"))
    form = family.get(f"{page}/correct").text
    assert 'name="note"' in form
    assert 'name="grade"' not in form
    assert family.post(f"{page}/correct", note="对花生过敏", grade="1").location == page
    assert "对花生过敏" in family.reads(page)
    assert family.post(f"{page}/resubmit").status_code == 303
    assert "It goes on where it was returned" in family.reads(page)
    road.session.refresh(case)
    assert (case.form["note"], case.form["grade"]) == ("对花生过敏", 3)


def test_a_family_chooses_another_school_and_all_begins_anew(
    family: Visitor, road: Road, case: ChangeRequest
) -> None:
    page = returned(road, case, FormField.SCHOOL)
    school = makers.a_school(road.session, "410327", Stage.COMPULSORY, OfficeLevel.COUNTY)
    road.session.commit()
    assert road.receiving.name in family.reads(f"{page}/correct/school")
    found = family.reads(f"{page}/correct/school?province=410000&division=410327&name={school.name}")
    assert "Choose this school" in found
    assert family.post(f"{page}/correct/school", school=school.id).location == page
    assert "all offices look at it anew" in family.reads(page)
    family.post(f"{page}/resubmit")
    assert "All offices look at it anew" in family.reads(page)
    shown = family.reads(page)
    assert f"School: {road.receiving.name} {school.name}" in shown
    assert "The case begins anew at its first step" in shown


@pytest.mark.parametrize("school", ["0", "x", ""])
def test_a_school_that_is_none_is_refused(
    family: Visitor, road: Road, case: ChangeRequest, school: str
) -> None:
    page = returned(road, case, FormField.SCHOOL)
    assert family.post(f"{page}/correct/school", school=school).status_code == 400


def test_nobody_corrects_what_was_not_asked_for(family: Visitor, road: Road, case: ChangeRequest) -> None:
    assert family.get(f"/cases/{case.id}/correct").location == f"/cases/{case.id}"
    assert "Only what was asked for can be corrected" in family.reads(f"/cases/{case.id}")
    page = returned(road, case, FormField.NOTE)
    assert family.post(f"{page}/correct/school", school=road.receiving.id).location == page
    assert road.session.merge(case).to_school_id == road.receiving.id
