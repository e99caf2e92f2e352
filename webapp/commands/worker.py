"""`xueji worker`: does what falls due until told to stop."""

import logging
import signal
import threading
import time

import click
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.database import PASSING
from webapp.host.children import call_when_told
from webapp.services.rounds import begin_day, do_round

PAUSE = 0.25  # seconds after a round that found nothing to do, or no database

# One of two who waited for each other, or whose time to wait was over.
IN_THE_WAY = (DeadlockDetected, LockNotAvailable, SerializationFailure)

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Fire timers, carry out what was approved together, send notices, until told to stop; several share the work."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger("webapp.services.notices").setLevel(logging.INFO)  # the demo's text messages
    with command_session() as session:
        told_to_stop = threading.Event()  # so that the batch under way is finished first
        call_when_told(told_to_stop.set, signal.SIGINT, signal.SIGTERM)
        work(session, told_to_stop)


def work(session: Session, told_to_stop: threading.Event) -> None:
    """Do round after round until told to stop.

    While the database is away, as during PostgreSQL's recovery after a crash, say so once and wait for it. Who was
    in somebody's way, and gave up a lock, tries again without a word.
    """
    day, away = None, False
    while not told_to_stop.is_set():
        try:
            if day != clock.today():
                day = begin_day(session)
            idle = not do_round(session)
        except PASSING as failed:
            session.invalidate()  # to roll back, it would need the connection
            idle = True
            cause = failed.orig if isinstance(failed, OperationalError) else failed
            if isinstance(cause, IN_THE_WAY):
                log.debug("Somebody else goes first. %s", cause)
            elif not away:
                log.warning("The database is away; waiting for it. %s", cause)
                away = True
        else:
            if away:
                log.warning("The database is back.")
            away = False
        if idle:
            time.sleep(PAUSE)  # short, so that being told to stop may wait for it
