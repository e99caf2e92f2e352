"""Is the audit trail whole? Every history against itself, its case and the anchors, in one pass over the database."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import CaseState
from webapp.services.audit.anchors import check_anchors
from webapp.services.audit.case_check import CaseRows, check_case
from webapp.services.audit.findings import Fault, Finding
from webapp.services.audit.reading import HISTORY, by_case, case_rows
from webapp.services.audit.replay import replay_differences
from webapp.services.processes.versions import ProcessAltered, altered_versions, definition_of

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
    cases = (case_rows(*found) for found in by_case(session, HISTORY))
    broken = (finding for rows in cases for finding in check_case(key, rows) or _replayed(session, rows))
    return [
        *broken,
        *missing_numbers(session),
        *altered_processes(session),
        *check_anchors(session, key, anchors),
    ]


def missing_numbers(session: Session) -> Iterator[Finding]:
    """Yield which numbers of a series no case has, though the series has counted on."""
    for series, first, last in session.execute(_GAPS):
        what = f"no case has the number {first:05d}" + (f" to {last:05d}" if last > first else "")
        yield Finding(Fault.NUMBER_MISSING, series, what)


def altered_processes(session: Session) -> Iterator[Finding]:
    """Yield which versions of processes are not as they were published."""
    for version in altered_versions(session):
        where = f"process {version.process}, version {version.number}"
        yield Finding(Fault.PROCESS_ALTERED, where, "its files are not those that were published")


def _replayed(session: Session, rows: CaseRows) -> Iterator[Finding]:
    case = rows.case
    if case is not None and case.state != CaseState.DRAFT:
        try:
            definition = definition_of(session, case.process_version_id, case.process)
        except ProcessAltered as altered:
            yield Finding(Fault.PROCESS_ALTERED, rows.name, f"its process: {altered.facts['why']}")
        else:
            yield from replay_differences(definition, rows)
