"""Sessions on the database of a test run, which leave it as they found it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import NullPool, create_engine, delete
from sqlalchemy.orm import Session

from models import Base
from webapp.database import sqlalchemy_url


@contextmanager
def a_session(url: str) -> Iterator[Session]:
    """A session on the database at a URL; what is not committed does not stay."""
    with Session(create_engine(sqlalchemy_url(url), poolclass=NullPool)) as session:
        yield session


@contextmanager
def several_sessions(url: str, *filled: type[Base], **info: object) -> Iterator[Callable[[], Session]]:
    """Makes sessions on connections of their own; the tables that they filled are empty again afterwards."""
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    with ExitStack() as opened:
        yield lambda: opened.enter_context(Session(engine, info=info))
    with Session(engine) as session:
        for table in filled:
            session.execute(delete(table))
        session.commit()
