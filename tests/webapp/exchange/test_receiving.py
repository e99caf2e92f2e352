"""At the address for messages: who is let in, what is taken, and that nothing is taken twice."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import ExchangeMessage
from tests.webapp.exchange.sample_messages import RECORD, a_message, written
from tests.webapp.site import a_site
from webapp import clock
from webapp.config import Settings
from webapp.database import session_at
from webapp.services.exchange.mailbox import opened
from webapp.services.exchange.receiving import MOST_BYTES
from webapp.services.exchange.signing import signed
from webapp.setting_values import Partner

pytestmark = pytest.mark.slow

KEY, ANOTHER_KEY = bytes(range(32)), bytes(32)
WRONG_MOMENT = "sent_at: must be within the last year, and not to come"


@pytest.fixture
def session(new_database: Callable[..., str], settings_for: Callable[[str], Settings]) -> Iterator[Session]:
    partners = {"41": Partner("http://127.0.0.1:9/exchange", KEY)}
    settings = settings_for(new_database()).model_copy(update={"provinces": ("34",), "partners": partners})
    with session_at(settings.database_url or "", settings) as session:
        yield session


@pytest.fixture
def client(session: Session) -> Iterator[FlaskClient]:
    with a_site(session) as site:
        yield site.app.test_client()


def leave(
    client: FlaskClient,
    message: dict[str, Any],
    *,
    key: bytes = KEY,
    late: timedelta = timedelta(0),
    at: str = "41",
    signed_id: str | None = None,
) -> TestResponse:
    body = written(message)
    headers = signed(key, signed_id or message["id"], clock.machine_now() - late, body)
    return client.post(f"/exchange/{at}", data=body, headers=headers)


def stored(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(ExchangeMessage)) or 0


def test_a_signed_message_is_taken_without_session_or_form_token(
    client: FlaskClient, session: Session
) -> None:
    answer = leave(client, a_message())
    assert (answer.status_code, answer.json) == (202, {"reason": "taken"})
    assert "Set-Cookie" not in answer.headers
    assert stored(session) == 1


def test_the_same_message_again_is_taken_and_changes_nothing(client: FlaskClient, session: Session) -> None:
    message = a_message("decided")
    assert [leave(client, message).status_code for _ in range(3)] == [202, 202, 202]
    assert stored(session) == 1


def test_another_message_under_a_known_id_is_refused(client: FlaskClient, session: Session) -> None:
    message = a_message()
    leave(client, message)
    answer = leave(client, message | {"body": {"number": "another"}})
    assert (answer.status_code, answer.json) == (
        409,
        {"reason": "another message was taken under this id before"},
    )
    assert stored(session) == 1


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ({"key": ANOTHER_KEY}, 401, "the signature does not fit"),
        ({"signed_id": "another"}, 400, "id: differs from the header webhook-id"),
        ({"late": timedelta(minutes=6)}, 401, "the time is more than five minutes from ours"),
        ({"late": -timedelta(minutes=6)}, 401, "the time is more than five minutes from ours"),
        ({"at": "51"}, 404, "no connection with this province is set up"),
        ({"at": "x"}, 404, "no connection with this province is set up"),
    ],
)
def test_whoever_may_not_leave_it_is_told_why_and_nothing_is_kept(
    client: FlaskClient, session: Session, how: dict[str, Any], status: int, reason: str
) -> None:
    answer = leave(client, a_message(), **how)
    assert (answer.status_code, answer.json) == (status, {"reason": reason})
    assert stored(session) == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sender": "35"}, "sender: at this address it must be 41"),
        ({"receiver": "35"}, "receiver: this province is not served here"),
        ({"sent_at": "0001-01-01T00:00:00+14:00"}, WRONG_MOMENT),
        ({"sent_at": "9999-12-31T23:59:59-12:00"}, WRONG_MOMENT),
        ({"sent_at": (clock.now() + timedelta(days=1)).isoformat()}, WRONG_MOMENT),
        ({"sent_at": (clock.now() - timedelta(days=400)).isoformat()}, WRONG_MOMENT),
        ({"body": {"number": "x", "extra": 1}}, "body.extra: Unexpected keyword argument"),
        ({"body": {"number": "\x00"}}, "body.number: "),
    ],
)
def test_what_is_wrong_with_a_message_is_told(
    client: FlaskClient, session: Session, changes: dict[str, Any], reason: str
) -> None:
    answer = leave(client, a_message() | changes)
    assert answer.status_code == 400
    assert answer.json["reason"].startswith(reason)
    assert stored(session) == 0


@pytest.mark.parametrize("body", [b"", b"\xff{garbage", b"[" * 50_000, b"null"])
def test_signed_garbage_is_refused(client: FlaskClient, session: Session, body: bytes) -> None:
    headers = signed(KEY, "an-id", clock.machine_now(), body)
    assert client.post("/exchange/41", data=body, headers=headers).status_code == 400
    assert stored(session) == 0


def test_what_is_too_large_is_not_read(client: FlaskClient, session: Session) -> None:
    body = b" " * (MOST_BYTES + 1)
    headers = signed(KEY, "an-id", clock.machine_now(), body)
    answer = client.post("/exchange/41", data=body, headers=headers)
    assert (answer.status_code, answer.json) == (413, {"reason": f"a message has at most {MOST_BYTES} bytes"})
    assert stored(session) == 0


def test_nobody_reads_there(client: FlaskClient) -> None:
    assert client.get("/exchange/41").status_code == 405


def test_an_identity_number_is_encrypted_at_rest(client: FlaskClient, session: Session) -> None:
    leave(client, a_message("decided"))
    raw = session.scalar(text("SELECT body::text FROM exchange_message"))
    assert RECORD["identity_number"] not in raw
    stored = session.scalars(select(ExchangeMessage)).one()
    assert opened(session, stored.body)["record"] == RECORD
    assert json.loads(raw)["record"]["grade"] == RECORD["grade"]
