"""`xueji run` from the command to the first page: the very first start, and those after a clean stop or a crash."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, SIGKILL
from socket import create_server
from time import perf_counter, sleep

from bench.browsers import HOST, answers
from bench.rounds import Figures, figure
from webapp.config import PREFIX

COMMAND = (sys.executable, "-m", "webapp", "run")
PATIENCE = 60.0


def measure(*, rounds: int = 3) -> Figures:
    """Return the seconds of the first start, which makes database and demo, and of later ones.

    `after_stop` follows a Ctrl-C, `after_crash` a SIGKILL to every process at once.
    """
    after_stop, after_crash = [], []
    with own_folder() as environment:
        first = _seconds_to_start(environment, stop)
        for _ in range(rounds):
            after_stop.append(_seconds_to_start(environment, crash))
            after_crash.append(_seconds_to_start(environment, stop))
    return {
        "first_s": first,
        **figure("after_stop_s", after_stop),
        **figure("after_crash_s", after_crash),
    }


@contextmanager
def own_folder() -> Iterator[dict[str, str]]:
    """The environment of a new installation: an empty data folder, a free port, and the settings' defaults."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="xueji-bench-") as name:
        Path(name).chmod(0o711)  # as root, PostgreSQL's own account must pass
        yield {**rest, "XUEJI_DATA_DIR": f"{name}/var", "XUEJI_HOST": HOST, "XUEJI_PORT": str(port)}


def stop(process: subprocess.Popen[bytes]) -> None:
    """End everything as a Ctrl-C does."""
    process.send_signal(SIGINT)
    process.wait(PATIENCE)


def crash(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and all that it started."""
    for pid in [process.pid, *_descendants(process.pid)]:
        os.kill(pid, SIGKILL)
    process.wait(PATIENCE)


def _seconds_to_start(environment: dict[str, str], end: Callable[[subprocess.Popen[bytes]], None]) -> float:
    port = int(environment["XUEJI_PORT"])
    begin = perf_counter()
    with subprocess.Popen(COMMAND, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not answers(port):
                assert process.poll() is None, "xueji run ended"
                sleep(0.01)
            return perf_counter() - begin
        finally:
            end(process)


def _descendants(pid: int) -> Iterator[int]:
    """The process's children, their children, and so on, as Linux knows them."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            yield child
            yield from _descendants(child)
