"""A session outside any request."""

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
