"""What every installation needs before its first case: divisions and bureaus, the calendar, the processes."""

from sqlalchemy.orm import Session

from webapp.services.calendar.years import load_shipped_years
from webapp.services.offices.bureaus import load_divisions_and_bureaus
from webapp.services.processes.versions import publish_shipped


def seed(session: Session) -> None:
    """Load what ships with the application; repeating it changes nothing. The caller commits."""
    load_divisions_and_bureaus(session)
    load_shipped_years(session)
    publish_shipped(session)
