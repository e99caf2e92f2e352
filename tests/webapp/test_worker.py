"""The worker goes on, whatever becomes of the database meanwhile; and what it does when a day begins."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from models import Outbox, SignIn, Throttle
from models.enums import NoticeKind
from tests.webapp.case_tasks import OPENED, a_bureau, a_task, an_account
from webapp import clock
from webapp.commands import worker
from webapp.commands.worker import work
from webapp.config import Settings
from webapp.database import session_at
from webapp.services import rounds
from webapp.services.calendar.years import load_shipped_years, set_day
from webapp.services.context import connection_of
from webapp.services.rounds import Days, begin_day

pytestmark = pytest.mark.slow

COUNTY = 1


@pytest.fixture
def settings(
    new_database: Callable[..., str], settings_for: Callable[[str], Settings], tmp_path: Path
) -> Settings:
    return settings_for(new_database()).model_copy(update={"data_dir": tmp_path})


@pytest.fixture
def open_session(settings: Settings) -> Callable[[], object]:
    return lambda: session_at(settings.database_url, settings)


@contextmanager
def working(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Thread]:
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    told_to_stop = threading.Event()
    thread = threading.Thread(target=work, args=(session, told_to_stop))
    thread.start()
    try:
        yield thread
    finally:
        told_to_stop.set()
        thread.join()


def until(happens: Callable[[], bool], thread: threading.Thread) -> None:
    while not happens():
        assert thread.is_alive()
        time.sleep(0.01)


@contextmanager
def no_database(server_url: str, url: str) -> Iterator[None]:
    """Every connection to the database ends, and no new one is let in."""
    name = Identifier(make_url(url).database)
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",  # autovacuum, nobody may end
            [make_url(url).database],
        )
        yield
        server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def a_message(session: Session) -> Outbox:
    """Something to tell the holder of a task, which is not in the outbox yet."""
    a_bureau(session, "410000", [COUNTY])
    task = a_task(session, COUNTY, number="1", timer=clock.now() + timedelta(days=1))
    session.commit()
    return Outbox(
        kind=NoticeKind.ARRIVED,
        change_request_id=task.change_request_id,
        task_id=task.id,
        created_at=OPENED,
    )


def is_sent(session: Session, message: Outbox, thread: threading.Thread) -> None:
    session.add(message)
    session.commit()
    until(lambda: session.scalar(select(func.count()).select_from(Outbox)) == 0, thread)


def test_the_worker_waits_for_a_database_that_went_away_and_says_so_once(
    settings, open_session, postgres_url, monkeypatch, caplog
) -> None:
    caplog.set_level(logging.WARNING, logger=worker.__name__)
    with open_session() as session:
        message = a_message(session)
    with open_session() as session, working(session, monkeypatch) as thread:
        with no_database(postgres_url, settings.database_url):
            until(lambda: bool(caplog.records), thread)
            for _ in range(3):  # rounds without a database
                time.sleep(worker.PAUSE)
        with open_session() as another:
            is_sent(another, message, thread)
    said = [record.getMessage() for record in caplog.records]
    assert [message[:26] for message in said] == ["The database is away; wait", "The database is back."]


def test_a_connection_that_is_lost_beneath_the_session_is_waited_for_too(
    open_session, monkeypatch, caplog
) -> None:
    caplog.set_level(logging.WARNING, logger=worker.__name__)
    lost = threading.Event()
    do_round = worker.do_round

    def lose_the_connection(session: Session) -> int:
        if not lost.is_set():
            lost.set()
            connection_of(session).execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return do_round(session)

    monkeypatch.setattr(worker, "do_round", lose_the_connection)
    with open_session() as session:
        message = a_message(session)
    with open_session() as session, working(session, monkeypatch) as thread, open_session() as another:
        is_sent(another, message, thread)
    said = [record.getMessage() for record in caplog.records]
    assert [message[:26] for message in said] == ["The database is away; wait", "The database is back."]
    assert "SELECT" not in said[0], "the database's words, without the statement"


def test_what_has_expired_is_deleted_when_a_day_begins(open_session) -> None:
    now = clock.now()
    with open_session() as session:
        account = an_account(session, login="wang")
        for name, ends in {"over": now, "on": now + timedelta(minutes=5)}.items():
            session.add(
                SignIn(token_hash=name.encode(), account_id=account.id, created_at=OPENED, expires_at=ends)
            )
            session.add(Throttle(subject=name, failures=1, window_ends_at=ends))
        session.commit()
        begin_day(session)
        assert session.scalars(select(SignIn.token_hash)).all() == [b"on"]
        assert session.scalars(select(Throttle.subject)).all() == ["on"]


def test_a_day_whose_anchor_cannot_be_written_keeps_no_notice_waiting(
    settings, open_session, monkeypatch, caplog
) -> None:
    (settings.data_dir / "anchors").write_text("a file where the folder should be")
    with open_session() as session:
        message = a_message(session)
    with open_session() as session, working(session, monkeypatch) as thread, open_session() as another:
        is_sent(another, message, thread)
    assert [record.getMessage()[:44] for record in caplog.records] == [
        "The day's work was done but for the anchor: "
    ]


def test_what_fails_of_a_days_work_keeps_nothing_else_of_it_waiting(
    open_session, monkeypatch, caplog
) -> None:
    with open_session() as session:
        account = an_account(session, login="wang")
        session.add(
            SignIn(token_hash=b"over", account_id=account.id, created_at=OPENED, expires_at=clock.now())
        )
        session.commit()
        a_message(session)
        session.execute(text("ALTER TABLE guardianship RENAME TO gone"))
        session.commit()
        begin_day(session)
        assert session.scalars(select(SignIn.token_hash)).all() == []
    assert "but for the memberships" in caplog.text


def test_a_lock_that_another_holds_is_tried_again_without_a_word(open_session, monkeypatch, caplog) -> None:
    caplog.set_level(logging.INFO, logger=worker.__name__)
    tried = threading.Event()
    do_round = worker.do_round

    def meet_a_lock(session: Session) -> int:
        if tried.is_set():
            return do_round(session)
        tried.set()
        session.execute(text("SET LOCAL lock_timeout = '1ms'"))
        session.execute(text("LOCK TABLE timer IN ACCESS EXCLUSIVE MODE"))
        return 0

    monkeypatch.setattr(worker, "do_round", meet_a_lock)
    with open_session() as session:
        message = a_message(session)
    with open_session() as holder, open_session() as session, open_session() as another:
        holder.execute(text("LOCK TABLE timer IN ACCESS SHARE MODE"))
        with working(session, monkeypatch) as thread:
            is_sent(another, message, thread)
    assert tried.is_set()
    assert caplog.records == []


def test_neither_a_long_days_work_nor_a_machine_that_hangs_keeps_anything_waiting(
    open_session, monkeypatch
) -> None:
    begun, may_end = threading.Barrier(4), threading.Event()

    def hang(_session: Session) -> int:
        if not may_end.is_set():
            begun.wait(60)
            may_end.wait(60)
        return 0

    monkeypatch.setattr(worker, "Days", lambda: hang)
    monkeypatch.setattr(worker, "send_due", hang)
    monkeypatch.setattr(worker, "post_due", hang)
    with open_session() as session:
        message = a_message(session)
    with open_session() as session, working(session, monkeypatch) as thread, open_session() as another:
        begun.wait(60)
        is_sent(another, message, thread)
        may_end.set()


def test_what_nobody_foresaw_ends_the_worker(open_session, monkeypatch) -> None:
    def fail(_session: Session) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "post_due", fail)
    with open_session() as session, pytest.raises(ZeroDivisionError):
        work(session, threading.Event())


def test_a_calendar_that_was_edited_is_followed_once_and_at_once(open_session, monkeypatch) -> None:
    followed = []
    monkeypatch.setattr(rounds, "begin_day", lambda _: clock.today())
    monkeypatch.setattr(rounds, "follow_calendar", lambda _: followed.append(True))
    with open_session() as session:
        load_shipped_years(session)
        session.commit()
        days = Days()
        assert [days(session), days(session)] == [True, False]
        set_day(session, date(2026, 9, 3), working=False, name="纪念日")
        session.commit()
        assert [days(session), days(session)] == [True, False]
        assert followed == [True]
