"""The database session of a command: with the settings, the clock, and the embedded server if nobody runs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from webapp import config
from webapp.database import migrate, session_at
from webapp.host.postgres import database


@contextmanager
def command_session(longest_lock: str | None = None) -> Iterator[Session]:
    """Start as every entry point does and give a session on a database of the present schema.

    It waits for a lock no longer than that, if it is given.
    """
    settings = config.start()
    with database(settings) as url:
        migrate(url)
        with session_at(url, settings, longest_lock) as session:
            yield session
