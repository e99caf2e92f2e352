"""Is the audit trail whole? Every history against itself, its case and the anchors, in one pass over the database.

Rows are read as bare values and not as mapped objects: what was tampered with may fit no enumeration.
"""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from models.enums import CaseState
from webapp.services.audit.anchors import check_anchors
from webapp.services.audit.case_check import CaseRows, check_case
from webapp.services.audit.findings import Fault, Finding
from webapp.services.audit.replay import replay_differences
from webapp.services.cases.chain import Event
from webapp.services.processes.versions import definition_of

ROWS_AT_ONCE = 5000
NEVER = datetime.min.replace(tzinfo=UTC)


def _moment(column: str) -> str:
    # The database knows moments that Python does not, such as infinity; nothing of ours happened at one.
    return f"CASE WHEN {column} > '0002-01-01' AND {column} < '9999-01-01' THEN {column} END AS {column}"


# Sorted alike, so that they can be merged case by case while they stream.
_CASES = text(f"""
    SELECT c.id AS case_id, c.number, c.kind, c.state, student_id, applicant_id, applicant_ids, applicant_office_id,
           from_school_id, to_school_id, process_version_id, record_version, form, facts, seats, event_count, last_mac,
           token, p.sha256 AS process, {_moment("submitted_at")}, {_moment("ended_at")}
      FROM change_request c LEFT JOIN process_version p ON p.id = c.process_version_id ORDER BY c.id
""")  # noqa: S608 - our own text
_EVENTS = text(f"""
    SELECT change_request_id AS case_id, seq, kind, {_moment("at")}, actor_id, office_id, role, task_key,
           outcome, payload, mac
      FROM case_event ORDER BY change_request_id, seq
""")  # noqa: S608 - our own text
_TASKS = text(f"""
    SELECT change_request_id AS case_id, key, step, seat, seat_role, seat_office_id, state, outcome,
           {_moment("ended_at")}, ended_by_id
      FROM task ORDER BY change_request_id
""")  # noqa: S608 - our own text
_PAPERS = text("""
    SELECT change_request_id AS case_id, kind, sha256 FROM paper WHERE replaced_at IS NULL ORDER BY change_request_id
""")
_RETURNS = text("""
    SELECT change_request_id AS case_id, items, codes, reason FROM return_request WHERE resolved_at IS NULL
     ORDER BY change_request_id
""")

# A series counts on in number_counter, so that the loss of its last case shows too.
_GAPS = text(r"""
    WITH given AS (
        SELECT substring(number FROM '^(.+)-\d+$') AS series, substring(number FROM '(\d{1,9})$')::int AS serial
          FROM change_request WHERE number ~ '^[A-Z]+-\d{6}-\d{6}-\d{5,9}$'
        UNION ALL
        SELECT series, last_serial + 1 FROM number_counter WHERE series ~ '^[A-Z]+-\d{6}-\d{6}$'
    ), steps AS (
        SELECT series, serial, lag(serial, 1, 0) OVER (PARTITION BY series ORDER BY serial) AS before FROM given
    )
    SELECT series, before + 1 AS first, serial - 1 AS last FROM steps WHERE serial > before + 1 ORDER BY 1, 2
""")


def verify(session: Session, key: bytes, anchors: Path) -> list[Finding]:
    """Return every contradiction in the audit trail; none if it is whole.

    Reads one snapshot, so the session must not have begun a transaction; the application may go on working.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    broken = (
        finding for rows in _by_case(session) for finding in check_case(key, rows) or _replayed(session, rows)
    )
    return [*broken, *_missing_numbers(session), *check_anchors(session, key, anchors)]


def _replayed(session: Session, rows: CaseRows) -> Iterator[Finding]:
    case = rows.case
    if case is not None and case.state != CaseState.DRAFT:
        yield from replay_differences(definition_of(session, case.process_version_id, case.process), rows)


def _by_case(session: Session) -> Iterator[CaseRows]:
    streams = (
        session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
        for statement in (_CASES, _EVENTS, _TASKS, _PAPERS, _RETURNS)
    )
    merged = heapq.merge(*streams, key=attrgetter("case_id"))
    for case_id, group in groupby(merged, key=attrgetter("case_id")):
        rows = CaseRows(case_id)
        for row in group:
            _sort_in(rows, row)
        yield rows


def _sort_in(rows: CaseRows, row: Row[Any]) -> None:
    columns = row._mapping
    if "mac" in columns:
        values = {**columns, "at": row.at or NEVER, "change_request_id": rows.case_id}
        del values["case_id"]
        rows.events.append(Event(**values))
    elif "key" in columns:
        rows.tasks.append(row)
    elif "sha256" in columns:
        rows.papers.append(row)
    elif "codes" in columns:
        rows.returns.append((row.items, row.codes, row.reason))
    else:
        rows.case = row


def _missing_numbers(session: Session) -> Iterator[Finding]:
    for series, first, last in session.execute(_GAPS):
        what = f"no case has the number {first:05d}" + (f" to {last:05d}" if last > first else "")
        yield Finding(Fault.NUMBER_MISSING, series, what)
