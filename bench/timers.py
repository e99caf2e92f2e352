"""Timers: what a million of them in the future cost an approval, how many due at once drain, and how late they are.

Approvals take turns in two databases of one server. The worker is a process of its own, as `xueji worker` is one, while
an officer opens the first page of the inbox again and again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from statistics import quantiles
from time import perf_counter

from flask.testing import FlaskClient
from psycopg import Connection

from bench.approving import approve_for, prepared_roads, service
from bench.inbox import filled
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, another_site, own_site
from webapp import clock
from webapp.commands.worker import work
from webapp.config import Settings
from webapp.database import session_at

FUTURE = 1_000_000  # of tasks, and as many of cases
AT_ONCE = 100_000
BEFORE = timedelta(seconds=20)  # in which the inbox is as on any day
PER_SECOND, SECONDS = 50, 30

# Of tasks and cases that are not there, as nothing reads them before they are due.
_FUTURE_OF_TASKS = """
INSERT INTO timer
SELECT 1000000000 + nth, 'reminder', %s + (nth %% 40) * interval '1 day' FROM generate_series(1, %s) nth
"""
_FUTURE_OF_CASES = """
INSERT INTO case_timer
SELECT 1000000000 + nth, '', 'reminder', %s + (nth %% 60) * interval '1 day' FROM generate_series(1, %s) nth
"""
_FALL_DUE = """
INSERT INTO timer (task_id, kind, due_at)
SELECT id, %(kind)s, %(first)s + %(apart)s * row_number() OVER (ORDER BY hashint8(id)) FROM task
 WHERE state = 'open' ORDER BY hashint8(id) LIMIT %(number)s
    ON CONFLICT (task_id) DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at
RETURNING task_id, due_at
"""
_DUE = "SELECT EXISTS (SELECT FROM timer WHERE due_at <= %s)"
_UNTOLD = "SELECT EXISTS (SELECT FROM outbox)"
_TOLD_AT = "SELECT task_id, min(created_at) FROM notice WHERE kind = 'reminder' AND created_at >= %s GROUP BY task_id"


def measure(*, rounds: int = 50, seconds: float = 0.1) -> Figures:
    """Return approvals per second with and without timers in the future, the drain, and the lateness."""
    return merged(_approvals(rounds=rounds, seconds=seconds), _worked_off())


def _approvals(*, rounds: int, seconds: float) -> Figures:
    with own_site() as none, another_site(none) as future:
        _plant_future(future)
        with prepared_roads(none, 1) as (one, _), prepared_roads(future, 1) as (other, _):
            sides = {
                "without": partial(approve_for, none, one[0], service(none)),
                "future": partial(approve_for, future, other[0], service(future)),
            }
            turns = in_turn(sides, rounds=rounds, seconds=seconds)
    paces = {name: [turn.on_the_way.per_second for turn in taken] for name, taken in turns.items()}
    return merged(
        *(figure(f"approvals_{name}_per_s", pace) for name, pace in paces.items()),
        ratio("approvals_future_over_without", paces["future"], paces["without"]),
    )


def _plant_future(site: Site) -> None:
    with site.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        for planted in (_FUTURE_OF_TASKS, _FUTURE_OF_CASES):
            connection.execute(planted, [clock.now() + timedelta(days=1), FUTURE])


def _worked_off() -> Figures:
    with own_site() as site:
        browser = filled(site, AT_ONCE)["ordinary"]
        with _worker(site), site.connection() as connection:
            drained = _drained(connection, browser)
            return merged(drained, _lateness(connection, browser))


def _drained(connection: Connection, browser: FlaskClient) -> Figures:
    """Let as many timers fall due at once; each tells four who serve somewhere, and nobody's letters are written."""
    due = clock.now() + BEFORE
    _fall_due(connection, "overdue", AT_ONCE, first=due)
    connection.execute("VACUUM ANALYZE timer")
    before = _open_pages(browser, lambda: clock.now() < due)
    during = _open_pages(browser, lambda: _is_true(connection, _DUE, due))
    fired = clock.now()
    during += _open_pages(browser, lambda: _is_true(connection, _UNTOLD))
    told = clock.now()
    return {
        "drained_per_s": AT_ONCE / (fired - due).total_seconds(),
        "told_per_s": AT_ONCE / (told - due).total_seconds(),
        "inbox_before_p95_ms": _percentile(before, 95),
        "inbox_during_p95_ms": _percentile(during, 95),
        "inbox_during_over_before": _percentile(during, 95) / _percentile(before, 95),
    }


def _lateness(connection: Connection, browser: FlaskClient) -> Figures:
    """Let some timers fall due in every second; how late somebody is told that it is so."""
    first = clock.now() + timedelta(seconds=2)
    apart = timedelta(seconds=1 / PER_SECOND)
    due = _fall_due(connection, "reminder", PER_SECOND * SECONDS, first=first, apart=apart)
    last = max(due.values())
    _open_pages(browser, lambda: clock.now() < last or _is_true(connection, _DUE, last))
    _open_pages(browser, lambda: _is_true(connection, _UNTOLD))
    told = dict(connection.execute(_TOLD_AT, [first]).fetchall())
    late = [(told[task_id] - at).total_seconds() for task_id, at in due.items()]
    return {"late_p50_s": _percentile(late, 50), "late_p99_s": _percentile(late, 99), "late_max_s": max(late)}


def _fall_due(
    connection: Connection, kind: str, number: int, *, first: datetime, apart: timedelta = timedelta(0)
) -> dict[int, datetime]:
    planted = {"kind": kind, "number": number, "first": first, "apart": apart}
    return dict(connection.execute(_FALL_DUE, planted).fetchall())


def _open_pages(browser: FlaskClient, goes_on: Callable[[], bool]) -> list[float]:
    """Open the inbox again and again; return the milliseconds of each time."""
    times = []
    while goes_on():
        begin = perf_counter()
        page = browser.get("/inbox")
        times.append((perf_counter() - begin) * 1000)
        assert "row-link" in page.text, "the page is empty"
    return times


def _is_true(connection: Connection, question: str, *values: object) -> bool:
    row = connection.execute(question, values).fetchone()
    return bool(row and row[0])


def _percentile(values: list[float], which: int) -> float:
    return quantiles(values, n=100)[which - 1]


@contextmanager
def _worker(site: Site) -> Iterator[None]:
    """Run a worker at our time, once it has done what a day begins with."""
    spawned = get_context("spawn")
    told_to_stop = spawned.Event()
    begun = (clock.now(), clock.machine_now())
    process = spawned.Process(target=_work, args=(site.url, site.settings, begun, told_to_stop))
    process.start()
    try:
        while not [*(site.settings.data_dir / "anchors").glob("*")]:
            assert process.is_alive(), "the worker ended"
            time.sleep(0.1)
        yield
    finally:
        told_to_stop.set()
        process.join()


def _work(url: str, settings: Settings, begun: tuple[datetime, datetime], told_to_stop: Event) -> None:
    clock.run_from(begun[0], since=begun[1])
    with session_at(url, settings) as session:
        work(session, told_to_stop)
