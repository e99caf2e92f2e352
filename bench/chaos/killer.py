"""Kills a part of the site, with SIGKILL; if so wished only while it is inside an open transaction."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from time import monotonic, sleep

from psycopg import Connection, OperationalError

from bench.chaos.production import Production, Unit
from webapp.host.children import end_group

WAITS = 5.0  # seconds for a transaction
SETTLES = 0.002  # until the server has done what it was just told by somebody who stands still now
OPEN = """
SELECT pid, application_name FROM pg_stat_activity
 WHERE datname = 'xueji' AND application_name LIKE 'xueji %' AND xact_start IS NOT NULL
   AND state IN ('active', 'idle in transaction')
"""


class Victim(StrEnum):
    """What is killed."""

    WEB_PROCESS = "web_process"
    WEB = "web"
    WORKER = "worker"
    BACKEND = "backend"
    POSTMASTER = "postmaster"


SERVERS = (Victim.BACKEND, Victim.POSTMASTER)  # of whose death everybody connected hears


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, whether inside a transaction, and after how many seconds the site served again."""

    victim: Victim
    inside: bool
    recovered_after: float


@dataclass(frozen=True)
class Killer:
    """Kills parts of a site, as the seeded dice fall."""

    production: Production
    random: Random

    def kill(self, victim: Victim, *, inside: bool) -> Kill:
        """Kill, wait until the site serves again, and tell."""
        with self.production.site.superuser() as observer:
            caught = inside and self._kill_inside(observer, victim)
            if not caught:
                self._kill(victim, self._any_of(observer, victim))
            if victim in SERVERS:
                _wait_until_felt(observer)
        return Kill(victim, caught, self.production.wait_until_it_serves())

    def _kill_inside(self, observer: Connection, victim: Victim) -> bool:
        """Kill the victim within a transaction; False if it began none for too long."""
        give_up_at = monotonic() + WAITS
        while monotonic() < give_up_at:
            self.production.tend()
            open_now = self._open_transactions(observer, victim)
            if open_now and self._caught(observer, victim, self.random.choice(open_now)):
                return True
        return False

    def _caught(self, observer: Connection, victim: Victim, found: tuple[int, int]) -> bool:
        """Kill the process if it still is inside its transaction once it stands still."""
        backend, process = found
        if victim in SERVERS:  # who stands still there keeps us waiting, too
            self._kill(victim, backend)
            return True
        os.kill(process, signal.SIGSTOP)
        sleep(SETTLES)
        if found in self._open_transactions(observer, victim):
            self._kill(victim, process)
            return True
        os.kill(process, signal.SIGCONT)
        return False

    def _open_transactions(self, observer: Connection, victim: Victim) -> list[tuple[int, int]]:
        """Return the server's process and the client's of each."""
        rows = [(pid, int(name.split()[1])) for pid, name in observer.execute(OPEN)]
        clients = self._clients(victim)
        return [row for row in rows if row[1] in clients]

    def _clients(self, victim: Victim) -> Sequence[int]:
        web, worker = children_of(self.production.web.pid), [self.production.worker.pid]
        return {Victim.WORKER: worker, Victim.WEB: web, Victim.WEB_PROCESS: web}.get(victim, [*web, *worker])

    def _any_of(self, observer: Connection, victim: Victim) -> int:
        if victim in SERVERS:
            ours = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'xueji %'"
            return self.random.choice([int(pid) for (pid,) in observer.execute(ours)])
        return self.random.choice(self._clients(victim))

    def _kill(self, victim: Victim, process: int) -> None:
        """Kill; `process` is the one to kill of several."""
        match victim:
            case Victim.WEB:
                _kill_all(self.production.web)
            case Victim.WORKER:
                _kill_all(self.production.worker)
            case Victim.POSTMASTER:
                os.kill(postmaster_of(self.production), signal.SIGKILL)
            case _:
                os.kill(process, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    """Return the children that a process has now, or itself if it has none."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:  # it has ended by itself
        children = []
    return [*map(int, children)] or [pid]


def postmaster_of(production: Production) -> int:
    """Return the process that all of the server's processes come from."""
    return int((production.server.home.cluster / "postmaster.pid").read_text().split()[0])


def _wait_until_felt(observer: Connection) -> None:
    with suppress(OperationalError):
        while True:
            observer.execute("SELECT")
            sleep(SETTLES)


def _kill_all(unit: Unit) -> None:
    assert unit.process is not None
    unit.ends_expected += 1
    end_group(unit.process)
