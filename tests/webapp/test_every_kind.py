"""Every kind of change can be filled in from its page, by the family or the school, up to its check."""

from collections.abc import Mapping

import pytest

from models.enums import (
    CaseState,
    ChangeKind,
    RegistryState,
    Role,
    Stage,
)
from tests.town import a_suspended_pupil
from tests.webapp.doctoring import sound
from tests.webapp.every_kind import (
    BY_SCHOOL_ALONE,
    NEW,
    graduated,
    handed_in,
    registrar_of,
    under_its_rules,
    wished,
)
from tests.webapp.road import Road, a_road
from tests.webapp.site import Site, Visitor, said
from webapp.services.changes.planning import KINDS
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

FILLED: Mapping[ChangeKind, Mapping[str, str]] = {
    ChangeKind.SUSPENSION: {
        "reason": "illness",
        "hospital": "county",
        "starts_on": "2025-09-15",
        "ends_on": "2026-03-14",
    },
    ChangeKind.READMISSION: {"returns_on": "2025-09-12", "grade": "2", "hospital": "county"},
    ChangeKind.WITHDRAWAL: {"reason": "voluntary", "hospital": "none"},
    ChangeKind.KEY_DATA: {"name": "林小禾"},
    ChangeKind.MAJOR: {
        "major_code": "710201",
        "major_name": "计算机应用",
        "reason": "talent",
        "hospital": "none",
    },
    ChangeKind.DEPARTURE: {"reason": "abroad", "destination": "新加坡"},
    ChangeKind.STUDY_FORM: {"study_form": "part_time"},
    ChangeKind.REGISTRATION: {"entered_on": "2025-09-01", "other_roll": "none"},
    ChangeKind.RESERVATION: {"hospital": "county"},
    ChangeKind.ADMISSION_END: {"reason": "abandoned"},
    ChangeKind.SKIP_GRADE: {"grade": "2"},
    ChangeKind.EXPULSION: {
        "ground": "多次严重违反校规",
        "heard_on": "2025-08-01",
        "how_heard": "meeting",
        "guardian_present": "y",
        "decided_on": "2025-08-04",
        "served_on": "2025-08-05",
        "how_served": "signed",
        "told_of_appeal": "y",
        "appeal": "none",
    },
    ChangeKind.CANCELLATION: {
        "reason": "irregular_entry",
        "found_on": "2025-09-01",
        "heard_on": "2025-09-04",
        "how_heard": "meeting",
    },
    ChangeKind.DUPLICATE_DIPLOMA: {"newspaper": "county", "newspaper_name": "洛阳日报"},
    ChangeKind.PLACEMENT: {
        "employer": "第一拖拉机厂",
        "place": "洛阳市",
        "starts_on": "2025-10-08",
        "ends_on": "2026-01-20",
    },
}
BEGUN_BY = [
    (kind, by)
    for kind in FILLED
    for by in ("family", "school")
    if (kind, by) not in {(kind, "family") for kind in BY_SCHOOL_ALONE}
]


@pytest.fixture
def vocational(session) -> Road:
    return a_road(session, stage=Stage.VOCATIONAL, grade=1)


def test_every_kind_at_one_school_is_tried() -> None:
    assert FILLED.keys() == KINDS.keys() - {ChangeKind.TRANSFER}


@pytest.mark.parametrize(("kind", "by"), BEGUN_BY)
def test_it_is_filled_in_and_checked(site: Site, vocational: Road, kind: ChangeKind, by: str) -> None:
    under_its_rules(vocational, kind)
    student, guardian = vocational.student, vocational.guardian
    if kind == ChangeKind.READMISSION:
        student = a_suspended_pupil(vocational.session, vocational.releasing)
        guardian = makers.a_guardian(vocational.session, student)
    if kind in NEW:
        student.state = RegistryState.ADMITTED
    registrar = makers.an_officer(vocational.session, vocational.releasing, Role.REGISTRAR)
    vocational.session.commit()
    visitor = site.visitor(guardian if by == "family" else registrar)
    page = f"/children/{student.id}/{kind}"
    assert visitor.get(page).status_code == 200
    answer = visitor.post(page, **filled_by(kind, by))
    assert (answer.status_code, answer.location) == (303, f"{page}/papers"), said(answer)
    assert visitor.get(answer.location).status_code == 200
    check = visitor.get(f"{page}/check")
    assert check.status_code == 200
    assert visitor.get(page).text.count("is-invalid") == 0


def filled_by(kind: ChangeKind, by: str) -> Mapping[str, str]:
    """A school begins no withdrawal that the family wishes."""
    if (kind, by) == (ChangeKind.WITHDRAWAL, "school"):
        return {"reason": "absence", "absent_since": "2025-08-01"}
    return FILLED[kind]


