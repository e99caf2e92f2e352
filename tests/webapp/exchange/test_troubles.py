"""A partner that is away, or a worker that dies: nothing is lost, nothing is done twice, and one sees what waits."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from models.enums import MessageDirection, MessageKind, Trouble
from tests.webapp.exchange.deployments import Deployment, rounds
from tests.webapp.exchange.doors import says
from tests.webapp.exchange.pupils import a_pupil, asked
from tests.webapp.road import TERM_BEGINS
from webapp import clock
from webapp.setting_values import Partner

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
OUT, IN = MessageDirection.OUT, MessageDirection.IN
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "said", "trouble", "error"),
    [
        ("503 Service Unavailable", b"", Trouble.AWAY, "503 "),
        ("500 Oops", b"\x00\xff", Trouble.AWAY, "500 "),
        ("401 Unauthorized", b"key?", Trouble.NOT_TAKEN, "401 key?"),
        ("404 Not Found", b"", Trouble.NOT_TAKEN, "404 "),
        ("302 Found", b"", Trouble.NOT_TAKEN, "302 "),
        ("400 Bad Request", b"body.grade: wrong", Trouble.CALLED_WRONG, "400 body.grade: wrong"),
        ("409 Conflict", b"known", Trouble.CALLED_WRONG, "409 known"),
    ],
)
def test_a_message_that_is_not_taken_waits_and_one_sees_why(
    deployments: tuple[Deployment, Deployment], status: str, said: bytes, trouble: Trouble, error: str
) -> None:
    henan, others = deployments
    asked(henan, a_pupil(henan, others))
    others.door.app, right = says(status, said), others.door.app
    henan.work()
    [request] = henan.messages()
    assert (request.done_at, request.trouble, request.attempts) == (None, trouble, 1)
    assert request.refused == (trouble == Trouble.CALLED_WRONG)
    assert request.error.startswith(error)
    others.door.app = right
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert [message.kind for message in others.messages(IN)] == [MessageKind.REQUEST]


def test_nobody_listening_is_no_answer(henan: Deployment, others: Deployment) -> None:
    asked(henan, a_pupil(henan, others))
    nowhere = {
        code: Partner("http://127.0.0.1:9/exchange", each.key)
        for code, each in henan.settings.partners.items()
    }
    henan.session.info["settings"] = henan.settings.model_copy(update={"partners": nowhere})
    henan.work()
    [request] = henan.messages()
    assert request.error.startswith("no answer: ConnectError")


def test_the_pause_doubles_up_to_an_hour_and_no_message_is_given_up(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    others.door.app = says("503 Service Unavailable")
    pauses, now = [], clock.now()
    for _ in range(10):
        with clock.freeze(now):
            henan.work()
            [request] = henan.messages()
            pauses.append((request.due_at - now).total_seconds())
        now = request.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert request.attempts == 10


def test_while_a_partner_is_away_it_is_tried_once_for_all_that_waits(
    henan: Deployment, others: Deployment
) -> None:
    knocks: list[int] = []
    away = says("503 Service Unavailable")
    for _ in range(3):
        asked(henan, a_pupil(henan, others))
    others.door.app = lambda *request: knocks.append(1) or away(*request)
    henan.work()
    assert len(knocks) == 1


def test_what_was_taken_but_not_answered_is_sent_again_and_taken_once(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    right = others.door.app

    def lose_the_answer(environ: dict, start_response: Callable) -> Iterable[bytes]:
        list(right(environ, lambda *_: None))
        return says("502 Bad Gateway")(environ | {"CONTENT_LENGTH": "0"}, start_response)

    others.door.app = lose_the_answer
    henan.work()
    others.door.app = right
    with clock.freeze(clock.now() + HOUR):
        rounds(henan, others)
        rounds(henan, others)
    assert [message.attempts for message in henan.messages(OUT)] == [2]
    assert [message.kind for message in others.messages(IN)] == [MessageKind.REQUEST]
    assert others.said() == ["validated"]


def test_a_worker_that_is_killed_between_sending_and_writing_it_down_loses_and_doubles_nothing(
    henan: Deployment, others: Deployment
) -> None:
    asked(henan, a_pupil(henan, others))
    henan.session.commit()
    right, worker = others.door.app, []
    killed = threading.Event()

    def kill_the_sender(environ: dict, start_response: Callable) -> Iterable[bytes]:
        answer = list(right(environ, start_response))
        os.kill(worker[0].pid, signal.SIGKILL)
        worker[0].wait()
        killed.set()
        return answer

    others.door.app = kill_the_sender
    worker.append(a_worker(henan))
    killed.wait()
    others.door.app = right
    assert [message.done_at for message in henan.messages(OUT)] == [None]
    with clock.freeze(TERM_BEGINS + HOUR):
        rounds(henan, others)
    assert henan.waits_at() == ["outside_releasing"]
    assert [message.attempts for message in henan.messages(OUT)] == [2]
    assert [message.kind for message in others.messages(IN)] == [MessageKind.REQUEST]
    assert others.said() == ["validated"]


def a_worker(deployment: Deployment) -> subprocess.Popen[bytes]:
    """A worker of the deployment as a process of its own, whose clock begins where ours stands."""
    settings = deployment.settings.model_copy(update={"now": TERM_BEGINS, "now_since": clock.machine_now()})
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings.environment()}
    return subprocess.Popen([sys.executable, "-m", "webapp", "worker"], env=environment)
