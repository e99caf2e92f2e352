"""A message is read to the letter: whatever else it holds is refused by name, and no value is told on."""

import json
from typing import Any

import pytest

from models.enums import MessageKind
from tests.webapp.exchange.sample_messages import BODIES, RECORD, SCHOOL, a_message, written
from webapp.services.exchange import messages
from webapp.services.exchange.messages import (
    LONGEST_WORDS,
    MalformedError,
    plain,
    read_body,
    read_envelope,
    said,
)


@pytest.mark.parametrize("kind", MessageKind)
def test_each_kind_is_written_as_it_was_read(kind: MessageKind) -> None:
    message = a_message(kind)
    envelope = read_envelope(written(message))
    assert read_envelope(messages.written(envelope)) == envelope
    assert plain(kind, read_body(kind, envelope.body)) == BODIES[kind]


def test_every_kind_has_a_sample_and_a_body() -> None:
    assert set(BODIES) == set(MessageKind) == set(messages.BODIES)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "1"}, "id: "),
        ({"id": None}, "id: "),
        ({"reference": 5}, "reference: "),
        ({"kind": "greeting"}, "kind: "),
        ({"version": 2}, "version: "),
        ({"version": "1"}, "version: "),
        ({"sender": "4"}, "sender: "),
        ({"sender": "41\n"}, "sender: "),
        ({"receiver": "99"}, "receiver: "),
        ({"sent_at": "2025-09-10T09:00:00"}, "sent_at: "),
        ({"sent_at": "yesterday"}, "sent_at: "),
        ({"body": []}, "body: "),
        ({"body": "x"}, "body: "),
        ({"extra": 1}, "extra: "),
    ],
)
def test_a_wrong_field_of_the_envelope_is_named(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(MalformedError, match=f"^{told}"):
        read_envelope(written(a_message() | changes))


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("validated", {"number": ""}, "body.number: "),
        ("validated", {"number": "1" * 41}, "body.number: "),
        ("validated", {"number": 7}, "body.number: "),
        ("validated", {"number": "a\x00b"}, "body.number: "),
        ("validated", {"number": "a\u202eb"}, "body.number: "),
        ("validated", {"more": "x"}, "body.more: "),
        ("refused", {"codes": []}, "body.codes: "),
        ("refused", {"codes": ["2004"]}, "body.codes.0: "),
        ("refused", {"codes": "2001"}, "body.codes: "),
        ("refused", {"reason": "x" * (LONGEST_WORDS + 1)}, "body.reason: "),
        ("decided", {"outcome": "return"}, "body.outcome: "),
        ("decided", {"outcome": "reject", "reason": " "}, "body: .*reason is needed"),
        ("decided", {"record": {**RECORD, "grade": 13}}, "body.record.grade: "),
        ("decided", {"record": {**RECORD, "grade": 3.5}}, "body.record.grade: "),
        ("decided", {"record": {**RECORD, "grade": True}}, "body.record.grade: "),
        ("decided", {"record": {**RECORD, "birth_date": "2014-02-30"}}, "body.record.birth_date: "),
        ("decided", {"record": {**RECORD, "sex": "other"}}, "body.record.sex: "),
        ("decided", {"record": {**RECORD, "phone": "1"}}, "body.record.phone: "),
        ("pulled", {"on": "2025-09-12T00:00:01"}, "body.on: "),
        ("ended", {"how": "completed"}, "body.how: "),
        ("request", {"pupil": {"name": "x"}}, "body.pupil.registry_number: "),
        ("request", {"pupil": {"name": "x", "registry_number": "G1"}}, "body.pupil.registry_number: "),
        ("request", {"grade": 0}, "body.grade: "),
        ("request", {"reason": "because"}, "body.reason: "),
        ("request", {"receiving_school": SCHOOL | {"division": "99"}}, "body.receiving_school.division: "),
        ("request", {"receiving_school": SCHOOL | {"run_by": "state"}}, "body.receiving_school.run_by: "),
    ],
)
def test_a_wrong_field_of_the_body_is_named(kind: str, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(MalformedError, match=f"^{told}"):
        read_envelope(written(a_message(kind, **changes)))


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, body in BODIES.items() for field in (*body, None)]
)
def test_no_field_may_be_missing(kind: str, field: str | None) -> None:
    message = a_message(kind)
    message["body"] = {name: value for name, value in message["body"].items() if field not in (name, None)}
    with pytest.raises(MalformedError, match=f"body.{field or next(iter(BODIES[kind]))}: "):
        read_envelope(written(message))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{",
        b"[" * 50_000,
        b'{"a":' * 10_000,
        b"1" * 60_000,
        b'{"id": NaN}',
        written(a_message()).replace(b"ZX2025", b"\\ud800"),
        written(a_message()).replace(b"1,", b"1e999,"),
    ],
)
def test_what_is_no_message_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_envelope(data)


def test_no_value_is_told_on() -> None:
    spoilt = a_message("decided", record=RECORD | {"identity_number": "9" * 41, "sex": "990101201405060021"})
    with pytest.raises(MalformedError) as refused:
        read_envelope(written(spoilt))
    assert "99" not in str(refused.value)


def test_what_people_wrote_can_always_be_said() -> None:
    typed = "同意\r\n放行\x00\u202e" + "很" * 2000
    decided = {"outcome": "approve", "reason": said(typed), "office": "x", "record": None}
    assert read_body(MessageKind.DECIDED, decided).reason.startswith("同意\n放行很")
    assert json.dumps(decided)
