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
from webapp.host.children import call_when_told, end_with_parent
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
        # Processes would inherit granian's own handler, and with it swallow a signal while they are set up.
        call_when_told(server.signal_handler_interrupt, signal.SIGINT, signal.SIGTERM)
        server.serve(target_loader=partial(app_of_process, url, os.getpid()), wrap_loader=False)


def app_of_process(url: str, server: int) -> Flask:
    """Return the application, with the database at `url`, for one of the processes of the process `server`.

    They are forked from it with everything imported, which takes a hundred times as long as this.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    call_when_told(stop_process, signal.SIGTERM)
    end_with_parent(server)
    return create_app(config.start().model_copy(update={"database_url": url}))


def stop_process() -> None:
    """Let this process of the web server finish the requests under way, or end it if it takes none yet."""
    finish = signal.getsignal(signal.SIGTERM)
    if callable(finish):
        finish(signal.SIGTERM, None)
    else:
        os._exit(0)
