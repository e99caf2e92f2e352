"""Child processes that never outlive their parent and are stopped politely first."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The operating system's account that a process runs as."""

    name: str
    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    account: Account | None = None,
    output: IO[bytes] | None = None,
    inherit: Sequence[int] = (),
    orphan_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own: a Ctrl-C at the terminal is the parent's to handle.

    On Linux it gets `orphan_signal` when the thread that called this ends: call it from the main thread.
    """
    return subprocess.Popen(  # noqa: S603 - no shell
        command,
        env=env,
        cwd="/" if account else None,  # the parent's folder may be closed to that account
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=inherit,
        process_group=0,
        # It takes no lock that a thread could hold.
        preexec_fn=partial(end_with_parent, os.getpid(), orphan_signal),  # noqa: PLW1509
    )


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float) -> None:
    """Send `signals` in turn, giving each `patience` seconds; then end what is left of its group."""
    for each in signals:
        process.send_signal(each)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break
    end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` if it lives, and the descendants it left in its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_with_parent(parent: int, orphan_signal: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process `orphan_signal` when the process `parent` ends: on Linux only.

    Ends this process if its parent has ended already.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(orphan_signal))
    if os.getppid() != parent:
        os._exit(1)


def call_when_told(stop: Callable[[], object], *told_by: signal.Signals) -> None:
    """Call `stop`, in a thread of its own, when one of the signals `told_by` comes; no handler hears them.

    A handler runs in the main thread, which may hold the very lock that it needs, or not wake up for it.
    Processes forked from here keep the signals until they call this, too.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, told_by)

    def wait() -> None:
        signal.sigwait(told_by)
        stop()

    threading.Thread(target=wait, daemon=True).start()
