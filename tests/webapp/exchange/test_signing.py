"""Only whoever has the key, and only now, signs a message that is taken (Standard Webhooks)."""

import base64
import hmac
import json
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from webapp.services.exchange.messages import Body, read_envelope
from webapp.services.exchange.signing import SignatureError, signed, verify

MANUAL = Path(__file__).parents[3] / "docs" / "exchange.md"
KEY = bytes(range(32))
NOW = datetime(2025, 9, 10, 9, 30, tzinfo=UTC)
BODY = '{"姓名": "学生"}'.encode()


def headers(**changes: str) -> dict[str, str]:
    return signed(KEY, "msg-1", NOW, BODY) | {
        name.replace("_", "-"): value for name, value in changes.items()
    }


def test_the_signature_is_the_one_of_the_scheme() -> None:
    """The example of the specification, whose key is MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw in Base64."""
    key = bytes.fromhex("31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("late", [-300, -299, 0, 299, 300])
def test_a_message_is_taken_within_five_minutes(late: int) -> None:
    assert verify(KEY, headers(), BODY, now=NOW + timedelta(seconds=late)) == "msg-1"


@pytest.mark.parametrize("late", [-301, 301, 86400])
def test_a_message_that_is_replayed_later_is_refused(late: int) -> None:
    with pytest.raises(SignatureError, match="five minutes"):
        verify(KEY, headers(), BODY, now=NOW + timedelta(seconds=late))


def test_one_of_several_signatures_is_enough_while_a_key_is_changed() -> None:
    old = signed(bytes(32), "msg-1", NOW, BODY)["webhook-signature"]
    both = headers(webhook_signature=f"{old} {headers()['webhook-signature']}")
    assert verify(KEY, both, BODY, now=NOW) == "msg-1"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"webhook_id": "msg-2"},
        {"webhook_id": ""},
        {"webhook_timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook_timestamp": ""},
        {"webhook_signature": ""},
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1"},
        {"webhook_signature": "v2," + signed(KEY, "msg-1", NOW, BODY)["webhook-signature"][3:]},
        {"webhook_signature": "v1,é" + "=" * 900},
        {"webhook_signature": "v1," + "A" * 2000},
    ],
)
def test_whatever_is_altered_does_not_fit(spoilt: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        verify(KEY, headers(**spoilt), BODY, now=NOW)


@pytest.mark.parametrize("timestamp", ["nan", "1e9", "-5", "9" * 30, "٣", "1614265330.5", " 5"])
def test_a_time_that_is_no_number_of_seconds_is_refused_though_it_is_signed(timestamp: str) -> None:
    content = f"msg-1.{timestamp}.".encode() + BODY
    signature = "v1," + base64.b64encode(hmac.digest(KEY, content, "sha256")).decode()
    with pytest.raises(SignatureError, match="five minutes"):
        verify(KEY, headers(webhook_timestamp=timestamp, webhook_signature=signature), BODY, now=NOW)


def test_another_body_or_key_does_not_fit() -> None:
    with pytest.raises(SignatureError, match="does not fit"):
        verify(KEY, headers(), BODY + b" ", now=NOW)
    with pytest.raises(SignatureError, match="does not fit"):
        verify(bytes(32), headers(), BODY, now=NOW)


def test_the_example_in_the_manual_is_right() -> None:
    manual = MANUAL.read_text("utf-8")
    [message] = re.findall(r"```json\n(.+)\n```", manual)
    [key] = re.findall(r"`([0-9a-f]{64})`", manual)
    headers = dict(re.findall(r"^(webhook-\w+): (\S+)$", manual, re.MULTILINE))
    now = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert verify(bytes.fromhex(key), headers, message.encode(), now=now) == json.loads(message)["id"]
    assert read_envelope(message.encode()).kind == "validated"


@pytest.mark.parametrize("name", [field.name for kind in Body.__args__ for field in fields(kind)])
def test_every_field_is_in_the_manual(name: str) -> None:
    assert f"`{name}`" in MANUAL.read_text("utf-8")
