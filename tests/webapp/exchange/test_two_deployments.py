"""One transfer through two deployments, each of which sees only its own side (domain 3.1.4 V5, V7, V8)."""

from pathlib import Path

import pytest

from models import StudentOverlay
from models.enums import CaseState, EventKind, MessageDirection, Outcome, OverlayKind, RegistryState, Stage
from tests.webapp.exchange.deployments import (
    Deployment,
    Pupil,
    a_pupil,
    applied,
    asked,
    pupil_in,
    rounds,
)
from webapp import clock
from webapp.services import makers
from webapp.services.ciphers import blind_index
from webapp.services.corrections import resubmit, withdraw
from webapp.services.exchange.records import received_record
from webapp.services.findings import Fault, Finding
from webapp.services.identity import synthetic_identity_number
from webapp.services.verification import verify

IN = MessageDirection.IN


def schools_of(deployment: Deployment, number: str) -> list[str]:
    return [enrolment.school.name[:2] for enrolment in pupil_in(deployment, number).enrolments]


def findings(deployment: Deployment, tmp_path: Path) -> list[Finding]:
    """What is wrong with the histories; a worker of another test may have written an anchor elsewhere."""
    deployment.session.rollback()
    found = verify(deployment.session, deployment.settings.audit_key, tmp_path / "anchors")
    return [finding for finding in found if finding.fault != Fault.ANCHOR_MISSING]


def test_a_pupil_is_asked_for_released_and_pulled(
    henan: Deployment, others: Deployment, tmp_path: Path
) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    assert henan.waits_at() == ["validation"]

    rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert henan.link().their_number == others.case().number
    assert others.link().their_number == henan.case().number

    others.approve_all()
    assert others.waits_at() == ["outside_pull"]
    rounds(others, henan)
    assert henan.waits_at() == ["file_pull"]

    assert henan.approve_all() == CaseState.COMPLETED
    rounds(henan, others)
    assert others.case().state == CaseState.COMPLETED
    assert pupil_in(others, pupil.number).state == RegistryState.TRANSFERRED_OUT
    assert schools_of(others, pupil.number) == ["转出"]
    assert schools_of(henan, pupil.number) == ["转出", "转入"]
    assert (henan.said(), others.said()) == (["request", "pulled"], ["validated", "decided"])
    assert not [message for message in henan.messages() + others.messages() if message.done_at is None]
    assert findings(henan, tmp_path) == []
    assert findings(others, tmp_path) == []


