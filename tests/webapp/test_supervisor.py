import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from webapp import config
from webapp.commands import run
from webapp.config import ConfigurationError, Settings
from webapp.host import supervisor
from webapp.host.local import KEYS
from webapp.host.supervisor import Child, supervise, until_told_to_stop

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

SUPERVISOR = r"""
import os, sys
from webapp.host.supervisor import Child, supervise, until_told_to_stop

def say(text):
    os.write(1, f"{text}\n".encode())  # whole lines, as several processes write them

POLITE = r'''
import os, signal, sys, time
def finish(*_):
    os.write(1, b"finished %s\n" % os.fsencode(sys.argv[1]))
    sys.exit()
signal.signal(signal.SIGTERM, finish)
os.write(1, b"started %s\n" % os.fsencode(sys.argv[1]))
time.sleep(600)
'''
with until_told_to_stop() as told:
    children = [Child(name, [sys.executable, "-c", POLITE, name], os.environ, say) for name in ("web", "worker")]
    supervise(children, None, say, greet=lambda: say("here we are") or True, told=told)
say("left")
"""


@contextmanager
def supervising():
    """A process that supervises two children, `web` and `worker`, once both run."""
    command = [sys.executable, "-c", SUPERVISOR]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert sorted(process.stdout.readline() for _ in range(3)) == [
                "here we are\n",
                "started web\n",
                "started worker\n",
            ]
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_lets_each_child_finish_in_order(told):
    with supervising() as process:
        process.send_signal(told)

        assert process.stdout.read().splitlines() == [
            "Stopping web",
            "finished web",
            "Stopping worker",
            "finished worker",
            "left",
        ]
        assert process.wait() == 0


def test_a_signal_whose_exception_is_lost_is_obeyed_all_the_same():
    with until_told_to_stop() as told:
        with suppress(KeyboardInterrupt):  # as the interpreter does while it runs a finalizer
            signal.raise_signal(signal.SIGTERM)

        supervise([], None, print, greet=lambda: pytest.fail("it goes on"), told=told)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells orphans on Linux only")
def test_children_finish_when_their_supervisor_is_killed():
    with supervising() as process:
        process.kill()

        assert sorted(process.stdout.read().splitlines()) == ["finished web", "finished worker"]


def test_a_child_that_keeps_ending_is_started_again_later_each_time(monkeypatch):
    monkeypatch.setattr(supervisor, "BACKOFF", (0.001, 0.004))
    said = []
    child = Child("web", ["false"], os.environ, said.append)

    while len(said) < 4:
        child.tend()

    assert said == [f"web ended (1); it starts again in {delay} s" for delay in (0.001, 0.002, 0.004, 0.004)]
    child.stop()


def test_a_child_that_lived_for_a_while_is_started_again_soon(monkeypatch):
    monkeypatch.setattr(supervisor, "BACKOFF", (0.001, 0.004))
    monkeypatch.setattr(supervisor, "HEALTHY_AFTER", 0.0)
    said = []
    child = Child("web", ["false"], os.environ, said.append)

    while len(said) < 3:
        child.tend()

    assert said == ["web ended (1); it starts again in 0.001 s"] * 3
    child.stop()


def test_what_an_ended_child_left_running_is_ended_too(tmp_path):
    left = tmp_path / "left"
    said = []
    child = Child("web", ["sh", "-c", f"sleep 600 & echo $! > {left}; exit 3"], os.environ, said.append)

    while not said:
        child.tend()

    orphan = Path("/proc") / left.read_text().strip()
    while orphan.exists() and "Z" not in (orphan / "stat").read_text():
        time.sleep(0.01)
    assert said == ["web ended (3); it starts again in 0.5 s"]
    child.stop()


def test_a_child_that_does_not_finish_is_ended(monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.01)
    child = Child("web", ["sh", "-c", "trap '' TERM; while true; do sleep 1; done"], os.environ, print)
    child.tend()

    child.stop()

    assert child._process.returncode in {-signal.SIGKILL, -signal.SIGTERM}


def a_setting(monkeypatch, **given):
    for name in [name for name in os.environ if name.startswith("XUEJI_")]:
        monkeypatch.delenv(name)
    keys = dict.fromkeys(KEYS, bytes(32))
    return Settings(database_url="postgresql://db.example/xueji", **keys, **given)


def test_an_address_in_use_is_told_before_anything_starts(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = a_setting(monkeypatch, port=port)

        with pytest.raises(
            ConfigurationError,
            match=f"XUEJI_HOST=127.0.0.1, XUEJI_PORT={port}: Address already in use. Choose",
        ):
            run.refuse_a_taken_port(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_free_address_is_taken(monkeypatch, host):
    run.refuse_a_taken_port(a_setting(monkeypatch, host=host, port=48123))


def test_a_database_out_of_reach_is_told_without_its_password():
    with pytest.raises(ConfigurationError, match="XUEJI_DATABASE_URL: no connection") as refused:
        run.check_database("postgresql://xueji:hunter2@127.0.0.1:1/xueji")

    assert "hunter2" not in str(refused.value)


def test_a_database_that_is_too_old_is_refused(database_url, monkeypatch):
    run.check_database(database_url)

    monkeypatch.setattr(run, "OLDEST_POSTGRESQL", 99)
    with pytest.raises(ConfigurationError, match=r"PostgreSQL \d+ is too old. Use 99 or later"):
        run.check_database(database_url)


def test_a_database_that_cannot_hold_chinese_is_refused(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE ascii ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
        )

    with pytest.raises(ConfigurationError, match="the database is in SQL_ASCII"):
        run.check_database(postgres_url.replace("/xueji?", "/ascii?"))


def test_children_read_our_settings_and_nothing_older(monkeypatch, tmp_path):
    settings = a_setting(monkeypatch, data_dir=tmp_path, port=8123)
    monkeypatch.setenv("XUEJI_NOW", "1999-01-01T00:00Z")
    for name, value in run.environment(settings, "postgresql://elsewhere/xueji").items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("XUEJI_NOW")

    read = config.load()

    assert read.database_url == "postgresql://elsewhere/xueji"
    assert read.model_copy(update={"database_url": settings.database_url}) == settings
