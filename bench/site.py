"""A site of a bench's own: an embedded PostgreSQL that is as durable as in production, seeded, on the demo's day."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection, connect
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webapp import clock
from webapp.config import DEMO_BEGINS, Settings
from webapp.database import migrate
from webapp.host.postgres import embedded
from webapp.scenarios.scratch import scratch_settings, seeded


@dataclass(frozen=True)
class Site:
    """A seeded database, how to reach it, and the settings of whoever does."""

    url: str
    engine: Engine
    settings: Settings

    def session(self) -> Session:
        """Return a session as a request has one."""
        return Session(self.engine, info={"settings": self.settings})

    def connection(self) -> Connection:
        """Return a connection of psycopg that commits by itself."""
        return connect(self.url, autocommit=True)

    def superuser(self) -> Connection:
        """Return a connection of whoever may do anything to the database."""
        return connect(self.url.replace("//xueji@", "//postgres@"), autocommit=True)


@contextmanager
def own_site() -> Iterator[Site]:
    """Run a site in a temporary folder within the block (TMPDIR says where; a disk, or writing costs nothing)."""
    with tempfile.TemporaryDirectory(prefix="xueji-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, PostgreSQL's own account must pass
        settings = scratch_settings(folder)
        clock.run_from(DEMO_BEGINS)
        with embedded(folder) as server, site_at(server.url, settings) as site:
            yield site


@contextmanager
def another_site(site: Site) -> Iterator[Site]:
    """A second site on the same server, in a database of its own."""
    with site.connection() as connection:
        connection.execute("CREATE DATABASE another")
    with site_at(site.url.replace("/xueji?", "/another?"), site.settings) as other:
        yield other


@contextmanager
def site_at(url: str, settings: Settings) -> Iterator[Site]:
    """A site on the database at `url`, which is brought to the present schema and seeded."""
    migrate(url)
    with seeded(url, settings) as engine:
        yield Site(url, engine, settings)
