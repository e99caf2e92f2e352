"""A session outside any request."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from webapp.database import session_at


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
