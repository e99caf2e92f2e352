"""`xueji demo`: what it prints, and when it makes nothing."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from models import Office
from tests.webapp.sessions import a_session
from webapp import clock
from webapp.commands.demo import demo
from webapp.config import DEMO_BEGINS
from webapp.database import session_at
from webapp.services.demo.loading import demo_accounts, is_loaded

pytestmark = pytest.mark.slow


@pytest.fixture
def xueji_demo(demo_site, monkeypatch):
    """Runs `xueji demo …` on that database; returns the exit code and what was printed."""
    url, settings = demo_site
    environment = settings.environment() | {"XUEJI_DATABASE_URL": url, "XUEJI_NOW": DEMO_BEGINS.isoformat()}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clock._clock, "ahead", timedelta(0))

    def run(*arguments):
        result = CliRunner().invoke(demo, arguments)
        return result.exit_code, result.output

    return run


def test_the_command_prints_every_account_as_data(xueji_demo, demo_site):
    code, printed = xueji_demo("--commit", "--json")
    accounts = json.loads(printed)
    assert code == 0
    with session_at(*demo_site) as session:
        assert [account["login"] for account in accounts] == [
            account.login for account in demo_accounts(session)
        ]
    province = next(account for account in accounts if account["login"] == "henan-province")
    assert {"login", "password", "office", "seat", "role"} <= province.keys()
    assert province["seat"] == "转出省级"


def test_without_commit_nothing_is_made(xueji_demo, new_database, monkeypatch):
    url = new_database()
    monkeypatch.setenv("XUEJI_DATABASE_URL", url)
    code, printed = xueji_demo()
    assert (code, printed.splitlines()[0]) == (0, "This would be made; add --commit to make it:")
    with a_session(url) as session:
        assert not is_loaded(session)
        assert session.scalars(select(Office)).all() == []


def test_an_installation_that_is_no_demo_refuses_it(xueji_demo, monkeypatch):
    monkeypatch.setenv("XUEJI_DEMO", "false")
    result = CliRunner().invoke(demo, ["--commit"])
    assert result.exit_code == 1
    assert "XUEJI_DEMO is off" in str(result.exception)
