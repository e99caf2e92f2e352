"""`xueji worker`: does what falls due until told to stop."""

import signal
import threading

import click

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.host.children import call_when_told
from webapp.services.rounds import begin_day, do_round

PAUSE = 1.0  # seconds after a round that found nothing to do


@click.command()
def worker() -> None:
    """Fire timers and send notices until told to stop; several workers share the work."""
    with command_session() as session:
        told_to_stop = threading.Event()  # so that the batch under way is finished first
        call_when_told(told_to_stop.set, signal.SIGINT, signal.SIGTERM)
        day = None
        while not told_to_stop.is_set():
            if day != clock.today():
                day = begin_day(session)
            if not do_round(session):
                told_to_stop.wait(PAUSE)
