"""Connections that keep what they have prepared over a rollback.

psycopg forgets them all, as what is rolled back may have made a table, which is none that a test asks of again. Where
much is undone, as in the table of all actions, planning the statements anew was a third of the time.
"""

from psycopg import Connection as Driver
from sqlalchemy import Connection, Engine


def keep_plans(engine: Engine) -> None:
    """Let the engine roll back past psycopg."""
    engine.dialect.do_rollback = _roll_back  # type: ignore[method-assign]
    engine.dialect.do_rollback_to_savepoint = _roll_back_to  # type: ignore[method-assign]


def _roll_back(driver: Driver) -> None:
    _execute(driver, "ROLLBACK")


def _roll_back_to(connection: Connection, savepoint: str) -> None:
    _execute(connection.connection.driver_connection, f"ROLLBACK TO SAVEPOINT {savepoint}")


def _execute(driver: Driver, statement: str) -> None:
    said = driver.pgconn.exec_(statement.encode())
    assert said.command_status == b"ROLLBACK", said.error_message
