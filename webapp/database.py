"""The database as the application sees it: sessions by Flask-SQLAlchemy, migrations by Alembic."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask_sqlalchemy import SQLAlchemy
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Base
from webapp import clock
from webapp.config import Settings
from webapp.partitions import make_ahead

MIGRATIONS = Path(__file__).parent.parent / "models" / "migrations"

db = SQLAlchemy(model_class=Base)

# What another attempt need not meet again: a lock that somebody had, a connection that was cut.
PASSING = (psycopg.OperationalError, OperationalError)
# One of two who waited for each other, or whose time to wait was over.
IN_THE_WAY = (DeadlockDetected, LockNotAvailable, SerializationFailure)

# A request takes seconds, and a machine that is there answers at once; over a local socket only the first counts.
DEAD_AFTER = {
    "idle_in_transaction_session_timeout": "5min",
    "tcp_keepalives_idle": "30s",
    "tcp_keepalives_interval": "10s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "60s",
}


class UnknownSchemaError(Exception):
    """The database is of another release of Xueji: run that one, or name another database (XUEJI_DATABASE_URL)."""

    def __str__(self) -> str:
        return self.__doc__ or ""


def sqlalchemy_url(url: str) -> str:
    """A libpq URL (`postgresql://…`) as SQLAlchemy wants it, through psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema of the database at `url` up or down to `revision` (`base`: nothing at all).

    At `head` it also has the partitions that will soon be needed. Raises UnknownSchemaError.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", sqlalchemy_url(url).replace("%", "%%"))
    move = command.downgrade if revision == "base" else command.upgrade
    try:
        move(config, revision)
    except CommandError as unknown:
        raise UnknownSchemaError from unknown
    if revision == "head":
        with create_engine(sqlalchemy_url(url), poolclass=NullPool).begin() as connection:
            make_ahead(connection, clock.now())


def is_in_the_way(failed: Exception) -> bool:
    """Whether a statement failed because somebody else goes first: its lock was not granted in time."""
    return isinstance(cause_of(failed), IN_THE_WAY)


def cause_of(failed: Exception) -> BaseException | None:
    """Return what the database or the connection said, without the statement that it was said of."""
    return failed.orig if isinstance(failed, OperationalError) else failed


def name_of_connections() -> str:
    """Return under which name (pg_stat_activity) the database lists the connections of this process."""
    return f"xueji {os.getpid()}"


def connect_args(longest_lock: str | None = None) -> dict[str, str]:
    """Return what the database is told of every connection, also that none waits for a lock any longer than that.

    Of whoever is gone without a word, with a machine or its network, it soon gives the locks to others.
    """
    told = DEAD_AFTER if longest_lock is None else {**DEAD_AFTER, "lock_timeout": longest_lock}
    options = " ".join(f"-c {name}={value}" for name, value in told.items())
    return {"options": options, "application_name": name_of_connections()}


@contextmanager
def session_at(url: str, settings: Settings, longest_lock: str | None = None) -> Iterator[Session]:
    """A session outside any web request, for commands and the worker. The caller commits."""
    with engine_at(url, longest_lock) as engine, Session(engine, info={"settings": settings}) as session:
        yield session


@contextmanager
def engine_at(url: str, longest_lock: str | None = None) -> Iterator[Engine]:
    """Connections to the database at `url` outside any web request."""
    engine = create_engine(
        sqlalchemy_url(url),
        hide_parameters=True,  # an error must print nobody's data
        connect_args=connect_args(longest_lock),
    )
    try:
        yield engine
    finally:
        engine.dispose()
