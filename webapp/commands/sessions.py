"""The database session of a command: with the settings, the clock, and the embedded server if nobody runs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from webapp import config
from webapp.database import migrate, session_at
from webapp.host.postgres import database


@contextmanager
def command_session() -> Iterator[Session]:
    """Start as every entry point does and give a session on a database of the present schema."""
    settings = config.start()
    with database(settings) as url:
        migrate(url)
        with session_at(url, settings) as session:
            yield session
