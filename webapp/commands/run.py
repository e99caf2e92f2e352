"""`xueji run`: PostgreSQL, migrations, demo, web server and worker as one command for one machine."""

import contextlib
import http.client
import os
import socket
import sys
from collections.abc import Callable

import click
import psycopg

from webapp import clock, config
from webapp.commands.demo import listing
from webapp.commands.platform import has_made_up_province, platform_command, with_made_up_province
from webapp.config import PREFIX, ConfigurationError, Settings
from webapp.database import migrate, session_at
from webapp.host.postgres import embedded
from webapp.host.supervisor import Child, supervise, until_told_to_stop
from webapp.services.demo.loading import load
from webapp.services.demo.seed import seed

OLDEST_POSTGRESQL = 16
XUEJI = [sys.executable, "-m", "webapp"]
WEB = [*XUEJI, "web"]


@click.command()
def run() -> None:
    """Run everything on this machine until Ctrl-C, and say where it is once it answers."""
    settings = with_made_up_province(config.start())
    with until_told_to_stop() as told, contextlib.ExitStack() as stack:
        server = None if settings.database_url else stack.enter_context(embedded(settings.data_dir))
        refuse_a_taken_port(settings)
        url = server.url if server else str(settings.database_url)
        check_database(url)
        migrate(url)
        load_what_ships(url, settings)
        env = environment(settings, url)
        children = [
            Child("web", WEB, env, click.echo),
            Child("worker", [*XUEJI, "worker"], env, click.echo),
        ]
        if has_made_up_province(settings):
            children.append(Child("platform", [*XUEJI, *platform_command(settings)], env, click.echo))
        supervise(children, server, click.echo, greet=_greeting(settings), told=told)


def refuse_a_taken_port(settings: Settings) -> None:
    """ConfigurationError if the web server could not listen where the settings say."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as refused:
        raise ConfigurationError(
            f"XUEJI_HOST={settings.host}, XUEJI_PORT={settings.port}: {refused.strerror}. "
            "Choose another one, or stop what listens there."
        ) from refused


def check_database(url: str) -> None:
    """ConfigurationError unless a PostgreSQL that we can use answers at `url`."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as refused:
        raise ConfigurationError(f"XUEJI_DATABASE_URL: no connection. {refused}") from refused
    if version < OLDEST_POSTGRESQL:
        raise ConfigurationError(
            f"XUEJI_DATABASE_URL: PostgreSQL {version} is too old. Use {OLDEST_POSTGRESQL} or later."
        )
    if encoding != "UTF8":
        raise ConfigurationError(f"XUEJI_DATABASE_URL: the database is in {encoding}. Make one in UTF8.")


def load_what_ships(url: str, settings: Settings) -> None:
    """Load what must be there before people are let in, and the demo with its people if the settings say so."""
    with session_at(url, settings) as session:
        if settings.demo:
            load(session)
            click.echo(listing(session))
        else:
            seed(session)
            session.commit()


def environment(settings: Settings, url: str) -> dict[str, str]:
    """Return the environment of our children: ours, with every setting as it was decided here."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**rest, **settings.environment(), config.variable("database_url"): url}


def _greeting(settings: Settings) -> Callable[[], bool]:
    """What says where we are as soon as the web server answers there."""

    def greet() -> bool:
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        now = clock.now().astimezone(clock.SHANGHAI)
        click.echo(f"Xueji is at http://{settings.host}:{settings.port} (clock: {now:%Y-%m-%d %H:%M}).")
        return True

    return greet