@pytest.mark.parametrize("kind", FILLED)
def test_approved_it_is_done_to_the_record_and_the_doctor_finds_nothing(
    vocational: Road, kind: ChangeKind
) -> None:
    session, student = vocational.session, vocational.student
    wish = wished(vocational, kind)
    case = handed_in(wish)
    while case.state.is_open:
        wish.approve(case)
    assert case.state == CaseState.COMPLETED
    change = case.events[-1].payload["record"]
    session.refresh(student)
    number = {"number": student.registry_number} if kind == ChangeKind.REGISTRATION else {}
    assert change["after"] == {field.value: value for field, value in wish.form.becomes().items()} | number
    assert sound(wish, case)


def test_a_school_that_the_student_does_not_attend_sees_no_more_than_it_asks_for(
    site: Site, vocational: Road
) -> None:
    receiving = vocational.officers[vocational.receiving.id, Role.REGISTRAR]
    page = f"/children/{vocational.student.id}/key_data"
    assert site.visitor(receiving).get(page).status_code == 403
    pupil = a_road(vocational.session)  # whom the receiving school may ask for
    pupil.draft(by=pupil.officers[pupil.receiving.id, Role.REGISTRAR])
    visitor = site.visitor(pupil.officers[pupil.receiving.id, Role.REGISTRAR])
    assert visitor.get(f"/children/{pupil.student.id}/key_data").status_code == 403


@pytest.mark.parametrize("kind", FILLED)
def test_what_is_sent_empty_is_told_beside_its_field(site: Site, vocational: Road, kind: ChangeKind) -> None:
    under_its_rules(vocational, kind)
    visitor = site.visitor(registrar_of(vocational) if kind in BY_SCHOOL_ALONE else vocational.guardian)
    answer = visitor.post(f"/children/{vocational.student.id}/{kind}")
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", BY_SCHOOL_ALONE)
def test_what_the_school_alone_begins_is_neither_offered_nor_opened_to_the_family(
    site: Site, vocational: Road, kind: ChangeKind
) -> None:
    family = site.visitor(vocational.guardian)
    page = f"/children/{vocational.student.id}/{kind}"
    assert page not in family.get("/children").text
    answers = family.get(page), family.post(page, **FILLED[kind])
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "The school begins this, not the family." in said(answers[1])


def test_a_pupil_in_compulsory_education_is_offered_no_expulsion(site: Site) -> None:
    session = site.session
    pupil, student = a_road(session), a_road(session, stage=Stage.VOCATIONAL, grade=1)
    for road, is_offered in ((pupil, False), (student, True)):
        registrar = makers.an_officer(session, road.releasing, Role.REGISTRAR)
        session.commit()
        page = site.visitor(registrar).get(f"/students/{road.student.id}").text
        assert (f"/children/{road.student.id}/expulsion" in page) is is_offered
        assert f"/children/{road.student.id}/cancellation" in page


def test_a_vocational_student_is_offered_what_a_pupil_is_not(site: Site, vocational: Road) -> None:
    assert "Apply for another major" in offered(site.visitor(vocational.guardian))
    pupil = a_road(vocational.session)
    page = offered(site.visitor(pupil.guardian))
    assert "Apply for another major" not in page
    assert "Apply for a correction" in page


def test_a_graduate_is_offered_a_proof_where_the_rules_know_it_and_nothing_else(
    site: Site, vocational: Road
) -> None:
    graduated(vocational)
    vocational.session.commit()
    page = offered(site.visitor(vocational.guardian))
    assert "As the record stands, nothing can be applied for here." in page
    under_its_rules(vocational, ChangeKind.DUPLICATE_DIPLOMA)
    page = offered(site.visitor(vocational.guardian))
    assert "Apply for a proof of graduation" in page
    assert "Apply for a correction" not in page


def test_a_placement_is_offered_to_the_school_alone_and_only_where_the_rules_ask_for_it(
    site: Site, vocational: Road
) -> None:
    family, school = site.visitor(vocational.guardian), site.visitor(registrar_of(vocational))
    page = f"/students/{vocational.student.id}"
    assert "Declare a work placement" not in school.reads(page)
    under_its_rules(vocational, ChangeKind.PLACEMENT)
    assert "Declare a work placement" in school.reads(page)
    assert "Declare a work placement" not in offered(family)


def test_a_suspended_student_is_offered_to_return_first(site: Site, vocational: Road) -> None:
    vocational.student.state = RegistryState.SUSPENDED
    vocational.session.commit()
    page = offered(site.visitor(vocational.guardian))
    assert page.index("Apply to return to school") < page.index("Apply to suspend for longer")


def offered(family: Visitor) -> str:
    return family.reads("/children")
