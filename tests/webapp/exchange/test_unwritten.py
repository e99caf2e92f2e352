"""What no message can say is listed with its reason, holds up nobody, and is tried again until it can be said."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from models import ChangeRequest, Student
from models.enums import MessageDirection, MessageKind, Outcome, OverlayKind
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.officers import an_officer_of, by_hand, listed
from tests.webapp.exchange.pupils import a_pupil, asked, pupil_in
from tests.webapp.site import Site
from webapp import clock
from webapp.database import db
from webapp.services.exchange.waiting import WaitingTask, waiting_outside
from webapp.services.registry.identities import identify
from webapp.services.registry.identity import synthetic_identity_number

pytestmark = pytest.mark.slow

OUT = MessageDirection.OUT
HOUR = timedelta(hours=1)


def a_pupil_with_an_unsayable_name(henan: Deployment, others: Deployment) -> ChangeRequest:
    """With a blank of no width, which the validation would never match."""
    pupil = a_pupil(henan, others)
    pupil.student.name = "林\u200b小禾"
    henan.session.commit()
    return asked(henan, pupil)


def row_of(deployment: Deployment, case: ChangeRequest) -> WaitingTask:
    rows = waiting_outside(deployment.session, an_officer_of(deployment, "410325"))
    return next(row for row in rows if row.case_id == case.id)


def test_what_no_message_can_say_holds_up_nobody_else(
    henan: Deployment, others: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    unsayable = a_pupil_with_an_unsayable_name(henan, others)
    asked(henan, a_pupil(henan, others))
    rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert f"of the case {unsayable.id}: name: " in caplog.text
    assert "小禾" not in caplog.text


def test_officers_see_that_and_why_they_have_to_telephone(henan: Deployment, others: Deployment) -> None:
    case = a_pupil_with_an_unsayable_name(henan, others)
    henan.work()
    row = row_of(henan, case)
    assert (row.asked, row.unwritten, row.kind) == (False, True, MessageKind.REQUEST)
    assert row.error is not None
    assert row.error.startswith("name: ")
    [stuck] = listed(henan, an_officer_of(henan, "410325"))
    assert (stuck.direction, stuck.kind, stuck.error) == (OUT, MessageKind.REQUEST, row.error)
    db.session.session_factory.configure(info={"settings": henan.settings})
    page = Site(henan.app, henan.session).visitor(an_officer_of(henan, "410325")).get("/outside")
    assert row.error.split("'")[0] in page.text
    assert "No message can say it: tell it by telephone" in page.text


def test_it_is_sent_once_it_can_be_said(henan: Deployment, others: Deployment) -> None:
    case = a_pupil_with_an_unsayable_name(henan, others)
    henan.work()
    right = others.session.get_one(Student, pupil_in(others, str(case.student.registry_number)).id).name
    henan.session.get_one(Student, case.student_id).name = right
    henan.session.commit()
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
        row = row_of(henan, case)
    assert (row.asked, row.step.id, row.kind) == (True, "outside_releasing", None)
    assert listed(henan, an_officer_of(henan, "410325")) == []


def test_there_is_no_need_of_it_once_they_have_answered_by_telephone(
    henan: Deployment, others: Deployment
) -> None:
    case = a_pupil_with_an_unsayable_name(henan, others)
    henan.work()
    by_hand(henan, Outcome.APPROVE)
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
        assert listed(henan, an_officer_of(henan, "410325")) == []
        assert row_of(henan, case).asked is False


@contextmanager
def spoilt_cipher(deployment: Deployment, student: Student) -> Iterator[None]:
    identify(deployment.session, student, synthetic_identity_number(student.birth_date, 421, student.sex))
    right, student.identity_cipher = student.identity_cipher, bytes(40)
    deployment.session.commit()
    yield
    deployment.session.get_one(Student, student.id).identity_cipher = right
    deployment.session.commit()


def test_a_spoilt_cipher_of_one_pupil_keeps_no_notice_and_no_other_message_back(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    asked(henan, pupil)
    rounds(henan, others)
    with spoilt_cipher(others, pupil_in(others, pupil.number)):
        others.approve_all()
        rounds(others, henan)
        assert henan.waits_at() == ["outside_releasing"]
        [row] = listed(others, an_officer_of(others, "340111"))
        assert (row.kind, row.direction) == (MessageKind.DECIDED, OUT)
        assert row.error.startswith("the identity number cannot be read: ")
    with clock.freeze(clock.now() + HOUR):
        rounds(others, henan)
    assert henan.waits_at() == ["file_pull"]


def test_a_record_that_came_and_cannot_be_read_any_more_is_a_problem_of_the_pupil(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil(henan, others)
    theirs = pupil_in(others, pupil.number)
    identify(others.session, theirs, synthetic_identity_number(theirs.birth_date, 422, theirs.sex))
    others.session.commit()
    asked(henan, pupil)
    rounds(henan, others)
    others.approve_all()
    rounds(others, henan)
    henan.approve_all()
    henan.session.info["settings"] = henan.settings.model_copy(update={"identity_key": bytes(32)})
    rounds(henan, others)
    arrived = pupil_in(henan, pupil.number)
    assert [overlay.kind for overlay in arrived.overlays] == [OverlayKind.PROBLEM]
    assert henan.said() == ["request", "pulled"]
