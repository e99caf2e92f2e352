"""Sessions that may commit as often as they like, and of which nothing stays."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.webapp.kept_plans import keep_plans


@contextmanager
def passing(session: Session) -> Iterator[Session]:
    """Another session on the same database, with the same settings; its commits are savepoints of what is undone."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    keep_plans(engine)
    with engine.connect() as connection, connection.begin() as all_of_it:
        with Session(connection, join_transaction_mode="create_savepoint", info=session.info) as own:
            yield own
        all_of_it.rollback()
