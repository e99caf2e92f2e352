"""What every installation needs before its first case: divisions and bureaus, the calendar, the processes."""

from sqlalchemy.orm import Session

from webapp.services.bureaus import load_divisions_and_bureaus
from webapp.services.calendar_years import load_shipped_years
from webapp.services.processes import publish_shipped


def seed(session: Session) -> None:
    """Load what ships with the application; repeating it changes nothing. The caller commits."""
    load_divisions_and_bureaus(session)
    load_shipped_years(session)
    publish_shipped(session)
