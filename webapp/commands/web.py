"""`xueji web`: the web server, granian, with the application in each of its processes."""

import os
import signal
from functools import partial

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from webapp import config
from webapp.app import create_app
from webapp.host.children import end_with_parent
from webapp.host.postgres import database

PATIENCE = 20  # seconds that requests under way may take once told to stop


@click.command()
def web() -> None:
    """Serve the pages until told to stop, with as many processes and threads as the settings say."""
    settings = config.start()
    with database(settings) as url:
        server = Granian(
            "webapp",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.web_processes,
            blocking_threads=settings.web_threads,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=PATIENCE,
            log_level=LogLevels.warning,
        )
        let_forks_be_ended()
        server.serve(target_loader=partial(app_of_process, url, os.getpid()), wrap_loader=False)


def app_of_process(url: str, server: int) -> Flask:
    """Return the application, with the database at `url`, for one of the processes of the process `server`.

    They are forked from it with everything imported, which takes a hundred times as long as this.
    """
    # A Ctrl-C reaches the server too, which then stops its processes; granian's hang if they are told twice.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    end_with_parent(server)
    return create_app(config.start().model_copy(update={"database_url": url}))


def let_forks_be_ended() -> None:
    """Have a process that is forked from now on end at a SIGTERM from its first moment.

    It inherits granian's handlers, which would swallow the signal until granian has set up its own there.
    """
    to_stop = {signal.SIGINT, signal.SIGTERM}

    def in_child() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, to_stop),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, to_stop),
        after_in_child=in_child,
    )
