"""Notices by e-mail: each arrives or is seen to be given up, whatever happens on the way."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import update

from bench.mail_server import HANG_UP
from models import Contact
from models.enums import Channel, DeliveryState, Role
from tests.webapp.posted import Moods, deliveries_of, family_of, later, mail_of, reached, states_of
from tests.webapp.road import TERM_BEGINS, work_off
from webapp import clock
from webapp.services.notices import posting
from webapp.services.notices.contacts import contacts_of
from webapp.services.notices.deliveries import FIRST_PAUSE, GIVE_UP_AFTER, troubles
from webapp.services.notices.outbox import drain

pytestmark = pytest.mark.slow

WAITING, SENT = DeliveryState.WAITING, DeliveryState.SENT
GIVEN_UP, DROPPED = DeliveryState.GIVEN_UP, DeliveryState.DROPPED


@pytest.fixture
def moods():
    return Moods()


@pytest.fixture
def mail(session, moods):
    with mail_of(session, moods) as server:
        yield server


def test_what_is_busy_is_tried_again_after_growing_pauses_under_the_same_id(mail, road, moods):
    family_of(road)
    road.applied()
    seen = []
    moods.answers["END"] = "451 try again"
    for wait in (0, 59, 60, 179, 180):
        with clock.freeze(TERM_BEGINS + timedelta(seconds=wait)):
            work_off(road.session)
            seen.append([each.attempts for each in deliveries_of(road.session, road.guardian)])
    assert seen == [[1, 1], [1, 1], [2, 2], [2, 2], [3, 3]]
    ids = {f"<{each.message_id}@example.cn>" for each in deliveries_of(road.session, road.guardian)}
    moods.answers.clear()
    later(road, timedelta(hours=1))
    assert {mail.message["Message-ID"] for mail in mail.mails} == ids


@pytest.mark.parametrize("verb", ["RCPT", "END"])
def test_what_is_refused_for_good_is_given_up_at_once_and_seen(mail, road, moods, verb):
    family_of(road)
    road.applied()
    moods.answers[verb] = "550 5.1.1 <family@example.org>: user unknown"
    work_off(road.session)
    assert states_of(road) == [GIVEN_UP] * 2
    assert {each.error for each in deliveries_of(road.session, road.guardian)} == {
        "550 5.1.1 <…>: user unknown"
    }
    assert contacts_of(road.session, road.guardian.account_id)[Channel.EMAIL].failed_at == clock.now()
    assert [(each.channel, each.given_up >= 2) for each in troubles(road.session)] == [(Channel.EMAIL, True)]


def test_one_refused_receiver_keeps_no_other_waiting(mail, road, session):
    family_of(road, "wrong@example.org")
    reached(session, road.officers[road.receiving.id, Role.REGISTRAR], "right@example.org")
    mail.misbehave = lambda verb, told: "550 no" if verb == "RCPT" and b"wrong" in told else None
    road.applied()
    work_off(session)
    assert [mail.receiver for mail in mail.mails] == ["right@example.org"]
    assert states_of(road) == [GIVEN_UP] * 2


def test_a_connection_that_breaks_in_a_mail_costs_that_mail_alone_an_attempt(mail, road, session):
    family_of(road)
    road.applied()
    broken = iter([HANG_UP])
    mail.misbehave = lambda verb, _: next(broken, None) if verb == "END" else None
    work_off(session)
    assert states_of(road) == [WAITING, SENT]
    later(road, FIRST_PAUSE)
    assert states_of(road) == [SENT, SENT]
    assert mail.conversations == 3


@pytest.mark.parametrize(
    "answers",
    [
        {"EHLO": HANG_UP},
        {"MAIL": "550 you may not send from here"},
        {"MAIL": "421 shutting down"},
        {"RCPT": "421 shutting down"},
        {"END": "421 shutting down"},
    ],
)
def test_a_server_that_takes_nothing_is_asked_once_and_all_wait(mail, road, moods, answers, caplog):
    family_of(road)
    road.applied()
    moods.answers = answers
    work_off(road.session)
    assert "Nobody takes notices by email" in caplog.text
    assert mail.conversations == 1
    assert states_of(road) == [WAITING, WAITING]
    assert all(each.error for each in deliveries_of(road.session, road.guardian))
    moods.answers = {}
    later(road, FIRST_PAUSE)
    assert states_of(road) == [SENT, SENT]


def test_a_server_that_is_away_is_given_up_after_days_and_seen(mail, road, session, caplog):
    family_of(road)
    road.applied()
    nowhere = {"smtp_url": "smtp://127.0.0.1:1"}
    session.info["settings"] = session.info["settings"].model_copy(update=nowhere)
    work_off(session)
    assert states_of(road) == [WAITING] * 2
    later(road, GIVE_UP_AFTER)
    assert states_of(road) == [GIVEN_UP] * 2
    assert "are given up" in caplog.text


def test_a_slow_server_keeps_the_worker_for_a_turn_and_the_rest_goes_back(mail, road, monkeypatch):
    family_of(road)
    road.applied()
    drain(road.session)
    monkeypatch.setattr(posting, "LONGEST_TURN", 0)
    posting.post_due(road.session)
    assert states_of(road) == [SENT, WAITING]
    assert [each.attempts for each in deliveries_of(road.session, road.guardian)] == [1, 0]
    posting.post_due(road.session)
    assert states_of(road) == [SENT, SENT]


def test_after_a_kill_between_taking_and_writing_down_it_comes_again_under_the_same_id(
    mail, road, session, tmp_path
):
    family_of(road)
    road.applied()
    drain(session)
    taken = []

    def kill(verb, written):
        if verb == "END":
            taken.append(written)
            os.kill(worker.pid, signal.SIGKILL)
            return HANG_UP
        return None

    mail.misbehave = kill
    since = clock.machine_now() - timedelta(hours=1)  # the worker's machine may be behind ours
    settings = session.info["settings"].model_copy(
        update={"now": TERM_BEGINS, "now_since": since, "data_dir": tmp_path}
    )
    environment = {**os.environ, **settings.environment()}
    worker = subprocess.Popen([sys.executable, "-m", "webapp", "worker"], env=environment)
    assert worker.wait(60) == -signal.SIGKILL
    mail.misbehave = lambda *_: None
    assert states_of(road) == [WAITING, WAITING]
    later(road, timedelta(hours=2))
    assert states_of(road) == [SENT, SENT]
    (first,) = taken
    again = [mail.written for mail in mail.mails]
    assert [message_id(written) for written in again].count(message_id(first)) == 1
    assert len(again) == 2


def test_an_address_that_cannot_be_read_is_given_up_and_stops_nobody(mail, road, session):
    family_of(road)
    reached(session, road.officers[road.receiving.id, Role.REGISTRAR], "right@example.org")
    whose = update(Contact).where(Contact.account_id == road.guardian.account_id)
    session.execute(whose.values(address=b"\x00" * 40))
    session.commit()
    road.applied()
    work_off(session)
    assert states_of(road) == [GIVEN_UP] * 2
    assert len(mail.mails) == 1


def message_id(written):
    return next(line for line in written.splitlines() if line.startswith(b"Message-ID:"))
