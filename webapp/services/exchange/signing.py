"""Signatures by the Standard Webhooks scheme: HMAC-SHA256 over id, time and body, under a key that both sides have."""

import base64
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
LONGEST_HEADER = 1000


class SignatureError(Exception):
    """A message was not signed by whoever has the key, or not now; the text says what is wrong with it."""


def signed(key: bytes, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that sign a message at a moment."""
    timestamp = str(int(at.timestamp()))
    return {
        ID: message_id,
        TIMESTAMP: timestamp,
        SIGNATURE: "v1," + _signature(key, message_id, timestamp, body),
    }


def verify(key: bytes, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """Return the id of a message that was signed with the key within five minutes of `now`; else SignatureError."""
    message_id, timestamp, given = (headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not message_id or max(map(len, (message_id, timestamp, given))) > LONGEST_HEADER:
        raise SignatureError(f"the headers {ID}, {TIMESTAMP} and {SIGNATURE} are needed")
    expected = f"v1,{_signature(key, message_id, timestamp, body)}".encode()
    if not any(hmac.compare_digest(expected, each.encode()) for each in given.split(" ")):
        raise SignatureError("the signature does not fit")
    if not _is_recent(timestamp, now):
        raise SignatureError("the time is more than five minutes from ours")
    return message_id


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999")):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= TOLERANCE
