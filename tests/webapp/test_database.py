"""A session outside any request."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from webapp.app import create_app
from webapp.database import DEAD_AFTER, db, session_at


def test_an_error_of_the_database_prints_nobodys_data(database_url, settings_for):
    statement = text("SELECT 1 / (length(:kept_secret) - 6)")
    with session_at(database_url, settings_for(database_url)) as session, pytest.raises(DBAPIError) as failed:
        session.execute(statement, {"kept_secret": "王芳的密码哈"})
    assert "division by zero" in str(failed.value)
    assert "王芳" not in str(failed.value)


def test_the_database_lists_each_connection_under_its_process(database_url, settings_for):
    with session_at(database_url, settings_for(database_url)) as session:
        asked = text("SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()")
        assert session.scalar(asked) == f"xueji {os.getpid()}"


def test_the_server_frees_what_a_machine_that_is_gone_has_locked_and_nobody_waits_for_ever(
    database_url, settings_for
):
    with session_at(database_url, settings_for(database_url), "2s") as session:
        told = {name: session.scalar(text(f"SHOW {name}")) for name in (*DEAD_AFTER, "lock_timeout")}
    assert (told["idle_in_transaction_session_timeout"], told["lock_timeout"]) == ("5min", "2s")
    app = create_app(settings_for(database_url))
    with app.app_context():
        assert db.session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "5min"
        assert db.session.scalar(text("SHOW lock_timeout")) == "5s"
        db.session.remove()
        db.engine.dispose()