def test_the_history_says_who_told_it_and_by_which_message(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    decided = henan.case().events[-1]
    message = next(message for message in henan.messages(IN) if message.kind == "decided")
    assert decided.task_key == "outside_releasing:1"
    assert decided.payload["evidence"] == {
        "told_by": message.body["office"],
        "told_at": message.sent_at.isoformat(),
        "reference": str(message.message_id),
    }
    assert decided.actor.name == "安徽省教育厅"
    assert decided.actor.disabled_at is not None


def test_the_record_comes_with_the_release_and_its_identity_number_is_never_stored_in_clear(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    identity = synthetic_identity_number(makers.a_student.__kwdefaults__["birth_date"], 7, pupil.student.sex)
    record_keeper = pupil_in(others, pupil.number)
    makers._identify(demo(others), record_keeper, identity)
    others.session.commit()
    case_id = asked(henan, pupil).id
    rounds(henan, others)
    assert received_record(henan.session, case_id) is None
    others.approve_all()
    rounds(others, henan)
    assert received_record(henan.session, case_id).identity_number == identity
    henan.approve_all()
    rounds(henan, others)
    arrived = pupil_in(henan, pupil.number)
    assert arrived.identity_index == blind_index(henan.settings.index_key, identity)
    assert arrived.enrolments[-1].entered_on == pupil_in(others, pupil.number).enrolments[-1].entered_on
    stored = [message.body for message in henan.messages() + others.messages()]
    assert identity not in str(stored).replace(f"G{identity}", "")


def test_an_identity_number_that_another_record_has_makes_a_problem_and_is_not_stored_twice(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    identity = synthetic_identity_number(makers.a_student.__kwdefaults__["birth_date"], 8, pupil.student.sex)
    makers._identify(demo(others), pupil_in(others, pupil.number), identity)
    others.session.commit()
    twin = makers.a_student(demo(henan), makers.a_school(henan.session, "410325"), sex=pupil.student.sex)
    makers._identify(henan.session, twin, identity)
    henan.session.commit()
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.approve_all()
    rounds(henan, others)
    arrived = pupil_in(henan, pupil.number)
    assert arrived.identity_index is None
    assert [overlay.kind for overlay in arrived.overlays] == [OverlayKind.PROBLEM]


def demo(deployment: Deployment):
    """The session of a deployment that takes made-up identity numbers."""
    deployment.session.info["settings"] = deployment.settings.model_copy(update={"demo": True})
    return deployment.session


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
    assert case.state == CaseState.REVOKED
    assert (case.events[-1].kind, case.events[-1].payload["opinion"]) == (EventKind.REVOKED, "家庭不再转学")
    assert pupil_in(others, pupil.number).state == RegistryState.ENROLLED
    assert findings(others, tmp_path) == []


def test_the_releasing_side_begins_and_the_pupil_is_entered_with_his_record(
    henan: Deployment, others: Deployment, tmp_path: Path
) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others)
    asked(others, pupil)
    assert others.waits_at() == ["outside_receiving"]
    rounds(others, henan)
    assert henan.approve_all() == CaseState.COMPLETED
    rounds(henan, others)
    assert others.case().state == CaseState.COMPLETED
    assert schools_of(henan, pupil.number) == ["转出", "转入"]
    assert pupil_in(others, pupil.number).state == RegistryState.TRANSFERRED_OUT
    assert (others.said(), henan.said()) == (["request", "decided"], ["validated", "decided"])
    assert findings(henan, tmp_path) == []


@pytest.mark.parametrize("begins", ["receiving", "releasing"])
def test_both_agree_in_either_order(henan: Deployment, others: Deployment, begins: str) -> None:
    """V7: Henan to Fujian; the first to agree asks, and its own decision waits there for the other's (T-07, T-08)."""
    receiving, releasing = others, henan
    first, second = (receiving, releasing) if begins == "receiving" else (releasing, receiving)
    pupil = a_pupil(
        receiving,
        releasing,
        to="350203",
        of="410325",
        stage=Stage.VOCATIONAL,
        grade=2,
        begins=first,
        number=f"G9901012009050{'61018' if begins == 'receiving' else '61026'}",
    )
    asked(first, pupil)
    rounds(first, second)
    assert first.waits_at() == ["outside_decision"]
    early = [message for message in second.messages(IN) if message.done_at is None]
    assert [(message.kind, message.error) for message in early] == [
        ("decided", "the step that it answers is not reached yet")
    ]

    second.approve_all()
    rounds(second, first, second)
    assert (first.case().state, second.case().state) == (CaseState.COMPLETED, CaseState.COMPLETED)
    assert second.case().events[-1].payload["evidence"]["reference"] == str(early[0].message_id)


@pytest.mark.parametrize(("school_in", "province"), [("340111", "34"), ("350203", "35")])
def test_a_deployment_of_several_provinces_answers_in_the_name_of_the_one_that_was_asked(
    henan: Deployment, others: Deployment, school_in: str, province: str
) -> None:
    asked(henan, a_pupil(henan, others, of=school_in))
    rounds(henan, others)
    assert [message.partner for message in henan.messages(IN)] == [province]
    assert others.link().partner == "41"


def test_a_province_without_a_connection_is_asked_by_hand(henan: Deployment, others: Deployment) -> None:
    case = asked(henan, a_pupil(henan, others, of="330106"))
    rounds(henan, others)
    assert henan.waits_at() == ["validation"]
    assert case.id not in {message.change_request_id for message in henan.messages()}
