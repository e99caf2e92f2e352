"""A province as it is deployed: a database, a web server and a worker, which are processes and can be killed."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TypeVar

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, ExchangeMessage, Membership, Outbox, Task
from models.enums import TaskState
from tests.journeys.demo_site import DemoSite, student_of
from webapp.commands.run import environment
from webapp.config import DEMO_BEGINS
from webapp.host.children import end_group, spawn

XUEJI = [sys.executable, "-m", "webapp"]
PATIENCE = 60.0  # seconds; only what is broken takes as long
TICK = 0.05

Row = TypeVar("Row")


@dataclass(frozen=True)
class Province(DemoSite):
    """One deployment of its own, with a clock that runs on from the demo's first morning."""

    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start web server and worker, and wait until pages are served."""
        for name in ("web", "worker"):
            self.processes.append(spawn([*XUEJI, name], env=self._environment()))
        until(lambda: answers(self.settings.port))

    def kill(self) -> None:
        """End all its processes at once, in the middle of whatever they do."""
        while self.processes:
            end_group(self.processes.pop())

    def work(self) -> None:
        """Wait until the worker has told everybody what happened."""
        until(self._is_told)

    def logins(self, session: Session) -> Sequence[str]:
        """Return the logins of everybody with a post."""
        return session.scalars(select(Account.login).join(Membership)).all()

    def waits_for(self, child: str) -> list[str]:
        """Return the steps that a child's case waits for; none if there is no case yet."""
        return [
            task.step for task in self.rows(Task, child) if task.blocking and task.state == TaskState.OPEN
        ]

    def rows(self, kind: type[Row], child: str) -> list[Row]:
        """Return what a table holds about a child's case, in order."""
        with self.session() as session:
            case = select(ChangeRequest.id).where(ChangeRequest.student_id == student_of(session, child).id)
            about_case = select(kind).where(kind.change_request_id == session.scalar(case))
            return list(session.scalars(about_case.order_by(*inspect(kind).primary_key)))

    def try_at_once(self) -> None:
        """Send without a further pause what was not taken, as an operator would."""
        waiting = update(ExchangeMessage).where(ExchangeMessage.done_at.is_(None))
        with self.session() as session:
            session.execute(waiting.values(due_at=DEMO_BEGINS))
            session.commit()

    def audit(self) -> str:
        """Return what the auditor's command says of the histories."""
        command = [*XUEJI, "audit", "verify"]
        done = subprocess.run(command, env=self._environment(), capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        return environment(self.settings, str(self.settings.database_url))

    def _is_told(self) -> bool:
        with self.session() as session:
            return session.scalar(select(Outbox.id).limit(1)) is None


def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    latest = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < latest, happened
        time.sleep(TICK)


def answers(port: int) -> bool:
    """Whether a web server serves pages at a port of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
