"""`xueji worker`: does what falls due until told to stop."""

import os
import select
import signal
from collections.abc import Callable

import click

from webapp import clock
from webapp.commands.sessions import command_session
from webapp.services.rounds import begin_day, do_round

PAUSE = 1.0  # seconds after a round that found nothing to do


@click.command()
def worker() -> None:
    """Fire timers and send notices until told to stop; several workers share the work."""
    told_to_stop = _stop_signal()
    with command_session() as session:
        day, pause = None, 0.0
        while not told_to_stop(pause):
            if day != clock.today():
                day = begin_day(session)
            pause = 0.0 if do_round(session) else PAUSE


def _stop_signal() -> Callable[[float], bool]:
    """Return what waits for so many seconds to be told to stop, so that the batch under way is finished first.

    A signal's handler may write to a pipe at any time; setting an event that is being waited for would lock up.
    """
    told, tell = os.pipe()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: os.write(tell, b"!"))
    return lambda seconds: bool(select.select([told], [], [], seconds)[0])
