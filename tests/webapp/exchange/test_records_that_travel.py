"""The pupil's record (学籍档案) comes with his release, and with it the number of his identity document."""

import pytest

from models import Student
from models.enums import OverlayKind
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.pupils import a_pupil, asked, pupil_in
from webapp.services import makers
from webapp.services.ciphers import blind_index
from webapp.services.exchange.records import received_record
from webapp.services.identities import identify
from webapp.services.identity import synthetic_identity_number

pytestmark = pytest.mark.slow


def identified(deployment: Deployment, student: Student, serial: int) -> str:
    """Give a student an identity number of his sex and day of birth."""
    number = synthetic_identity_number(student.birth_date, serial, student.sex)
    identify(deployment.session, student, number)
    deployment.session.commit()
    return number


def test_the_record_comes_with_the_release_and_its_identity_number_is_never_stored_in_clear(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    identity = identified(others, pupil_in(others, pupil.number), 7)
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
    assert identified(others, pupil_in(others, pupil.number), 8) == identified(henan, twin, 8)
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.approve_all()
    rounds(henan, others)
    arrived = pupil_in(henan, pupil.number)
    assert arrived.identity_index is None
    assert [overlay.kind for overlay in arrived.overlays] == [OverlayKind.PROBLEM]
