"""Whoever rules the database but not the key can change nothing of a history unseen; docs/audit.md says why."""

import hashlib
from datetime import date

import pytest
from sqlalchemy import text

from models.enums import EventKind, Outcome
from tests.webapp.case_histories import (
    COMPLETED,
    IN_REVIEW,
    KEY,
    SERIES,
    Road,
    four_cases,
    opened,
    tamper,
)
from tests.webapp.tamperings import (
    CASES_ALTERED,
    ENTRIES_ALTERED,
    FOUND_BY_THE_ANCHOR_ALONE,
    HISTORIES_REARRANGED,
    PAPERS_ALTERED,
    TASKS_ALTERED,
    TOKENS_ALTERED,
    case_row,
    entry,
)
from webapp.services.audit.anchors import write_anchor
from webapp.services.audit.case_check import STATE_AFTER
from webapp.services.audit.findings import Fault
from webapp.services.audit.verification import verify
from webapp.services.cases.chain import Event, event_mac, first_link
from webapp.services.cases.history import SAID_ASIDE

TABLES = ("case_event", "task", "paper", "change_request", "number_counter")


def findings(url, anchors):
    with opened(url) as session:
        session.commit()
        return verify(session, KEY, anchors)


@pytest.fixture(scope="module")
def untouched(new_database, tmp_path_factory):
    """The URL of a database with four cases that nobody touched, and the folder of its anchor."""
    url, anchors = new_database(), tmp_path_factory.mktemp("audit") / "anchors"
    with opened(url) as session:
        four_cases(session)
        session.flush()
        write_anchor(session, KEY, anchors, date(2025, 9, 11))
        for table in TABLES:
            session.execute(text(f"CREATE TABLE untouched_{table} AS TABLE {table}"))
        session.commit()
    return url, anchors


@pytest.fixture
def trail(untouched):
    """The same to tamper with; undone after the test."""
    yield untouched
    with opened(untouched[0]) as session:
        for table in TABLES:
            session.execute(text(f"DELETE FROM {table}"))
            session.execute(text(f"INSERT INTO {table} TABLE untouched_{table}"))
        session.commit()


def test_an_untouched_trail_is_whole(untouched):
    assert findings(*untouched) == []


@pytest.mark.parametrize("change", ENTRIES_ALTERED.values(), ids=ENTRIES_ALTERED)
def test_an_altered_entry_is_found_and_named(trail, change):
    tamper(trail[0], *entry(COMPLETED, 2, change))
    first = findings(*trail)[0]
    assert (first.fault, first.where) == (Fault.ENTRY_ALTERED, f"{SERIES}-00001")
    assert "entry 2 " in first.what


@pytest.mark.parametrize(("statements", "fault"), HISTORIES_REARRANGED.values(), ids=HISTORIES_REARRANGED)
def test_a_rearranged_history_is_found_without_any_anchor(trail, tmp_path, statements, fault):
    tamper(trail[0], *statements)
    assert fault in [finding.fault for finding in findings(trail[0], tmp_path / "none")]


@pytest.mark.parametrize("statements", FOUND_BY_THE_ANCHOR_ALONE.values(), ids=FOUND_BY_THE_ANCHOR_ALONE)
def test_a_history_cut_short_with_every_trace_is_found_by_the_anchor_alone(trail, tmp_path, statements):
    url, anchors = trail
    tamper(url, *statements)
    assert [finding.fault for finding in findings(url, anchors)] == [Fault.ANCHOR_DIFFERS]
    tamper(url, "DELETE FROM number_counter WHERE series = 'anchor'")
    assert findings(url, tmp_path / "none") == []


@pytest.mark.parametrize(("case", "change"), CASES_ALTERED.values(), ids=CASES_ALTERED)
def test_a_case_altered_against_its_history_is_found(trail, case, change):
    tamper(trail[0], *case_row(case, change))
    assert Fault.CASE_DIFFERS in [finding.fault for finding in findings(*trail)]


@pytest.mark.parametrize("statements", TASKS_ALTERED.values(), ids=TASKS_ALTERED)
def test_a_task_altered_against_the_history_is_found(trail, statements):
    tamper(trail[0], *statements)
    assert {finding.fault for finding in findings(*trail)} == {Fault.TASK_DIFFERS}


@pytest.mark.parametrize("statements", TOKENS_ALTERED.values(), ids=TOKENS_ALTERED)
def test_a_token_that_the_decisions_do_not_lead_to_is_found(trail, statements):
    tamper(trail[0], *statements)
    assert [finding.fault for finding in findings(*trail)] == [Fault.STANDING_DIFFERS]


@pytest.mark.parametrize("statement", PAPERS_ALTERED.values(), ids=PAPERS_ALTERED)
def test_papers_exchanged_behind_the_history_are_found(trail, statement):
    tamper(trail[0], statement)
    assert {finding.fault for finding in findings(*trail)} == {Fault.PAPERS_DIFFER}


def chained_with(mac_of):
    """Lies about who decided, and chains the history of a case anew in a way of its own."""

    def forge(session):
        rows = session.execute(
            text("SELECT * FROM case_event WHERE change_request_id = :case ORDER BY seq"), {"case": IN_REVIEW}
        )
        mac = first_link(b"o" * 32, IN_REVIEW)
        for row in rows.mappings().all():
            event = Event(**{**row, "actor_id": 1})
            mac = mac_of(mac, event)
            change = "UPDATE case_event SET actor_id = 1, mac = :mac WHERE change_request_id = :case AND seq = :seq"
            session.execute(text(change), {"mac": mac, "case": IN_REVIEW, "seq": event.seq})
        change = "UPDATE change_request SET last_mac = :mac WHERE id = :case"
        session.execute(text(change), {"mac": mac, "case": IN_REVIEW})

    return forge


FORGERIES = {
    "without the key": chained_with(lambda mac, event: hashlib.sha256(mac + repr(event).encode()).digest()),
    "with no key": chained_with(lambda mac, event: event_mac(b"", mac, event)),
    "with another key": chained_with(lambda mac, event: event_mac(b"o" * 32, mac, event)),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_history_written_anew_is_found_at_every_entry(trail, forge):
    with opened(trail[0]) as session:
        forge(session)
        session.commit()
    faults = [finding.fault for finding in findings(*trail) if finding.where == f"{SERIES}-00002"]
    assert faults == [Fault.ENTRY_ALTERED] * 3


def test_a_case_returned_and_submitted_again_with_another_form_is_whole(trail):
    with opened(trail[0]) as session:
        road = Road(session, f"{SERIES}-00004")
        road.write(
            EventKind.RETURNED, next(road.clock), {"items": ["proof_of_residence"], "opinion": "看不清"}
        )
        road.case.form = {"grade": 8, "reason": "household_move"}
        changed = {"form": road.case.form}
        road.write(EventKind.RESUBMITTED, next(road.clock), {"case": changed})
        road.decide("in_school:1", EventKind.COMPLETED, Outcome.APPROVE)
        session.execute(text("UPDATE number_counter SET last_serial = 4 WHERE last_serial = 3"))
        session.commit()
    assert findings(*trail) == []


def test_the_history_says_which_state_a_case_is_in_after_every_kind_of_event():
    decided = {EventKind.ACKNOWLEDGED, EventKind.RECALLED}
    beside = {EventKind.SENT_BACK, EventKind.SIGNED, EventKind.ANSWERED, EventKind.UNASKED}
    assert set(EventKind) - set(STATE_AFTER) == decided | beside | set(SAID_ASIDE)
