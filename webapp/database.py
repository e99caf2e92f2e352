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


def name_of_connections() -> str:
    """Return under which name (pg_stat_activity) the database lists the connections of this process."""
    return f"xueji {os.getpid()}"


@contextmanager
def session_at(url: str, settings: Settings) -> Iterator[Session]:
    """A session outside any web request, for commands and the worker. The caller commits."""
    with engine_at(url) as engine, Session(engine, info={"settings": settings}) as session:
        yield session


@contextmanager
def engine_at(url: str) -> Iterator[Engine]:
    """Connections to the database at `url` outside any web request."""
    engine = create_engine(
        sqlalchemy_url(url),
        hide_parameters=True,  # an error must print nobody's data
        connect_args={"application_name": name_of_connections()},
    )
    try:
        yield engine
    finally:
        engine.dispose()
