"""Every kind of change can be filled in from its page, by the family or the school, up to its check."""

from collections.abc import Mapping

import pytest

from models.enums import ChangeKind, RegistryState, Role, Stage
from tests.town import a_suspended_pupil
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
    ChangeKind.STUDY_FORM: {"study_form": "part_time"},
}


@pytest.fixture
def vocational(session) -> Road:
    return a_road(session, stage=Stage.VOCATIONAL, grade=1)


def test_every_kind_at_one_school_is_tried() -> None:
    assert FILLED.keys() == KINDS.keys() - {ChangeKind.TRANSFER}


@pytest.mark.parametrize("kind", FILLED)
@pytest.mark.parametrize("by", ["family", "school"])
def test_it_is_filled_in_and_checked(site: Site, vocational: Road, kind: ChangeKind, by: str) -> None:
    student, guardian = vocational.student, vocational.guardian
    if kind == ChangeKind.READMISSION:
        student = a_suspended_pupil(vocational.session, vocational.releasing)
        guardian = makers.a_guardian(vocational.session, student)
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
def test_what_is_sent_empty_is_told_beside_its_field(site: Site, vocational: Road, kind: ChangeKind) -> None:
    answer = site.visitor(vocational.guardian).post(f"/children/{vocational.student.id}/{kind}")
    assert answer.status_code == 422


def test_a_vocational_student_is_offered_what_a_pupil_is_not(site: Site, vocational: Road) -> None:
    assert "Apply for another major" in offered(site.visitor(vocational.guardian))
    pupil = a_road(vocational.session)
    page = offered(site.visitor(pupil.guardian))
    assert "Apply for another major" not in page
    assert "Apply for a correction" in page


def test_a_suspended_student_is_offered_to_return_first(site: Site, vocational: Road) -> None:
    vocational.student.state = RegistryState.SUSPENDED
    vocational.session.commit()
    page = offered(site.visitor(vocational.guardian))
    assert page.index("Apply to return to school") < page.index("Apply to suspend for longer")


def offered(family: Visitor) -> str:
    return family.reads("/children")
