"""The chain of a history: the same MAC before and after the database, another for anything else."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import EventKind, Outcome, Role
from tests.webapp.case_histories import BEGINS, KEY
from webapp.services.cases.chain import Event, event_mac, first_link, next_event

LINK = first_link(KEY, 1)
ENTRY = {
    "change_request_id": 1,
    "seq": 2,
    "kind": EventKind.DECIDED,
    "at": BEGINS,
    "actor_id": 3,
    "office_id": 4,
    "role": Role.HANDLER,
    "task_key": "in_county:1",
    "outcome": Outcome.APPROVE,
    "payload": {"opinion": "材料齐全", "pages": 1},
}
EVENT = next_event(KEY, LINK, Event(**ENTRY))


ANOTHER = {
    "change_request_id": 11,
    "seq": 3,
    "kind": EventKind.REJECTED,
    "at": BEGINS + timedelta(microseconds=1),
    "actor_id": None,
    "office_id": 44,
    "role": Role.CHIEF,
    "task_key": "in_county:11",
    "outcome": None,
    "payload": {"opinion": "材料齐全", "pages": "1"},
}


@pytest.mark.parametrize("field", ANOTHER)
def test_the_mac_covers_every_field(field):
    assert next_event(KEY, LINK, Event(**{**ENTRY, field: ANOTHER[field]})).mac != EVENT.mac


def test_the_mac_depends_on_the_key_and_on_the_entry_before():
    assert EVENT.mac not in {event_mac(b"x", LINK, EVENT), event_mac(KEY, first_link(KEY, 2), EVENT)}


def test_the_mac_is_the_same_in_every_time_zone():
    elsewhere = BEGINS.astimezone(timezone(timedelta(hours=8)))
    assert event_mac(KEY, LINK, replace(EVENT, at=elsewhere)) == EVENT.mac


def test_fields_cannot_run_into_one_another():
    one = replace(EVENT, task_key='a","b', outcome=None)
    other = replace(EVENT, task_key="a", outcome="b")
    assert event_mac(KEY, LINK, one) != event_mac(KEY, LINK, other)


@pytest.mark.parametrize(
    "payload",
    [{"days": 1.0}, {"seats": [{"a": 0.5}]}, {"seats": {1: "a"}}, {"at": datetime(2025, 9, 1)}],  # noqa: DTZ001
)
def test_what_the_database_would_give_back_changed_is_refused(payload):
    with pytest.raises(TypeError):
        next_event(KEY, LINK, Event(**{**ENTRY, "payload": payload}))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(texts, parts, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(payload=st.dictionaries(texts, plain, max_size=4))
def test_an_entry_read_back_has_the_mac_it_was_written_with(database_url, payload):
    event = next_event(KEY, LINK, Event(**{**ENTRY, "payload": payload}))
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT %(payload)s::jsonb, %(at)s::timestamptz, %(kind)s, %(role)s, %(outcome)s", event.values()
        ).fetchone()
    stored = dict(zip(("payload", "at", "kind", "role", "outcome"), row, strict=True))
    assert event_mac(KEY, LINK, replace(event, **stored)) == event.mac
