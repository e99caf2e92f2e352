"""The worker goes on, whatever becomes of the database meanwhile; and what it does when a day begins."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, select
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
from webapp.services.rounds import begin_day

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
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [make_url(url).database],
        )
        yield
        server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def test_the_worker_waits_for_a_database_that_went_away_and_says_so_once(
    settings, open_session, postgres_url, monkeypatch, caplog
) -> None:
    caplog.set_level(logging.WARNING, logger=worker.__name__)
    with open_session() as session:
        a_bureau(session, "410000", [COUNTY])
        task = a_task(session, COUNTY, number="1", timer=clock.now() + timedelta(days=1))
        session.commit()
        message = Outbox(
            kind=NoticeKind.ARRIVED,
            change_request_id=task.change_request_id,
            task_id=task.id,
            created_at=OPENED,
        )
    with open_session() as session, working(session, monkeypatch) as thread:
        with no_database(postgres_url, settings.database_url):
            until(lambda: bool(caplog.records), thread)
            for _ in range(3):  # rounds without a database
                time.sleep(worker.PAUSE)
        with open_session() as another:
            another.add(message)
            another.commit()
            until(lambda: another.scalar(select(func.count()).select_from(Outbox)) == 0, thread)
    said = [record.getMessage() for record in caplog.records]
    assert [message[:26] for message in said] == ["The database is away; wait", "The database is back."]


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
