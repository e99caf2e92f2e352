"""`xueji worker`: does what falls due until told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeAlias

import click
from sqlalchemy.orm import Session

from webapp.commands.sessions import command_session
from webapp.database import PASSING, cause_of, is_in_the_way
from webapp.host.children import call_when_told
from webapp.services.exchange.sending import send_due
from webapp.services.notices.posting import post_due
from webapp.services.rounds import Days, do_round

PAUSE = 0.25  # seconds after a round that found nothing to do, or no database
LONGEST_LOCK = "2s"  # whoever holds a case for long keeps the worker from nothing else

Say: TypeAlias = Callable[..., None]

log = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Fire timers, carry out what was approved together, send notices, until told to stop; several share the work."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger("webapp.services.notices").setLevel(logging.INFO)  # the demo's text messages
    with command_session(LONGEST_LOCK) as session:
        told_to_stop = threading.Event()  # so that the batch under way is finished first
        call_when_told(told_to_stop.set, signal.SIGINT, signal.SIGTERM)
        work(session, told_to_stop)


def work(session: Session, told_to_stop: threading.Event) -> None:
    """Do round after round until told to stop; beside the rounds, in threads, what would keep a timer waiting.

    That is what a new day asks for, and what goes out to machines that may not answer. What fails in one ends them all.
    """
    loops: Sequence[tuple[Callable[[Session], int], Say]] = (
        (do_round, log.warning),
        (Days(), log.debug),  # of a database that is away one word is enough
        (send_due, log.debug),
        (post_due, log.debug),
    )
    with ThreadPoolExecutor(len(loops)) as threads:
        working = [threads.submit(_repeat, session, do, told_to_stop, say) for do, say in loops]
        wait(working, return_when=FIRST_COMPLETED)
        told_to_stop.set()
    for each in working:
        each.result()


def _repeat(workers: Session, do: Callable[[Session], int], told_to_stop: threading.Event, say: Say) -> None:
    """Do something again and again, in a session of its own.

    While the database is away, as during PostgreSQL's recovery after a crash, say so once and wait for it. Who was
    in somebody's way, and gave up a lock, tries again without a word.
    """
    away = False
    with Session(workers.get_bind(), info=workers.info) as session:
        while not told_to_stop.is_set():
            try:
                idle = not do(session)
            except PASSING as failed:
                session.invalidate()  # to roll back, it would need the connection
                idle = True
                if is_in_the_way(failed):
                    log.debug("Somebody else goes first. %s", failed)
                elif not away:
                    say("The database is away; waiting for it. %s", cause_of(failed))
                    away = True
            else:
                if away:
                    say("The database is back.")
                away = False
            if idle:
                time.sleep(PAUSE)  # short, so that being told to stop may wait for it
