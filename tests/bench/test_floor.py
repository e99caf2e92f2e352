"""The floor of the approvals is an honest one: it writes what the service writes. And how often the service waits."""

import tempfile
from collections import Counter
from itertools import islice, pairwise

import pytest
from psycopg.pq import Trace

from bench.approving import approve_to_the_end, prepared_roads, service
from bench.cases import copy_case, waiting_tasks
from bench.site import site_at
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.scenarios.scratch import scratch_settings
from webapp.services.context import connection_of

pytestmark = pytest.mark.slow

TURNS = 4
MOST_TURNS = 20
TRANSFERS = 12  # in a turn
ROWS = """
SELECT coalesce(pg_partition_root(relid), relid)::regclass::text,
       sum(n_tup_ins)::int, sum(n_tup_upd)::int, sum(n_tup_del)::int
  FROM pg_stat_user_tables GROUP BY 1
"""
WAL = "SELECT wal_bytes::int, wal_fpi::int FROM pg_stat_get_backend_wal(%s)"


@pytest.fixture(scope="module")
def road(new_database, tmp_path_factory):
    """A site, a road on it, and its floor."""
    settings = scratch_settings(tmp_path_factory.mktemp("floor"))
    with (
        clock.freeze(DEMO_BEGINS),
        site_at(new_database(), settings) as site,
        prepared_roads(site, 1, waiting=100) as ((road,), floor),
    ):
        yield site, road, floor


@pytest.fixture(scope="module")
def written(road):
    """What transfers with all their approvals write: rows by table and kind, and bytes of WAL; by either side.

    They take turns, for what the server writes besides (pages that split, rows that it clears away) comes by the way.
    A turn in which it wrote whole pages does not count: it does so after a checkpoint, whosoever's turn it is.
    """
    site, road, floor = road
    sides = {"service": (service(site), service_connection(site)), "floor": (floor.approve, floor.connection)}
    tried = ({name: writing(site, road, *side) for name, side in sides.items()} for _ in range(MOST_TURNS))
    turns = list(islice((turn for turn in tried if not any(pages for *_, pages in turn.values())), TURNS))
    assert len(turns) == TURNS
    return {
        name: (sum((turn[name][0] for turn in turns), Counter()), sum(turn[name][1] for turn in turns))
        for name in sides
    }


def service_connection(site):
    """The one connection that all approvals by the service use, for it goes back to the pool after each."""
    with site.session() as session:
        return connection_of(session)


def writing(site, road, approve, connection):
    rows, wal, pages = so_far(site, connection)
    approve_to_the_end(site, road, TRANSFERS, approve)
    rows_then, wal_then, pages_then = so_far(site, connection)
    return rows_then - rows, wal_then - wal, pages_then - pages


def so_far(site, connection):
    """The rows written in the database; the bytes of WAL that this connection's server process wrote, and the pages."""
    connection.execute("SELECT pg_stat_force_next_flush()")
    connection.commit()
    with site.connection() as other:
        tables = other.execute(ROWS).fetchall()
        wal, pages = other.execute(WAL, [connection.info.backend_pid]).fetchone()
    kinds = ("inserted", "updated", "deleted")
    rows = {(table, kind): n for table, *counts in tables for kind, n in zip(kinds, counts, strict=True)}
    return Counter(rows), wal, pages


def round_trips(connection, work):
    """How often the client sent something and then waited for the server, as its library traces the messages."""
    with tempfile.TemporaryFile("w+") as trace:
        connection.pgconn.trace(trace.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        work()
        connection.pgconn.untrace()
        trace.seek(0)
        senders = [line[0] for line in trace]
    return sum(pair == ("F", "B") for pair in pairwise(senders))


def test_the_floor_writes_the_rows_that_the_service_writes(written):
    assert written["service"][0][("case_event", "inserted")] > 6 * TURNS * TRANSFERS
    assert written["floor"][0] == written["service"][0]


def test_the_floor_writes_as_much_wal_as_the_service(written):
    """Of the same rows; but where a row finds room on its page, and when the server clears up there, is chance."""
    assert written["floor"][1] == pytest.approx(written["service"][1], rel=0.1)


def test_an_approval_waits_for_the_database_four_times(road):
    """To begin, to read under the lock, to write, to commit; the last one also for what it does to the record."""
    site, road, _ = road
    approve, connection = service(site), service_connection(site)
    with site.connection() as other:
        case = copy_case(other, road, 1)
        waits = []
        while waiting := waiting_tasks(other, road, case):
            waits.append(round_trips(connection, lambda task=waiting[0]: approve(task)))
    assert waits == [4, 4, 4, 4, 4, 5]
