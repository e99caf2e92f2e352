"""The made-up province of the demo, which speaks real HTTP and can be told to misbehave."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.enums import CaseState, MessageDirection
from tests.served import served
from tests.webapp.exchange.deployments import KEY, Deployment
from tests.webapp.exchange.pupils import Pupil, a_pupil, asked, pupil_in
from tests.webapp.exchange.sample_messages import OTHER_SCHOOL, SCHOOL
from webapp import clock
from webapp.commands.platform import has_made_up_province, platform_command, with_made_up_province
from webapp.config import Settings
from webapp.platform.app import create_app
from webapp.platform.province import Province
from webapp.services.cases.corrections import resubmit
from webapp.services.exchange import schools
from webapp.setting_values import Partner

pytestmark = pytest.mark.slow

SICHUAN = "51"
ROOT = Path(__file__).parents[3]
IN = MessageDirection.IN


class Platform:
    """The made-up province behind a web server, and its control page."""

    def __init__(self, province: Province, url: str) -> None:
        self.province, self.url = province, url

    def behave(self, **behaviour: object) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/control", json=behaviour)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def deliver(self) -> None:
        """Send everything that waits, each message once."""
        with httpx.Client() as client:
            for _ in range(len(self.province._waiting)):
                self.province.deliver_next(client)


@pytest.fixture
def platform(henan: Deployment) -> Iterator[Platform]:
    """A province that Henan's deployment is connected with."""
    province = Province(SICHUAN, f"{henan.url}/exchange", KEY)
    with served(create_app(province)) as url:
        partners = {SICHUAN: Partner(f"{url}/exchange", KEY)}
        settings = henan.settings.model_copy(update={"partners": partners})
        henan.door.settings = henan.session.info["settings"] = settings
        yield Platform(province, url)


def a_pupil_of_sichuan(henan: Deployment, number: str | None = None) -> Pupil:
    return a_pupil(henan, henan, of="510107", number=number)


def talk(henan: Deployment, platform: Platform) -> None:
    """Let both sides say and hear what there is by now, and by an hour later."""
    for late in (timedelta(0), timedelta(hours=1)):
        with clock.freeze(clock.now() + late):
            for _ in range(3):
                henan.work()
                platform.deliver()


def test_it_validates_decides_and_is_told_that_the_file_was_pulled(
    henan: Deployment, platform: Platform
) -> None:
    asked(henan, a_pupil_of_sichuan(henan))
    talk(henan, platform)
    assert henan.waits_at() == ["file_pull"]
    assert henan.approve_all() == CaseState.COMPLETED
    talk(henan, platform)
    came = httpx.get(f"{platform.url}/control").json()["came"]
    assert [message["kind"] for message in came] == ["request", "pulled"]


@pytest.mark.parametrize(("code", "check"), [("2001", "0"), ("2002", "9"), ("2003", "7")])
def test_a_number_with_a_code_in_it_is_refused_until_it_was_corrected(
    henan: Deployment, platform: Platform, code: str, check: str
) -> None:
    pupil = a_pupil_of_sichuan(henan, number=f"G9901012014050{code}{check}")
    case = asked(henan, pupil)
    talk(henan, platform)
    assert henan.case().state == CaseState.RETURNED
    assert henan.case().events[-1].payload["codes"] == [code]
    resubmit(henan.session, pupil.applicant, case.id)
    talk(henan, platform)
    assert henan.waits_at() == ["file_pull"]


def test_it_rejects_when_it_is_told_to(henan: Deployment, platform: Platform) -> None:
    platform.behave(outcome="reject")
    asked(henan, a_pupil_of_sichuan(henan))
    talk(henan, platform)
    assert henan.case().state == CaseState.REJECTED


def test_it_finds_the_codes_that_it_is_told_to_find(henan: Deployment, platform: Platform) -> None:
    platform.behave(codes=["2002", "2003"])
    asked(henan, a_pupil_of_sichuan(henan))
    talk(henan, platform)
    assert henan.case().events[-1].payload["codes"] == ["2002", "2003"]


