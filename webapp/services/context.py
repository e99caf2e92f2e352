"""What every use case needs beside its session: the settings, carried by the session itself."""

from typing import cast

from sqlalchemy.orm import Session

from webapp.config import Settings


def settings_of(session: Session) -> Settings:
    """Return the settings that the session was made with."""
    return cast(Settings, session.info["settings"])
