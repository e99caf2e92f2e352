"""A site as production has it: PostgreSQL, the web server and the worker, each started again at once when it ends."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from signal import SIGTERM
from socket import create_server
from time import monotonic, sleep

from psycopg import OperationalError

from bench.browsers import HOST, answers
from bench.mail_server import MailServer, mail_server
from bench.site import Site, site_at
from webapp import clock
from webapp.commands.run import WEB, XUEJI, environment
from webapp.config import DEMO_BEGINS, Settings
from webapp.host.children import end_group, spawn, stop
from webapp.host.postgres import Server, embedded
from webapp.scenarios.scratch import scratch_settings

PATIENCE = 120.0  # seconds for anything to recover
TICK = 0.02


@dataclass
class Unit:
    """A service as systemd keeps it with Restart=always."""

    name: str
    command: list[str]
    settings: Settings
    log: Path
    ends_expected: int = 0
    ends: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self.process is not None, "it was never started"
        return self.process.pid

    def tend(self) -> None:
        """Start it if it does not run."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            end_group(self.process)
            self.ends += 1
        with self.log.open("ab") as log:
            url = str(self.settings.database_url)
            self.process = spawn(self.command, env=environment(self.settings, url), output=log)

    def stop(self) -> None:
        """Let it finish what it is doing and end."""
        if self.process is not None:
            stop(self.process, SIGTERM, patience=PATIENCE)
            self.process = None


@dataclass(frozen=True)
class Production:
    """The parts of it, and the mail server outside, which nobody kills."""

    site: Site
    server: Server
    web: Unit
    worker: Unit
    mail: MailServer
    ledgers: Path

    @property
    def port(self) -> int:
        """Where the pages are."""
        return self.web.settings.port

    def tend(self) -> None:
        """Start again whatever ended."""
        if not self.server.lives:
            self.server.start()
        self.web.tend()
        self.worker.tend()

    def serves(self) -> bool:
        """Whether the pages answer and the worker has a connection."""
        return answers(self.port) and self._is_connected(self.worker.pid)

    def wait_until_it_serves(self) -> float:
        """Return the seconds that it took; AssertionError if it takes too long."""
        begin = monotonic()
        while True:
            self.tend()
            if self.serves():
                return monotonic() - begin
            assert monotonic() - begin < PATIENCE, "the site does not recover"
            sleep(TICK)

    def run_for(self, seconds: float) -> None:
        """Keep everything running for a while."""
        until = monotonic() + seconds
        while monotonic() < until:
            self.tend()
            sleep(TICK)

    def move_clock(self, by: timedelta) -> None:
        """Stop web and worker, and let them go on later in the day."""
        for unit in (self.web, self.worker):
            unit.stop()
            assert unit.settings.now is not None
            unit.settings = unit.settings.model_copy(update={"now": unit.settings.now + by})
        clock.run_from(self.web.settings.now or DEMO_BEGINS, since=self.web.settings.now_since)

    def _is_connected(self, pid: int) -> bool:
        asked = "SELECT FROM pg_stat_activity WHERE application_name = %s"
        try:
            with self.site.connection() as connection:
                return connection.execute(asked, [f"xueji {pid}"]).rowcount > 0
        except OperationalError:  # it recovers
            return False


@contextmanager
def production() -> Iterator[Production]:
    """Run it in a temporary folder within the block, on the demo's day."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xueji-chaos-")))
        folder.chmod(0o711)  # as root, PostgreSQL's own account must pass
        since = clock.machine_now()
        clock.run_from(DEMO_BEGINS, since=since)
        mail = stack.enter_context(mail_server())
        keyed = scratch_settings(folder)
        server = stack.enter_context(embedded(folder))
        settings = keyed.model_copy(update=_how(server.url, since, mail.url))
        site = stack.enter_context(site_at(server.url, settings))
        (folder / "ledgers").mkdir()
        web = Unit("web", WEB, settings, folder / "web.log")
        worker = Unit("worker", [*XUEJI, "worker"], settings, folder / "worker.log")
        yield Production(site, server, web, worker, mail, folder / "ledgers")
        web.stop()
        worker.stop()


def _how(url: str, since: datetime, smtp_url: str) -> dict[str, object]:
    """Return the settings that make it one: processes that share a clock, and a mail server."""
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    return {
        "database_url": url,
        "now": DEMO_BEGINS,
        "now_since": since,
        "host": HOST,
        "port": port,
        "web_processes": 2,
        "smtp_url": smtp_url,
        "mail_from": "xueji@example.cn",
        "public_url": "https://xueji.example.cn",
    }
