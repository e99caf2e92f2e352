"""What every use case needs of its session: the settings it carries, and the connection beneath it."""

from collections.abc import Mapping
from typing import cast

from psycopg import Connection
from sqlalchemy.orm import Session

from webapp.config import Settings

Statement = tuple[str, Mapping[str, object]]  # SQL and its values


def settings_of(session: Session) -> Settings:
    """Return the settings that the session was made with."""
    return cast(Settings, session.info["settings"])


def connection_of(session: Session) -> Connection:
    """Return the psycopg connection of the session's transaction."""
    return cast(Connection, session.connection().connection.driver_connection)
