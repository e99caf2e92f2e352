"""One side says no: what the validation finds is repaired and asked again, and a refusal ends the case on both."""

from pathlib import Path

import pytest

from models import StudentOverlay
from models.enums import CaseState, EventKind, Outcome, OverlayKind, RegistryState
from tests.webapp.exchange.deployments import Deployment, findings, rounds
from tests.webapp.exchange.pupils import Pupil, a_pupil, applied, asked, pupil_in
from webapp import clock
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("fault", "codes"),
    [("name", ["2001"]), ("business", ["2002"]), ("problem", ["2003"]), ("both", ["2002", "2003"])],
)
def test_what_the_validation_finds_is_repaired_in_place_and_asked_again(
    henan: Deployment, others: Deployment, fault: str, codes: list[str]
) -> None:
    pupil = a_pupil(henan, others)
    repair = plant(others, pupil, fault)
    asked(henan, pupil)
    rounds(henan, others)
    case = henan.case()
    assert case.state == CaseState.RETURNED
    assert case.events[-1].payload["codes"] == codes

    repair()
    resubmit(henan.session, pupil.applicant, case.id)
    rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert henan.said() == ["request", "request"]
    assert others.said() == ["refused", "validated"]


def plant(deployment: Deployment, pupil: Pupil, fault: str):
    session, student = deployment.session, pupil_in(deployment, pupil.number)
    if fault == "name":
        student.name, right = "另一个人", student.name
        session.commit()
        return lambda: (setattr(pupil_in(deployment, pupil.number), "name", right), session.commit())
    overlay = fault in ("problem", "both") and makers.an_overlay(session, student, OverlayKind.PROBLEM)
    guardian = makers.a_guardian(session, student)
    session.commit()
    if fault in ("business", "both"):
        business = an_own_transfer(deployment, pupil, guardian, overlay)

    def repair() -> None:
        if overlay:
            session.get_one(StudentOverlay, overlay.id).ended_at = clock.now()
            session.commit()
        if fault in ("business", "both"):
            withdraw(session, guardian, business)

    return repair


def an_own_transfer(deployment: Deployment, pupil: Pupil, guardian, overlay) -> int:
    """Another transfer of the pupil within his own province."""
    session = deployment.session
    if overlay:
        overlay.ended_at = clock.now()
    school = makers.a_school(session, "340121")
    session.commit()
    student = pupil_in(deployment, pupil.number)
    form = type(pupil.form)(school.id, 3, pupil.form.reason)
    case_id = applied(deployment, Pupil(pupil.name, pupil.number, guardian, student, form)).id
    if overlay:
        session.get_one(StudentOverlay, overlay.id).ended_at = None
        session.commit()
    return case_id


def test_a_refusal_there_ends_the_case_here_with_its_reason(henan: Deployment, others: Deployment) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    rounds(henan, others)
    others.decide(Outcome.REJECT, "毕业年级")
    rounds(others, henan, others)
    case = henan.case()
    assert case.state == CaseState.REJECTED
    assert case.events[-1].payload["opinion"] == "毕业年级"
    assert henan.said() == ["request"]
    assert pupil_in(others, pupil.number).state == RegistryState.ENROLLED


def test_a_refusal_here_after_the_release_ends_the_case_there(
    henan: Deployment, others: Deployment, tmp_path: Path
) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.decide(Outcome.REJECT, "家庭不再转学")
    rounds(henan, others)
    case = others.case()
    assert case.state == CaseState.REJECTED
    assert (case.events[-1].kind, case.events[-1].payload["opinion"]) == (EventKind.REJECTED, "家庭不再转学")
    assert pupil_in(others, pupil.number).state == RegistryState.ENROLLED
    assert findings(others, tmp_path) == []
