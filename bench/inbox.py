"""The first page of the inbox, from the request to the HTML, among a million open tasks and among a thousand.

An officer whose bureau has its share of the tasks, and one whose bureau has one in a hundred of all, open it in turn
in two databases of one server. Of each task its post was told, and nobody has read it.
"""

import sys
from collections.abc import Mapping
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection
from sqlalchemy import event

from bench.cases import PASSWORD, Road, copies, make_roads, staff_bureaus
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, another_site, own_site
from models import ChangeRequest, Student, Task
from models.enums import NoticeKind, Role
from webapp.app import create_app
from webapp.database import db
from webapp.policy import Person
from webapp.services.cases.inbox import PAGE
from webapp.services.people.accounts import sign_in

FEW, MANY = 1_000, 1_000_000
FULL = 2 * PAGE  # tasks of a bureau whose officer has a full page


def measure(*, rounds: int = 40, seconds: float = 0.1, explain: bool = False) -> Figures:
    """Return milliseconds per page for both officers in both databases, and many tasks over few.

    With `explain` the plans of the busy officer's page are written to the error output.
    """
    with own_site() as many_site, another_site(many_site) as few_site:
        few, many = filled(few_site, FEW), filled(many_site, MANY)
        sides = {f"{name}_few": partial(milliseconds, browser) for name, browser in few.items()}
        sides |= {f"{name}_many": partial(milliseconds, browser) for name, browser in many.items()}
        times = in_turn(sides, rounds=rounds, seconds=seconds)
        if explain:
            explain_page(many["busy"])
    return merged(
        *(figure(f"{name}_ms", values) for name, values in times.items()),
        *(ratio(f"{name}_many_over_few", times[f"{name}_many"], times[f"{name}_few"]) for name in few),
    )


def filled(site: Site, tasks: int) -> dict[str, FlaskClient]:
    """Open so many tasks, each of a case of its own, and return the browsers of the two officers."""
    with site.session() as session:
        roads = make_roads(session, 2)
        officers = dict(zip(("ordinary", "busy"), map(_of_a_county, roads), strict=True))
        tokens = {
            name: sign_in(session, officer.login, PASSWORD, address="127.0.0.1")
            for name, officer in officers.items()
        }
    with site.superuser() as connection:
        staff_bureaus(connection)
        _open_tasks(connection, roads[0], tasks, officers)
        connection.execute("VACUUM ANALYZE")
    app = create_app(site.settings.model_copy(update={"database_url": site.url}))
    return {name: _browser(app, token) for name, token in tokens.items()}


def milliseconds(browser: FlaskClient, seconds: float) -> float:
    """Open the inbox again and again for so many seconds; return what it took, in the middle."""
    times: list[float] = []
    while sum(times) < seconds * 1000:
        begin = perf_counter()
        page = browser.get("/inbox")
        times.append((perf_counter() - begin) * 1000)
        assert page.text.count("row-link") == PAGE, "the page is not full"
    return median(times)


def explain_page(browser: FlaskClient) -> None:
    """Write the plans of what the page asks the database, as they were carried out, to the error output."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    with browser.application.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        browser.get("/inbox")
        event.remove(db.engine, "before_cursor_execute", note)
        with db.engine.connect() as connection:
            for statement, values in asked:
                plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values)
                print(statement, *(line for (line,) in plan), sep="\n", file=sys.stderr)


def _of_a_county(road: Road) -> Person:
    return next(officer for (_, role), officer in road.officers.items() if role == Role.HANDLER)


def _browser(app: Flask, token: str) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = token
    return browser


def _open_tasks(connection: Connection, road: Road, tasks: int, officers: Mapping[str, Person]) -> None:
    bureaus = {name: officer.posts[0].office_id for name, officer in officers.items()}
    every = tasks // max(FULL, tasks // 100)
    values = {**bureaus, "case": road.case_id, "tasks": tasks, "every": every, "number": tasks // FULL}
    connection.execute("SET session_replication_role = replica")  # what is copied has its references
    for statement in (_STUDENTS, _CASES, _TASKS, _NOTICES):
        connection.execute(statement, values)


_EACH = "generate_series(1, %(tasks)s) nth"
_ID = "10000000 + nth"  # far from the ids of whatever else there is

_STUDENTS = f"""
{copies(Student, _EACH, id=_ID)} WHERE original.id = (SELECT student_id FROM change_request WHERE id = %(case)s)
"""

_CASES = f"""
{copies(ChangeRequest, _EACH, id=_ID, student_id=_ID, number="'waiting-' || nth")} WHERE original.id = %(case)s
"""

# Scattered over so many bureaus, and over forty days of which fifteen are past.
_OFFICE = """
CASE WHEN nth %% %(every)s = 0 THEN %(busy)s ELSE bureaus.ids[1 + abs(hashint4(nth) %% cardinality(bureaus.ids))] END
"""
_BUREAUS = """
(SELECT array_agg(id) AS ids
   FROM (SELECT id FROM office WHERE kind = 'bureau' AND level = 'county'
          ORDER BY id <> %(ordinary)s, id LIMIT %(number)s) AS chosen) AS bureaus
"""
_TASK = {
    "change_request_id": _ID,
    "office_id": _OFFICE,
    "seat_office_id": _OFFICE,
    "role": f"'{Role.HANDLER}'",
    "seat_role": f"'{Role.HANDLER}'",
    "due_on": "original.due_on - 25 + abs(hashint4(-nth) %% 40)",
}
_TASKS = f"{copies(Task, f'{_EACH}, {_BUREAUS}', **_TASK)} WHERE original.change_request_id = %(case)s"

_NOTICES = f"""
INSERT INTO notice (outbox_id, kind, change_request_id, task_id, office_id, role, happened_at, created_at)
SELECT id, '{NoticeKind.ARRIVED}', change_request_id, id, office_id, role, opened_at, opened_at FROM task
 WHERE change_request_id > 10000000
"""
