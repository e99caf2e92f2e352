"""The pupil's record (学籍档案) comes with his release, and with it the number of his identity document."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import Student
from models.enums import MessageDirection, MessageKind, OverlayKind, Sex, Stage
from tests.webapp.exchange.deployments import HENAN, Deployment, rounds
from tests.webapp.exchange.officers import an_officer_of, listed
from tests.webapp.exchange.pupils import BORN, a_pupil, asked, pupil_in
from tests.webapp.exchange.sample_messages import RECORD
from webapp import clock
from webapp.services.demo import makers
from webapp.services.exchange.records import received_record
from webapp.services.registry.ciphers import blind_index
from webapp.services.registry.identities import identify
from webapp.services.registry.identity import synthetic_identity_number

pytestmark = pytest.mark.slow


def identified(deployment: Deployment, student: Student, serial: int) -> str:
    """Give a student an identity number of his sex and day of birth; the low serials are pupils' registry numbers."""
    number = synthetic_identity_number(student.birth_date, serial, student.sex)
    identify(deployment.session, student, number)
    deployment.session.commit()
    return number


def test_the_record_comes_with_the_release_and_its_identity_number_is_never_stored_in_clear(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    identity = identified(others, pupil_in(others, pupil.number), 407)
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
    twin = makers.a_student(henan.session, makers.a_school(henan.session, "410325"), sex=pupil.student.sex)
    assert identified(others, pupil_in(others, pupil.number), 408) == identified(henan, twin, 408)
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.approve_all()
    rounds(henan, others)
    arrived = pupil_in(henan, pupil.number)
    assert arrived.identity_index is None
    assert [overlay.kind for overlay in arrived.overlays] == [OverlayKind.PROBLEM]


def a_release(henan: Deployment, others: Deployment) -> UUID:
    """Henan waits for a pupil's release; the reference by which Anhui may say anything about it."""
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    return henan.link().reference


def a_record(**changes: Any) -> dict[str, Any]:
    return RECORD | {"identity_number": None, "birth_date": BORN.isoformat(), "sex": "female"} | changes


def test_a_record_that_came_with_what_had_no_effect_is_not_taken_over(
    henan: Deployment, others: Deployment
) -> None:
    reference = a_release(henan, others)
    for class_name in ("1班", "2班"):
        others.tell(MessageKind.DECIDED, HENAN, reference, record=a_record(class_name=class_name))
        henan.work()
    late = henan.messages(MessageDirection.IN)[-1]
    assert late.error == "the step that it answers is decided already"
    assert received_record(henan.session, henan.case().id).class_name == "1班"


def test_a_record_of_a_request_that_was_taken_before_is_not_taken_over(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others)
    asked(others, pupil)
    rounds(others, henan)
    [request] = [message for message in others.messages() if message.kind == MessageKind.REQUEST]
    others.tell(
        MessageKind.REQUEST,
        HENAN,
        request.reference,
        **request.body | {"record": request.body["record"] | {"class_name": "另一班"}},
    )
    henan.work()
    again = henan.messages(MessageDirection.IN)[-1]
    assert (again.kind, again.error) == (
        MessageKind.REQUEST,
        "it was taken before, and is only answered again",
    )
    assert received_record(henan.session, henan.case().id).class_name != "另一班"


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (None, "record: is missing"),
        (a_record(sex=Sex.MALE), "record.sex: differs from the registry number"),
        (a_record(grade=9, schooling_years=3), "record.grade: 9 of 3 years; compulsory has 9"),
    ],
)
def test_a_release_without_a_record_that_can_be_true_is_listed_and_releases_nobody(
    henan: Deployment, others: Deployment, record: dict[str, Any] | None, told: str
) -> None:
    reference = a_release(henan, others)
    others.tell(MessageKind.DECIDED, HENAN, reference, record=record)
    henan.work()
    assert henan.waits_at() == ["outside_releasing"]
    officer = an_officer_of(henan, "410325")
    [row] = listed(henan, officer)
    assert (row.kind, row.refused, row.error) == (MessageKind.DECIDED, True, told)
    others.tell(MessageKind.DECIDED, HENAN, reference, record=a_record())
    with clock.freeze(clock.now() + timedelta(hours=1)):
        henan.work()
    assert henan.waits_at() == ["file_pull"]
    assert listed(henan, officer) == []


def test_a_record_from_the_side_that_receives_the_pupil_is_listed(
    henan: Deployment, others: Deployment
) -> None:
    asked(others, a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, begins=others))
    rounds(others, henan)
    henan.tell(MessageKind.DECIDED, "34", others.link().reference, record=a_record())
    others.work()
    assert others.waits_at() == ["outside_receiving"]
    [row] = listed(others, an_officer_of(others, "340111"))
    assert (row.refused, row.error) == (True, "record: is nothing to us")
