"""When two are at work at once: the moment in which one waits for the other."""

import time
from concurrent.futures import Future

from sqlalchemy import text
from sqlalchemy.orm import Session

# Not pg_stat_activity, which a transaction reads once only.
SOMEBODY_WAITS = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")


def until_one_waits(session: Session, work: Future[object]) -> None:
    """Return once somebody waits for a lock, or the work is done without having waited."""
    while not (work.done() or session.scalar(SOMEBODY_WAITS)):
        time.sleep(0.01)
