"""The tables that grow for ever: a place for every row, made in time, and append-only in every part."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from psycopg.errors import RestrictViolation
from sqlalchemy import Connection, NullPool, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from models import Base
from webapp import clock
from webapp.database import migrate, sqlalchemy_url
from webapp.partitions import BLOCK, make_ahead

ADD = {
    "case_event": """
        INSERT INTO case_event (change_request_id, seq, kind, at, payload, mac)
        VALUES (:place, 1, 'opened', now(), '{}', '')
    """,
    "access_log": "INSERT INTO access_log (at, account_id, what) VALUES (:place, 1, 'record')",
    "notice": """
        INSERT INTO notice (outbox_id, kind, change_request_id, account_id, created_at)
        VALUES (1, 'submitted', 1, 1, :place)
    """,
    "change_request": """
        INSERT INTO change_request (id, kind, state, student_id, applicant_id, from_school_id, form, facts, seats,
                                    version, event_count, last_mac, record_version, saved_at)
        VALUES (:place, 'transfer', 'draft', :place, 1, 1, '{}', '{}', '{}', 1, 0, '', 1, now())
    """,
}
APPEND_ONLY = ("case_event", "access_log")
LATE, AFTER_ALL = "2027-06-15T10:00+08:00", "2031-01-01T00:00+08:00"


def moment(of: str) -> datetime:
    return datetime.fromisoformat(f"{of}T09:00+08:00")


@pytest.fixture(scope="module")
def url(new_database: Callable[..., str]) -> str:
    """A database that was made on the last day of November 2026."""
    url = new_database("template1")
    with clock.freeze(moment("2026-11-30")):
        migrate(url)
    return url


@pytest.fixture
def database(url: str) -> Iterator[Connection]:
    """It as whoever rules it sees it, foreign keys asleep: no people are needed. What a test does is undone."""
    engine = create_engine(sqlalchemy_url(url.replace("//xueji@", "//postgres@")), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def parts(database: Connection, table: str) -> list[str]:
    statement = "SELECT relid::regclass::text FROM pg_partition_tree(:table) WHERE isleaf ORDER BY 1"
    names = database.scalars(text(statement), {"table": table})
    return [name.removeprefix(f"{table}_") for name in names]


def add(database: Connection, table: str, place: object) -> None:
    database.execute(text(ADD[table]), {"place": place})


def parts_with_rows(database: Connection, table: str) -> list[str]:
    names = database.scalars(text(f"SELECT tableoid::regclass::text FROM {table} ORDER BY 1"))
    return [name.removeprefix(f"{table}_") for name in names]


def test_every_table_that_is_declared_in_parts_has_them_ahead_and_one_for_the_rest(
    database: Connection,
) -> None:
    declared = [
        table.name
        for table in Base.metadata.tables.values()
        if table.dialect_options["postgresql"]["partition_by"]
    ]
    assert {name: parts(database, name) for name in declared} == {
        "access_log": ["2026_11", "2026_12", "2027_01", "2027_02", "default"],
        "case_event": ["0000", "0001", "default"],
        "notice": ["2026", "2027", "default"],
    }


@pytest.mark.parametrize(
    ("table", "place", "part"),
    [
        ("access_log", "2026-11-30T23:59:59+08:00", "2026_11"),
        ("access_log", "2026-12-01T00:00:00+08:00", "2026_12"),
        ("access_log", "2019-01-01T00:00:00+08:00", "2026_11"),
        ("access_log", LATE, "default"),
        ("notice", "2026-12-31T23:59:59+08:00", "2026"),
        ("notice", "2027-01-01T00:00:00+08:00", "2027"),
        ("notice", AFTER_ALL, "default"),
        ("case_event", 1, "0000"),
        ("case_event", BLOCK - 1, "0000"),
        ("case_event", BLOCK, "0001"),
        ("case_event", 2 * BLOCK, "default"),
    ],
)
def test_every_row_has_its_place_by_the_days_of_china(
    database: Connection, table: str, place: object, part: str
) -> None:
    add(database, table, place)
    assert parts_with_rows(database, table) == [part]


def test_a_new_day_makes_what_will_soon_be_needed_once(database: Connection) -> None:
    for _ in range(2):
        make_ahead(database, moment("2026-12-01"))
        assert parts(database, "access_log") == [
            "2026_11", "2026_12", "2027_01", "2027_02", "2027_03", "default"
        ]  # fmt: skip
    assert parts(database, "notice") == ["2026", "2027", "default"]


def test_a_clock_that_is_set_back_makes_nothing(database: Connection) -> None:
    before = parts(database, "access_log")
    make_ahead(database, moment("2026-01-01"))
    assert parts(database, "access_log") == before


def test_the_first_case_of_a_block_makes_the_block_after_it(database: Connection) -> None:
    add(database, "change_request", BLOCK - 1)
    make_ahead(database, moment("2026-11-30"))
    assert parts(database, "case_event") == ["0000", "0001", "default"]
    add(database, "change_request", BLOCK)
    make_ahead(database, moment("2026-11-30"))
    assert parts(database, "case_event") == ["0000", "0001", "0002", "default"]


@pytest.mark.parametrize(
    ("table", "places"),
    [("access_log", ["2026_11", "2028_06", "default"]), ("notice", ["2026", "2028", "default"])],
)
def test_rows_that_came_before_their_partition_are_moved_into_it(
    database: Connection, table: str, places: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for place in ("2026-11-30T10:00+08:00", "2028-06-15T10:00+08:00", AFTER_ALL):
        add(database, table, place)
    written = database.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()
    assert parts_with_rows(database, table)[1:] == ["default", "default"]
    make_ahead(database, moment("2028-06-15"))
    assert parts_with_rows(database, table) == places
    assert database.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all() == written
    assert f"{table}_default holds rows" in caplog.text


def test_a_history_that_came_before_its_block_is_moved_into_it(database: Connection) -> None:
    add(database, "change_request", 7 * BLOCK)
    add(database, "case_event", 7 * BLOCK)
    assert parts_with_rows(database, "case_event") == ["default"]
    make_ahead(database, moment("2026-11-30"))
    assert parts_with_rows(database, "case_event") == ["0007"]


@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_part_of_an_append_only_table_can_be_changed(
    database: Connection, table: str, change: str
) -> None:
    places = (1, BLOCK, 7 * BLOCK, 20 * BLOCK) if table == "case_event" else ("2026-11-01", LATE, AFTER_ALL)
    for place in places:
        add(database, table, place)
    add(database, "change_request", 7 * BLOCK)
    make_ahead(database, moment("2027-06-15"))
    assert len(set(parts_with_rows(database, table))) == len(places)
    database.execute(text("SET LOCAL session_replication_role = origin"))
    parts_written = {f"{table}_{part}" for part in parts_with_rows(database, table)}
    parts_empty = {f"{table}_{part}" for part in parts(database, table)} - parts_written
    for name in {table} | parts_written | (parts_empty if "TRUNCATE" in change else set()):
        with pytest.raises(IntegrityError) as refused, database.begin_nested():
            database.execute(text(change.format(name)))
        assert isinstance(refused.value.orig, RestrictViolation)


def test_a_row_beyond_all_parts_is_warned_of_as_long_as_it_is_there(
    database: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    add(database, "access_log", AFTER_ALL)
    make_ahead(database, moment("2026-11-30"))
    assert "access_log_default holds rows" in caplog.text
    assert parts_with_rows(database, "access_log") == ["default"]


def test_a_row_that_comes_while_partitions_are_made_keeps_its_place(new_database: Callable[..., str]) -> None:
    url = new_database()
    asleep = "-c session_replication_role=replica"
    engine = create_engine(
        sqlalchemy_url(url.replace("//xueji@", "//postgres@")),
        poolclass=NullPool,
        connect_args={"options": asleep},
    )

    def come_in_between(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "LOCK TABLE" in statement and "access_log" in statement:
            add(other, "access_log", "2031-02-03T10:00+08:00")
            other.commit()

    with engine.connect() as other, engine.connect() as making:
        event.listen(making, "before_cursor_execute", come_in_between)
        make_ahead(making, moment("2031-01-01"))
        making.commit()
        assert parts_with_rows(making, "access_log") == ["2031_02"]


def test_whoever_is_at_work_is_not_waited_for(
    url: str, database: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    before = parts(database, "access_log")
    with create_engine(sqlalchemy_url(url), poolclass=NullPool).connect() as at_work:
        at_work.execute(text("UPDATE task SET vacant = vacant"))
        make_ahead(database, moment("2027-01-01"))
    assert parts(database, "access_log") == before
    assert "access_log is in use" in caplog.text
    make_ahead(database, moment("2027-01-01"))
    assert parts(database, "access_log") != before


def test_several_workers_make_a_partition_once(new_database: Callable[..., str]) -> None:
    engine = create_engine(sqlalchemy_url(new_database()), poolclass=NullPool)

    def begin_day(_: int) -> None:
        with engine.begin() as connection:
            make_ahead(connection, moment("2031-01-01"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin_day, range(4)))
    with engine.connect() as connection:
        assert "2031_01" in parts(connection, "access_log")
