"""All that the database holds of each case, case by case, in one pass over it.

Rows are read as bare values and not as mapped objects: what was tampered with may fit no enumeration.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from webapp.services.audit.case_check import CaseRows
from webapp.services.cases.chain import Event

ROWS_AT_ONCE = 5000
NEVER = datetime.min.replace(tzinfo=UTC)

Found: TypeAlias = Mapping[str, list[Row[Any]]]


def moment(column: str) -> str:
    """Return SQL for a moment or a day: NULL for those that Python does not know, such as infinity.

    Nothing of ours happened at one.
    """
    name = column.rpartition(".")[2]
    return f"CASE WHEN {column} > '0002-01-01' AND {column} < '9999-01-01' THEN {column} END AS {name}"


TASK_COLUMNS = f"""change_request_id AS case_id, key, step, seat, seat_role, seat_office_id, state, outcome, ask,
           asked_from, office_id, role, blocking, {moment("ended_at")}, ended_by_id"""

# Sorted alike, so that they can be merged case by case while they stream.
HISTORY: Mapping[str, str] = {
    "case": f"""
        SELECT c.id AS case_id, c.number, c.kind, c.state, student_id, applicant_id, applicant_ids,
               applicant_office_id, from_school_id, to_school_id, process_version_id, record_version, form, facts,
               seats, version, event_count, last_mac, token, p.sha256 AS process, {moment("submitted_at")},
               {moment("ended_at")}, limit_days, {moment("due_on")}, due_provisional
          FROM change_request c LEFT JOIN process_version p ON p.id = c.process_version_id ORDER BY c.id
    """,  # noqa: S608 - our own text, here and below
    "events": f"""
        SELECT change_request_id AS case_id, seq, kind, {moment("at")}, actor_id, office_id, role, task_key,
               outcome, payload, mac
          FROM case_event ORDER BY change_request_id, seq
    """,  # noqa: S608
    "tasks": f"SELECT {TASK_COLUMNS} FROM task ORDER BY change_request_id",  # noqa: S608
    "papers": """
        SELECT change_request_id AS case_id, kind, sha256, size FROM paper
         WHERE replaced_at IS NULL ORDER BY change_request_id
    """,
    "returns": """
        SELECT change_request_id AS case_id, items, fields, codes, reason, task_id FROM return_request
         WHERE resolved_at IS NULL ORDER BY change_request_id
    """,
}


def by_case(
    session: Session, streams: Mapping[str, str], values: Mapping[str, object] | None = None
) -> Iterator[tuple[int, Found]]:
    """Yield each case's id with its rows by stream; each stream has a case_id and is ordered by it."""
    tagged = (_tagged(session, name, sql, values or {}) for name, sql in streams.items())
    merged = heapq.merge(*tagged, key=lambda named: named[1].case_id)
    for case_id, group in groupby(merged, key=lambda named: named[1].case_id):
        found = defaultdict(list)
        for name, row in group:
            found[name].append(row)
        yield case_id, found


def case_rows(case_id: int, found: Found) -> CaseRows:
    """Return what the streams of HISTORY found of one case."""
    return CaseRows(
        case_id,
        case=next(iter(found["case"]), None),
        events=[_event(row) for row in found["events"]],
        tasks=found["tasks"],
        papers=found["papers"],
        returns=[(row.items, row.fields, row.codes, row.reason) for row in found["returns"]],
    )


def _tagged(
    session: Session, name: str, sql: str, values: Mapping[str, object]
) -> Iterator[tuple[str, Row[Any]]]:
    for row in session.execute(text(sql), values, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield name, row


def _event(row: Row[Any]) -> Event:
    columns = row._asdict()
    case_id = columns.pop("case_id")
    return Event(**columns | {"at": row.at or NEVER, "change_request_id": case_id})
