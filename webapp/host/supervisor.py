"""Keep the processes of one machine running, and end them in order: the longest part of `xueji run`."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType

from webapp.host.children import end_group, spawn, stop
from webapp.host.postgres import Server

PATIENCE = 30.0  # seconds that a child may take to finish what it is doing
TICK = 0.1
BACKOFF = (0.5, 30.0)  # seconds before a crashed child starts again: at first, and at most
HEALTHY_AFTER = 60.0

Say = Callable[[str], None]


class Child:
    """A command that is started again when it ends, later each time until it has lived for a while."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], say: Say) -> None:
        self.name = name
        self._command, self._env, self._say = command, env, say
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = self._start_at = 0.0
        self._delay = BACKOFF[0]

    def tend(self) -> None:
        """Start the command if it does not run and is due."""
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process)
        if self._process is None and time.monotonic() >= self._start_at:
            self._started_at = time.monotonic()
            self._process = spawn(self._command, env=self._env)

    def stop(self) -> None:
        """Let the command finish what it is doing and end."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, patience=PATIENCE)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        end_group(process)  # its own children may hold the port
        self._process = None
        now = time.monotonic()
        if now - self._started_at > HEALTHY_AFTER:
            self._delay = BACKOFF[0]
        self._say(f"{self.name} ended ({process.returncode}); it starts again in {self._delay:g} s")
        self._start_at = now + self._delay
        self._delay = min(2 * self._delay, BACKOFF[1])


def supervise(
    children: Sequence[Child],
    server: Server | None,
    say: Say,
    *,
    greet: Callable[[], bool],
    told: Sequence[signal.Signals],
) -> None:
    """Keep `children` and the embedded `server` running until told to stop, then stop `children` in order.

    `greet` is called until it has returned true. PostgresError if the server cannot be started again.
    """
    greeted = False
    try:
        while not told:
            if server is not None and not server.lives:
                say("PostgreSQL ended; it starts again")
                server.start()
            for child in children:
                child.tend()
            greeted = greeted or greet()
            time.sleep(TICK)
    finally:
        for child in children:
            say(f"Stopping {child.name}")
            child.stop()


@contextlib.contextmanager
def until_told_to_stop() -> Iterator[Sequence[signal.Signals]]:
    """Leave the block, as by a Ctrl-C, at the first SIGINT, SIGTERM or SIGHUP; further ones are not heard.

    Gives the signals heard, as what leaves the block is an exception: it is lost if the interpreter is just
    running a callback of its own.
    """
    told: list[signal.Signals] = []
    heard = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        heard.append(signal.SIGHUP)

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        told.append(signal.Signals(number))
        raise KeyboardInterrupt

    before = {each: signal.signal(each, leave) for each in heard}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
