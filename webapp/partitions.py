"""Partitions (分区) of the tables that grow for ever, made ahead of need.

Beside them each table has a DEFAULT partition, so that a row is never refused; once it is needed, something is late.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from webapp import clock

MONTHS_AHEAD = 3
YEARS_AHEAD = 1
BLOCK = 1_000_000  # cases whose histories lie together
BLOCKS_AHEAD = 1
APPEND_ONLY = ("case_event", "access_log")

log = logging.getLogger(__name__)

_NEWEST_CASE = text("SELECT coalesce(max(id), 0) FROM change_request")
_PRESENT = text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:table)")

# What a partition's foreign keys refer to is locked first and in the order of a decision's writes, then the table
# itself, so that no row comes to its default partition while we look at it. Should one that is
# under way wait for us all the same, we give up sooner than the server would end either as a deadlock.
_LOCKS = """
    SET LOCAL lock_timeout = '100ms';
    LOCK TABLE task, change_request, student, account, office IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE
"""
_PUT_ASIDE = """
    ALTER TABLE {table} DETACH PARTITION {table}_default;
    ALTER TABLE {table}_default RENAME TO {table}_strays
"""
_TAKE_IN = "INSERT INTO {table} SELECT * FROM {table}_strays; DROP TABLE {table}_strays"


class Span(NamedTuple):
    """What one partition holds: the end of its name, and its bounds in SQL, the upper one excluded."""

    name: str
    lower: str
    upper: str


def make_ahead(connection: Connection, now: datetime) -> None:
    """Make the partitions that will soon be needed, where there are none; the caller commits.

    Whoever is at work goes first: if a table is in use for long, its partitions are made another day.
    """
    newest_case = connection.execute(_NEWEST_CASE).scalar_one()
    needed = {"case_event": _blocks(newest_case), "access_log": _months(now), "notice": _years(now)}
    for table, spans in needed.items():
        try:
            with connection.begin_nested():
                _make(connection, table, spans)
        except OperationalError as refused:
            if not isinstance(refused.orig, LockNotAvailable):
                raise
            log.warning("%s is in use: its next partitions are made another day", table)


def _blocks(newest_case: int) -> list[Span]:
    first = newest_case // BLOCK
    return [
        Span(f"{block:04}", str(block * BLOCK), str((block + 1) * BLOCK))
        for block in range(first, first + BLOCKS_AHEAD + 1)
    ]


def _months(now: datetime) -> list[Span]:
    return _periods(clock.day_of(now).replace(day=1), relativedelta(months=1), MONTHS_AHEAD, "%Y_%m")


def _years(now: datetime) -> list[Span]:
    return _periods(clock.day_of(now).replace(month=1, day=1), relativedelta(years=1), YEARS_AHEAD, "%Y")


def _periods(first: date, period: relativedelta, ahead: int, name: str) -> list[Span]:
    days = [first + period * number for number in range(ahead + 2)]
    midnights = [datetime.combine(day, time(), clock.SHANGHAI).isoformat() for day in days]
    return [
        Span(f"{day:{name}}", f"'{begin}'", f"'{end}'")
        for day, (begin, end) in zip(days, pairwise(midnights), strict=False)
    ]


def _make(connection: Connection, table: str, spans: Sequence[Span]) -> None:
    """Make what is missing of `spans`; a table's first partition holds all that came before it too."""
    run = connection.exec_driver_sql
    present = set(connection.scalars(_PRESENT, {"table": table}))
    if not present:
        spans = [spans[0]._replace(lower="MINVALUE"), *spans[1:]]
    oldest = min(present, default="")
    missing = [span for span in spans if oldest < f"{table}_{span.name}" not in present]
    if missing:
        run(_LOCKS.format(table=table))
    strays = present and run(f"SELECT EXISTS (SELECT FROM {table}_default)").scalar_one()  # noqa: S608
    if strays:
        log.warning("%s_default holds rows: the worker did not run for long, or the clock was wrong", table)
    if not missing:
        return
    if strays:
        run(_PUT_ASIDE.format(table=table))
    for span in missing:
        _create(connection, table, span.name, f"FOR VALUES FROM ({span.lower}) TO ({span.upper})")
    if strays or not present:
        _create(connection, table, "default", "DEFAULT")
    if strays:
        run(_TAKE_IN.format(table=table))


def _create(connection: Connection, table: str, name: str, bounds: str) -> None:
    """Make one partition, unless another worker made it while we waited for the locks."""
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {table}_{name} PARTITION OF {table} {bounds}")
    if table in APPEND_ONLY:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}_{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()"
        )
