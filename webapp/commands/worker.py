"""`xueji worker`: does what falls due until told to stop."""

import logging
import signal
import threading

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.host.children import call_when_told
from webapp.services.rounds import begin_day, do_round

PAUSE = 1.0  # seconds after a round that found nothing to do, or no database

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Fire timers and send notices until told to stop; several workers share the work."""
    with command_session() as session:
        told_to_stop = threading.Event()  # so that the batch under way is finished first
        call_when_told(told_to_stop.set, signal.SIGINT, signal.SIGTERM)
        work(session, told_to_stop)


def work(session: Session, told_to_stop: threading.Event) -> None:
    """Do round after round until told to stop.

    While the database is away, as during PostgreSQL's recovery after a crash, say so once and wait for it.
    """
    day, away = None, False
    while not told_to_stop.is_set():
        try:
            if day != clock.today():
                day = begin_day(session)
            idle = not do_round(session)
        except OperationalError as lost:
            session.rollback()
            if not away:
                log.warning("The database is away; waiting for it. %s", lost.orig)
            away = idle = True
        else:
            if away:
                log.warning("The database is back.")
            away = False
        if idle:
            told_to_stop.wait(PAUSE)
