"""What all tests share: one PostgreSQL per test run with databases on it, and one browser per process."""

import fcntl
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
KEEPER = Path(__file__).with_name("keep_postgres.py")
# The same examples in every run; `pytest --hypothesis-profile=default` looks for others. How long it takes to make them
# fails no test: on a new machine the first text waits for the tables of characters.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

ROWS_HIT = "--rules-coverage"
FOLDER = "TEST_POSTGRES_FOLDER"  # in the environment, so that xdist's workers inherit it


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "add the rows of decision tables that the tests hit to FILE, for xueji rules coverage --also FILE"
    parser.addoption(ROWS_HIT, metavar="FILE", type=lambda name: str(Path(name).absolute()), help=told)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(ROWS_HIT):
        config.pluginmanager.import_plugin("tests.rules_coverage")
    if hasattr(config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="xueji-test-"))
    folder.chmod(0o711)  # as root, PostgreSQL's own account must pass
    os.environ[FOLDER] = str(folder)
    users = (folder / "users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    config.add_cleanup(lambda: _leave(folder, users.close))


def _leave(folder: Path, unlock: Callable[[], None]) -> None:
    started = (folder / "url").exists()
    unlock()
    if not started:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The database of the run's PostgreSQL to make others from, which the first test that needs it starts."""
    folder = Path(os.environ[FOLDER])
    with (folder / "starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not (folder / "url").exists():
            _start_keeper(folder)
    return (folder / "url").read_text()


def _start_keeper(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(KEEPER.parent.parent)}
    keeper = os.posix_spawn(
        sys.executable, [sys.executable, str(KEEPER), str(folder)], environment, setsid=True
    )
    while not (folder / "url").exists():
        if os.waitpid(keeper, os.WNOHANG) != (0, 0):
            pytest.exit("the tests' PostgreSQL did not start", returncode=3)
        time.sleep(0.02)


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Callable[..., str]:
    """Makes a database and returns its URL: with the present schema, or like `template1` (empty) or `seeded`.

    One that is seeded has divisions, the calendar and the processes too.
    """
    names = (f"test_{os.getpid()}_{number}" for number in itertools.count())

    def make(like: str = "migrated") -> str:
        name = next(names)
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return postgres_url.replace("/xueji?", f"/{name}?")

    return make


@pytest.fixture(scope="session")
def database_url(new_database: Callable[..., str]) -> str:
    """This process's database, with the present schema; tests leave it as they found it."""
    return new_database()


@pytest.fixture(scope="session")
def new_folder() -> Iterator[Callable[[], Path]]:
    """Makes a folder that PostgreSQL's own account may pass, as it may not pass pytest's when they are root's."""
    with ExitStack() as stack:

        def make() -> Path:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xueji-test-")))
            folder.chmod(0o711)
            return folder

        yield make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Whatever Chromium the machine has."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable)
