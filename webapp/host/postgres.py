"""The embedded PostgreSQL: our own server, made of the programs in the wheel, on a Unix socket only.

Who lives is told by the kernel and not by files of process ids, which name dead or foreign processes after
a crash: the process that supervises the server holds a lock on the file `running`, and the server and all
its descendants inherit one on their home folder.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.pq import PGconn, Ping

from webapp.config import Settings
from webapp.host.children import spawn, stop
from webapp.host.home import SOCKET_NAME, Home, PostgresError, settle
from webapp.host.local import make_data_dir

USER = DATABASE = "xueji"
PATIENCE = 60.0  # seconds that an old server or a shutdown may take
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details and statements hold personal data
    "log_min_error_statement": "panic",
}
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}


class AlreadyRunsError(PostgresError):
    """Another process runs the server of this data folder."""


class Server:
    """One PostgreSQL server; `start` it again after a crash. It ends with the process that started it."""

    def __init__(self, home: Home, settings: dict[str, str]) -> None:
        self.home = home
        self.url = _url(home, USER, DATABASE)
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def lives(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers, however long crash recovery takes.

        PostgresError if it ends instead.
        """
        lock = os.open(self.home.folder, os.O_RDONLY)
        try:
            _outwait_the_last_server(self.home, lock)
            _remove_traces(self.home)
            if not self.home.cluster.exists():
                _make_cluster(self.home)
            self._process = self._spawn(lock)
        finally:
            os.close(lock)  # from here on it is the server's
        self._wait_until_it_answers()
        _make_database(self.home)

    def stop(self) -> None:
        """Disconnect everybody, write everything down and end."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, signal.SIGQUIT, patience=PATIENCE)

    def _spawn(self, lock: int) -> subprocess.Popen[bytes]:
        _let_in_ourselves_only(self.home)
        folders = {
            "unix_socket_directories": self.home.sockets,
            "hba_file": self.home.folder / "pg_hba.conf",
            "ident_file": self.home.folder / "pg_ident.conf",
        }
        settings = [f"--{name}={value}" for name, value in {**self._settings, **folders}.items()]
        with _log(self.home).open("ab") as log:
            return spawn(
                [self.home.programs / "postgres", "-D", self.home.cluster, *settings],
                env=ENVIRONMENT,
                account=self.home.account,
                output=log,
                inherit=[lock],
                orphan_signal=signal.SIGINT,
            )

    def _wait_until_it_answers(self) -> None:
        for pause in pauses():
            if PGconn.ping(self.url.encode()) == Ping.OK:
                return
            if not self.lives:
                raise PostgresError(f"PostgreSQL did not start. {_last_words(self.home)}")
            time.sleep(pause)


def pauses() -> Iterator[float]:
    """Yield the seconds between two questions whether a server answers, for ever.

    Rarely after the first second: in crash recovery each one is a FATAL line in the server's log.
    """
    yield from repeat(0.02, 50)
    yield from repeat(0.2)


@contextlib.contextmanager
def embedded(data_dir: Path, *, durable: bool = True) -> Iterator[Server]:
    """Run the server of `data_dir` within the block; not `durable`, for tests, it may lose all in a crash.

    AlreadyRunsError if another process runs it; PostgresError if it cannot run.
    """
    with _the_only_one(make_data_dir(data_dir)):
        server = Server(settle(data_dir), SETTINGS if durable else {**SETTINGS, **CARELESS})
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database of `settings`, for commands: runs the embedded server if nobody else does."""
    with contextlib.ExitStack() as stack:
        if settings.database_url:
            url = settings.database_url
        else:
            try:
                url = stack.enter_context(embedded(settings.data_dir)).url
            except AlreadyRunsError:
                url = _url(settle(settings.data_dir), USER, DATABASE)
        yield url


@contextlib.contextmanager
def _the_only_one(data_dir: Path) -> Iterator[None]:
    with (data_dir / "running").open("a+") as running:
        if not _locked(running.fileno()):
            running.seek(0)
            raise AlreadyRunsError(
                f"{data_dir} is in use by process {running.read() or '(just starting)'}. "
                "Stop that one first, or choose another folder with XUEJI_DATA_DIR."
            )
        running.truncate(0)
        running.write(str(os.getpid()))
        running.flush()
        yield


def _outwait_the_last_server(home: Home, lock: int) -> None:
    """Take the lock on `home`, ending a server that outlived its supervisor with all its processes."""
    if not _locked(lock) and _listens(home):
        _run(home, "pg_ctl", "stop", "-D", home.cluster, "-m", "fast", "-W")
    give_up_at = time.monotonic() + PATIENCE
    while not _locked(lock):
        if time.monotonic() > give_up_at:
            raise PostgresError(f"An old server in {home.folder} does not end. {_last_words(home)}")
        time.sleep(0.05)


def _remove_traces(home: Home) -> None:
    """Remove what a killed server left; the process id written there may by now be anybody's."""
    if _listens(home):
        raise PostgresError(f"A PostgreSQL that we did not start uses {home.cluster}. Stop it first.")
    for trace in (home.cluster / "postmaster.pid", home.socket, home.sockets / f"{SOCKET_NAME}.lock"):
        trace.unlink(missing_ok=True)


def _make_cluster(home: Home) -> None:
    draft = home.folder / "data.new"
    if draft.exists():  # a first start was cut short
        shutil.rmtree(draft)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if _run(home, "initdb", "-D", draft, "-U", "postgres", "--auth=reject", *locale) != 0:
        raise PostgresError(f"PostgreSQL could not make its files. {_last_words(home)}")
    draft.rename(home.cluster)


def _make_database(home: Home) -> None:
    with psycopg.connect(_url(home, "postgres", "postgres"), autocommit=True) as superuser:
        if not superuser.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            superuser.execute(f"DROP ROLE IF EXISTS {USER}")
            superuser.execute(f"CREATE ROLE {USER} LOGIN CREATEDB")
            superuser.execute(f"CREATE DATABASE {DATABASE} OWNER {USER}")


def _let_in_ourselves_only(home: Home) -> None:
    """Let in the user who runs us, whom the kernel vouches for (peer): no password to keep or to lose."""
    ourselves = pwd.getpwuid(os.geteuid()).pw_name
    people = "".join(f'ourselves "{ourselves}" {user}\n' for user in (USER, "postgres"))
    for name, text in {"pg_hba.conf": "local all all peer map=ourselves\n", "pg_ident.conf": people}.items():
        rules = home.folder / name
        rules.write_text(text)
        rules.chmod(0o644)  # the server's account reads what root wrote


def _run(home: Home, program: str, *arguments: str | Path) -> int:
    with _log(home).open("ab") as log:
        command = [home.programs / program, *arguments]
        return spawn(command, env=ENVIRONMENT, account=home.account, output=log).wait()


def _url(home: Home, user: str, database_name: str) -> str:
    return f"postgresql://{user}@/{database_name}?host={quote(str(home.sockets), safe='')}&port=5432"


def _locked(lock: int) -> bool:
    """Whether the open file `lock` could be locked, at once."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _listens(home: Home) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(home.socket)) == 0


def _log(home: Home) -> Path:
    return home.folder / "postgres.log"


def _last_words(home: Home) -> str:
    lines = _log(home).read_text(errors="replace").splitlines()
    return f"The end of {_log(home)}:\n" + "\n".join(lines[-5:])
