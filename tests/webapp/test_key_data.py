"""A correction of key data: an identity number is never kept in clear, and the record says the new one alone."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import ChangeRequest, StudentProfile
from models.enums import CaseState, PaperKind, RecordField, Role, Sex
from tests.webapp.doctoring import sound
from tests.webapp.road import Road, fill_seats
from tests.webapp.site import Site, Visitor, said
from webapp.policy import Person
from webapp.services.cases.applications import submit
from webapp.services.changes import profiles
from webapp.services.changes.kinds.key_data import KeyDataForm
from webapp.services.changes.planning import form_of
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.registry.ciphers import Sealed
from webapp.services.registry.identities import cipher_of, has_twin, identity_number_of
from webapp.services.registry.identity import masked, synthetic_identity_number

pytestmark = pytest.mark.slow

REGISTER, POLICE = PaperKind.HOUSEHOLD_REGISTER, PaperKind.POLICE_CERTIFICATE
BORN = date(2014, 5, 6)
NUMBERS = (synthetic_identity_number(BORN, serial, Sex.FEMALE) for serial in count(300))

IN_CLEAR = """
SELECT (SELECT count(*) FROM change_request c WHERE c.form::text LIKE :what)
     + (SELECT count(*) FROM case_event e WHERE e.payload::text LIKE :what)
     + (SELECT count(*) FROM outbox o WHERE o::text LIKE :what)
     + (SELECT count(*) FROM student s WHERE s::text LIKE :what)
"""


@pytest.fixture
def number(session: Session) -> str:
    """A number that nobody has, of the made-up region that only the demo allows."""
    session.info["settings"] = settings_of(session).model_copy(update={"demo": True})
    return next(NUMBERS)


def wanting(road: Road, form: KeyDataForm) -> Road:
    """The same family wants a correction, with everybody who is asked then."""
    correction = replace(road, form=form)
    fill_seats(correction)
    road.session.commit()
    return correction


@pytest.fixture
def numbered(road: Road, number: str) -> Road:
    """A family that wants another identity number."""
    return wanting(road, KeyDataForm(identity_number=Sealed.of(number, cipher_of(road.session))))


def approved(correction: Road) -> ChangeRequest:
    case = submit(correction.session, correction.guardian, correction.draft(REGISTER, POLICE).id)
    while case.state.is_open:
        correction.approve(case)
    assert case.state == CaseState.COMPLETED
    return case


def test_the_record_has_the_new_number_and_nothing_has_it_in_clear(numbered: Road, number: str) -> None:
    student, session = numbered.student, numbered.session
    registry_number = student.registry_number
    case = approved(numbered)
    session.refresh(student)
    assert identity_number_of(session, student) == number
    assert student.registry_number == registry_number
    assert has_twin(session, makers.a_student(session, numbered.releasing), number)
    assert session.scalar(text(IN_CLEAR), {"what": f"%{number}%"}) == 0
    assert sound(numbered, case)


def test_officers_read_it_masked_and_the_applicant_who_typed_it_in_clear(
    site: Site, numbered: Road, number: str
) -> None:
    draft = numbered.draft(REGISTER, POLICE)
    family = site.visitor(numbered.guardian)
    page = f"/children/{numbered.student.id}/key_data"
    assert number in family.get(page).text
    assert number not in family.get(f"{page}/check").text
    assert masked(number) in family.get(f"{page}/check").text
    case = submit(numbered.session, numbered.guardian, draft.id)
    task = numbered.open_task(case)
    seen = site.visitor(numbered.officer(task)).get(f"/tasks/{task.id}").text
    assert masked(number) in seen
    assert number not in seen


def test_what_is_typed_is_sealed_before_it_is_kept(site: Site, road: Road, number: str) -> None:
    family = site.visitor(road.guardian)
    answer = family.post(f"/children/{road.student.id}/key_data", identity_number=number.lower(), note="更正")
    assert answer.status_code == 303
    case = road.session.query(ChangeRequest).filter_by(student_id=road.student.id).one()
    form = form_of(case)
    assert isinstance(form, KeyDataForm)
    assert form.identity_number is not None
    assert form.identity_number.opened(cipher_of(road.session)) == number
    assert number not in str(case.form)


def test_an_application_for_nothing_is_not_kept(site: Site, road: Road) -> None:
    answer = site.visitor(road.guardian).post(f"/children/{road.student.id}/key_data", note="更正")
    assert answer.status_code == 422
    assert "Fill in what is to be corrected." in said(answer)


def test_only_key_data_are_asked_for(site: Site, road: Road) -> None:
    page = site.visitor(road.guardian).get(f"/children/{road.student.id}/key_data").text
    assert 'name="name"' in page
    assert 'name="native_place"' not in page


def test_several_fields_are_corrected_together_and_the_case_says_what_was(road: Road) -> None:
    correction = wanting(road, KeyDataForm(name="林小禾", birth_date=date(2014, 5, 7)))
    was = road.student.name
    case = approved(correction)
    road.session.refresh(road.student)
    assert (road.student.name, road.student.birth_date) == ("林小禾", date(2014, 5, 7))
    change = case.events[-1].payload["record"]
    assert change["before"] == {"name": was, "birth_date": "2014-05-06"}
    assert change["after"] == {"name": "林小禾", "birth_date": "2014-05-07"}
    assert sound(road, case)


@pytest.fixture
def present(road: Road) -> Person:
    """The registrar of the school that the child attends."""
    registrar = makers.an_officer(road.session, road.releasing, Role.REGISTRAR)
    road.session.commit()
    return registrar


@pytest.fixture
def at_school(site: Site, present: Person) -> Visitor:
    return site.visitor(present)


@pytest.mark.parametrize("field", profiles.EDITABLE)
def test_the_school_changes_the_rest_directly_and_what_it_was_is_kept(
    road: Road, present: Person, field: RecordField
) -> None:
    version, enrolment = road.student.version, road.student.enrolments[-1]
    for value in ("一", "二", "二", None):
        profiles.edit(road.session, present, enrolment, field, value)
    edits = profiles.edits_of(road.session, road.student.id)
    assert [(edit.before, edit.after) for edit in edits] == [("二", None), ("一", "二"), (None, "一")]
    assert profiles.present_value(road.session, road.student, field) is None
    road.session.refresh(road.student)
    assert road.student.version == version  # what is in progress goes on


def test_key_data_are_not_changed_directly(road: Road, present: Person) -> None:
    with pytest.raises(profiles.IsKeyData):
        profiles.edit(road.session, present, road.student.enrolments[-1], RecordField.NAME, "李四")


def test_the_page_changes_it_and_shows_what_it_was(road: Road, at_school: Visitor) -> None:
    path = f"/students/{road.student.id}"
    assert at_school.post(f"{path}/edit", field="phone", to="13800138000").status_code == 303
    page = at_school.reads(path)
    assert "13800138000" in page
    assert road.session.get_one(StudentProfile, road.student.id).phone == "13800138000"
    answer = at_school.post(f"{path}/edit", field="name", to="李四")
    assert answer.status_code == 422
    assert "Choose one from the list." in said(answer)
