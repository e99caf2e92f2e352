"""The history of a case as a chain: each entry carries an HMAC over itself and over the entry before it.

The key lies outside the database, so whoever can write to the database still cannot write history.
`verification` checks the chains, `anchors` keeps their ends in files. Pure: no statement is run here.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from models.enums import EventKind, Role

Plain = str | int | None | list["Plain"] | tuple["Plain", ...] | Mapping[str, "Plain"]

# The columns of change_request that the history vouches for: as they are, and by digest.
SEALED_AS_THEY_ARE = (
    "number",
    "kind",
    "student_id",
    "applicant_id",
    "applicant_ids",
    "applicant_office_id",
    "from_school_id",
    "to_school_id",
    "process_version_id",
    "record_version",
    "form",
)
SEALED_BY_DIGEST = ("facts", "seats")

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a case's history with its link in the chain; the fields are the columns of case_event."""

    change_request_id: int
    seq: int
    kind: EventKind
    at: datetime
    actor_id: int | None = None
    office_id: int | None = None
    role: Role | None = None
    task_key: str | None = None
    outcome: str | None = None
    payload: Mapping[str, Plain]
    mac: bytes = b""

    def values(self) -> dict[str, object]:
        """Return the row as psycopg takes it: the payload is JSON text."""
        columns = {name: getattr(self, name) for name in Event.__slots__}
        return columns | {"payload": canonical(self.payload)}


def next_event(key: bytes, previous: bytes, event: Event) -> Event:
    """Return an event chained to the one whose MAC is `previous`; a case's first one follows `first_link`.

    The payload of OPENED must hold `"case": sealed(case)`; an entry after which one of these columns differs
    holds its new value the same way. TypeError if the payload holds a fraction, or a key that is no text: the
    database would give back another.
    """
    _refuse_what_jsonb_changes(event.payload)
    return replace(event, mac=event_mac(key, previous, event))


def first_link(key: bytes, change_request_id: int) -> bytes:
    """Return what a case's first entry is chained to: no chain fits another case."""
    return hmac.digest(key, b"case %d" % change_request_id, "sha256")


def event_mac(key: bytes, previous: bytes, event: Event) -> bytes:
    """Return the 32 bytes that chain an event: the same before it is stored and after."""
    content = (
        event.change_request_id,
        event.seq,
        event.kind,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.office_id,
        event.role,
        event.task_key,
        event.outcome,
        event.payload,
    )
    return hmac.digest(key, previous + _encode(content).encode(), "sha256")


def sealed(case: Mapping[str, Any]) -> dict[str, Plain]:
    """Return what the history vouches for of a case, given its columns by name."""
    by_digest = {column: digest(case[column]) for column in SEALED_BY_DIGEST}
    return {column: case[column] for column in SEALED_AS_THEY_ARE} | by_digest


def digest(value: Plain) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: Plain) -> str:
    """Return the one JSON text of a value: keys sorted, no blanks."""
    return _encode(value)


def _refuse_what_jsonb_changes(value: object) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                raise TypeError(f"a history's keys are text, and {name!r} is none")
            _refuse_what_jsonb_changes(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_what_jsonb_changes(part)
    elif isinstance(value, float):
        raise TypeError(f"a history holds no fractions: {value!r}")
