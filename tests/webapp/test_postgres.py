import fcntl
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import psycopg
import pytest

from webapp.config import Settings
from webapp.host import home, postgres
from webapp.host.home import PostgresError, settle
from webapp.host.postgres import AlreadyRunsError, Server, database, embedded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")
SUPERVISOR = """
import pathlib, sys, time
from webapp.host.postgres import embedded
with embedded(pathlib.Path(sys.argv[1])) as server:
    print(server._process.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def open_folder(new_folder):
    return new_folder()


@pytest.fixture(scope="module")
def data_dir(new_folder):
    """One data folder for most tests: a first start takes ten times as long as a second."""
    return new_folder() / "var"


@contextmanager
def running_elsewhere(data_dir):
    """Another process that supervises the server of `data_dir`; gives it and the server's process id."""
    command = [sys.executable, "-c", SUPERVISOR, data_dir]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as supervisor:
        try:
            yield supervisor, int(supervisor.stdout.readline())
        finally:
            supervisor.kill()
            wait_for_its_end(data_dir)


def wait_for_its_end(data_dir):
    """Returns when neither the server of `data_dir` nor any descendant of it is left to hold its lock."""
    lock = os.open(settle(data_dir).folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.close(lock)


def ask(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()


def test_it_speaks_utf8_whatever_the_machine_speaks_and_keeps_what_it_commits(data_dir):
    with embedded(data_dir) as server:
        assert ask(server.url, "SELECT current_user, length('学籍'), upper('é')") == ("xueji", 2, "É")
        assert ask(server.url, "SELECT current_setting('fsync')") == ("on",)


def test_it_listens_on_a_socket_in_a_closed_folder_only(data_dir):
    with embedded(data_dir) as server:
        assert ask(server.url, "SELECT current_setting('listen_addresses')") == ("",)
        assert stat.S_IMODE(server.home.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.home.cluster.stat().st_mode) == 0o700


def test_everybody_but_the_user_who_started_it_is_kept_out(data_dir):
    with embedded(data_dir) as server:
        assert "peer" in (server.home.folder / "pg_hba.conf").read_text()
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            ask(server.url.replace("xueji@", "somebody@"), "SELECT 1")


def test_a_server_that_recovers_for_a_minute_is_asked_a_few_hundred_times():
    assert 60 < sum(islice(postgres.pauses(), 350)) < 70


def test_what_was_committed_survives_a_kill_of_everything(data_dir):
    with running_elsewhere(data_dir) as (supervisor, postmaster):
        with psycopg.connect(postgres._url(settle(data_dir), "xueji", "xueji")) as connection:
            connection.execute("CREATE TABLE decision AS SELECT 'approved' AS outcome")
        supervisor.kill()
        os.kill(postmaster, signal.SIGKILL)

    with embedded(data_dir) as server:
        assert ask(server.url, "SELECT outcome FROM decision") == ("approved",)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends it")
def test_it_ends_with_a_supervisor_that_was_killed(data_dir):
    with running_elsewhere(data_dir) as (supervisor, _):
        supervisor.kill()
        wait_for_its_end(data_dir)


def test_a_server_that_outlived_its_supervisor_is_ended_before_another_starts(data_dir):
    orphan = Server(settle(data_dir), postgres.SETTINGS)
    orphan.start()

    with embedded(data_dir) as server:
        assert not orphan.lives
        assert server.lives


def test_a_second_start_in_the_same_folder_is_refused_and_told_who_is_there(data_dir):
    with (
        running_elsewhere(data_dir) as (supervisor, _),
        pytest.raises(AlreadyRunsError, match=f"in use by process {supervisor.pid}. Stop that one"),
        embedded(data_dir),
    ):
        pass


def test_a_process_id_left_behind_that_is_somebody_elses_by_now_does_not_matter(data_dir):
    with embedded(data_dir) as server:
        left_behind = (server.home.cluster / "postmaster.pid").read_text()
        account = server.home.account
    with subprocess.Popen(["sleep", "600"], user=account.uid if account else None, cwd="/") as somebody:
        pid_file = server.home.cluster / "postmaster.pid"
        pid_file.write_text(left_behind.replace(left_behind.split()[0], str(somebody.pid), 1))

        with embedded(data_dir) as server:
            assert server.lives
        assert somebody.poll() is None
        somebody.kill()


def test_a_server_that_we_did_not_start_is_left_alone(data_dir):
    with embedded(data_dir) as server:
        socket_path = server.home.socket
    with socket.socket(socket.AF_UNIX) as foreign:
        foreign.bind(str(socket_path))
        foreign.listen()

        with pytest.raises(PostgresError, match=r"A PostgreSQL that we did not start uses .*Stop it first"):
            embedded(data_dir).__enter__()


def test_a_server_that_was_killed_is_started_again(data_dir):
    with embedded(data_dir) as server:
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait()
        assert not server.lives

        server.start()

        assert ask(server.url, "SELECT 1") == (1,)


def test_a_first_start_cut_short_is_begun_again(open_folder):
    draft = settle(open_folder).folder / "data.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")

    with embedded(open_folder) as server:
        assert server.lives


def test_why_it_did_not_start_is_said_in_its_own_words(data_dir):
    with embedded(data_dir) as server:
        version = server.home.cluster / "PG_VERSION"
    right = version.read_text()
    version.write_text("9.6\n")

    with pytest.raises(PostgresError, match=r"(?s)did not start.*postgres\.log.*incompatible with server"):
        embedded(data_dir).__enter__()
    version.write_text(right)


def test_a_folder_too_deep_for_a_socket_has_it_in_a_short_one(open_folder):
    data_dir = open_folder / ("deep" * 30)
    with embedded(data_dir) as server:
        assert server.home.sockets != server.home.folder
        assert stat.S_IMODE(server.home.sockets.stat().st_mode) == 0o700
        assert ask(server.url, "SELECT 1") == (1,)
    server.home.sockets.rmdir()


def test_a_short_folder_that_anybody_may_enter_is_refused(open_folder):
    data_dir = open_folder / ("deep" * 30)
    planted = settle(data_dir).sockets
    planted.chmod(0o777)

    with pytest.raises(PostgresError, match=f"{planted} is not a closed folder of our own"):
        settle(data_dir)
    planted.rmdir()


@as_root
def test_root_runs_it_as_an_unprivileged_user(data_dir):
    with embedded(data_dir) as server:
        process = Path(f"/proc/{server._process.pid}")
        assert process.stat().st_uid == server.home.account.uid != 0
        assert server.home.account.name in home.ACCOUNTS


@as_root
def test_a_data_folder_out_of_that_users_reach_keeps_a_link_and_stays_closed(open_folder, monkeypatch):
    monkeypatch.setattr(home, "ELSEWHERE", open_folder)
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)
    for _start in ("first", "second"):
        with embedded(closed / "var") as server:
            assert (closed / "var" / "pg").readlink() == server.home.folder
            assert server.home.folder.parent == open_folder
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    shutil.rmtree(server.home.folder)
    with pytest.raises(PostgresError, match="which is gone"):
        settle(closed / "var")


@as_root
def test_programs_out_of_that_users_reach_are_copied(open_folder, monkeypatch):
    found = home._may_pass
    monkeypatch.setattr(
        home, "_may_pass", lambda account, path: path.name != "postgres" and found(account, path)
    )
    with embedded(open_folder / "var") as server:
        assert server.home.programs.is_relative_to(server.home.folder)
        assert ask(server.url, "SELECT 1") == (1,)


def test_a_command_uses_the_server_that_runs_and_otherwise_runs_it_itself(data_dir, monkeypatch):
    monkeypatch.setenv("XUEJI_DATA_DIR", str(data_dir))
    keys = dict.fromkeys(("secret_key", "audit_key", "identity_key", "index_key"), bytes(32))
    settings = Settings(**keys)
    with embedded(data_dir) as server, database(settings) as url:
        assert url == server.url
        assert server.lives

    with database(settings) as url:
        assert ask(url, "SELECT 1") == (1,)
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")