@pytest.mark.parametrize(
    "trouble",
    [{"outage": True}, {"wrong_signature": True}, {"garbage": True}],
    ids=lambda told: next(iter(told)),
)
def test_a_trouble_passes_without_anything_lost(
    henan: Deployment, platform: Platform, monkeypatch: pytest.MonkeyPatch, trouble: dict[str, bool]
) -> None:
    monkeypatch.setattr("webapp.platform.province.PAUSE", 0)
    platform.behave(**trouble)
    asked(henan, a_pupil_of_sichuan(henan))
    talk(henan, platform)
    assert henan.waits_at() == ["validation"]
    platform.behave()
    with clock.freeze(clock.now() + timedelta(hours=2)):
        talk(henan, platform)
    assert henan.waits_at() == ["file_pull"]


def test_what_it_says_three_times_is_done_once(henan: Deployment, platform: Platform) -> None:
    platform.behave(copies=3)
    case = asked(henan, a_pupil_of_sichuan(henan))
    events = len(henan.case().events)
    talk(henan, platform)
    assert henan.case().id == case.id
    assert len(henan.case().events) == events + 2
    assert [message.kind for message in henan.messages(IN)] == ["validated", "decided"]


def test_it_asks_for_a_pupil_and_pulls_the_file_when_he_is_released(
    henan: Deployment, platform: Platform
) -> None:
    pupil = a_pupil(henan, henan, of="410325", to="510107")
    ours = pupil_in(henan, pupil.number).enrolments[0].school
    request = {
        "number": "SC-1",
        "pupil": {"name": pupil.name, "registry_number": pupil.number},
        "receiving_school": OTHER_SCHOOL | {"division": "510107"},
        "releasing_school": SCHOOL | {"name": ours.name, "code": schools.told(ours).code},
        "grade": 3,
        "reason": "household_move",
        "schooling_years": None,
        "record": None,
    }
    answer = httpx.post(f"{platform.url}/control/request/41", json=request)
    assert answer.status_code == 200, answer.text
    talk(henan, platform)
    assert str(henan.link().reference) == answer.json()["reference"]
    henan.approve_all()
    talk(henan, platform)
    assert henan.case().state == CaseState.COMPLETED


@pytest.mark.parametrize(
    "told", [b"{", b'{"delay": "x"}', b'{"outcome": "perhaps"}', b'{"unknown": 1}', b'{"codes": ["1"]}']
)
def test_what_it_cannot_do_it_says(platform: Platform, told: bytes) -> None:
    assert httpx.post(f"{platform.url}/control", content=told).status_code == 400
    assert httpx.post(f"{platform.url}/control/request/41", content=told).status_code == 400


def test_it_takes_only_what_is_signed_for_it(platform: Platform) -> None:
    assert httpx.post(f"{platform.url}/exchange/41", content=b"{}").status_code == 401


def test_the_demo_has_it_for_a_partner_unless_it_is_given_others(settings_for) -> None:
    plain: Settings = settings_for("postgresql:///x")
    assert with_made_up_province(plain) == plain
    assert not has_made_up_province(plain)
    demo = with_made_up_province(plain.model_copy(update={"demo": True}))
    assert has_made_up_province(demo)
    assert with_made_up_province(demo) == demo
    assert platform_command(demo)[-1] == "http://127.0.0.1:8000/exchange"


def test_the_command_serves_it_until_told_to_stop(henan: Deployment) -> None:
    demo = with_made_up_province(
        henan.settings.model_copy(update={"demo": True, "partners": {}, "provinces": ()})
    )
    with running(demo) as (process, port):
        assert httpx.get(f"http://127.0.0.1:{port}/control").json()["behaviour"]["delay"] == 5
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0


@contextmanager
def running(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The command as a process of its own, once it listens."""
    command = platform_command(settings)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings.environment()}
    with subprocess.Popen([sys.executable, "-m", "webapp", *command], env=environment) as process:
        try:
            port = re.search(r"\d+", command[2])[0]
            while not answers(port):
                assert process.poll() is None
                time.sleep(0.05)
            yield process, port
        finally:
            process.kill()


def answers(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/control").is_success
    except httpx.ConnectError:
        return False
