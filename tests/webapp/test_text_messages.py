"""Notices as text messages: what the gateway is sent, and what its answers mean."""

import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from models.enums import Channel, DeliveryState
from tests.webapp.posted import deliveries_of, mail_of, reached, states_of
from tests.webapp.road import work_off
from webapp import clock
from webapp.services.exchange import signing

pytestmark = pytest.mark.slow

KEY = bytes(range(32))
NUMBER = "13800138000"


class Gateway(ThreadingHTTPServer):
    """Takes text messages on a free port of this machine, and answers with a status."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Request)
        self.taken, self.status = [], 200

    @property
    def url(self):
        return "http://{}:{}/messages".format(*self.server_address)


class _Request(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.headers, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(session):
    with mail_of(session), Gateway() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        sms = {"sms_url": server.url, "sms_key": KEY}
        session.info["settings"] = session.info["settings"].model_copy(update=sms)
        yield server
        server.shutdown()
        thread.join()


def test_a_message_is_posted_with_number_text_and_signature(gateway, road, session):
    road.student.name = "林小禾"
    reached(session, road.guardian, NUMBER, Channel.SMS)
    road.applied()
    work_off(session)
    headers, body = gateway.taken[0]
    ids = [str(each.message_id) for each in deliveries_of(session, road.guardian)]
    assert signing.verify(KEY, headers, body, now=clock.machine_now()) == ids[0]
    assert json.loads(body) == {"to": "+8613800138000", "text": "【学籍管理】林**的转学申请已提交。"}
    assert states_of(road) == [DeliveryState.SENT] * 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, (DeliveryState.GIVEN_UP, 2)),
        (422, (DeliveryState.GIVEN_UP, 2)),
        (429, (DeliveryState.WAITING, 2)),
        (401, (DeliveryState.WAITING, 1)),
        (404, (DeliveryState.WAITING, 1)),
        (503, (DeliveryState.WAITING, 1)),
        (302, (DeliveryState.WAITING, 1)),
    ],
)
def test_what_the_gateway_answers_decides_about_one_message_or_about_all(
    gateway, road, session, status, outcome
):
    gateway.status = status
    reached(session, road.guardian, NUMBER, Channel.SMS)
    road.applied()
    work_off(session)
    becomes, asked = outcome
    assert states_of(road) == [becomes] * 2
    assert len(gateway.taken) == asked
    assert {each.error for each in deliveries_of(session, road.guardian)} == {f"{status} "}


def test_the_demos_messages_go_to_the_log_and_nowhere_else(gateway, road, session, caplog):
    session.info["settings"] = session.info["settings"].model_copy(update={"demo": True})
    caplog.set_level(logging.INFO, "webapp.services.notices")
    reached(session, road.guardian, NUMBER, Channel.SMS)
    road.applied()
    work_off(session)
    assert "Text message to 13*******00: 【学籍管理】" in caplog.text
    assert gateway.taken == []
    assert states_of(road) == [DeliveryState.SENT] * 2
