"""`xueji proposals` looks at everybody once a day, and says how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import ProposalRun, Student
from tests.webapp.road import Road
from webapp.cli import main
from webapp.commands import proposals as command

pytestmark = pytest.mark.slow


def test_everybody_is_looked_at_once_a_day(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def same_database() -> Iterator[Session]:
        yield road.session

    monkeypatch.setattr(command, "command_session", same_database)
    road.session.execute(delete(ProposalRun))
    road.session.commit()
    students = road.session.scalar(select(func.count()).select_from(Student))
    told = [CliRunner().invoke(main, ["proposals"]) for _ in range(2)]
    assert [one.exit_code for one in told] == [0, 0]
    assert told[0].output.startswith(f"{students:,} students looked at, ")
    assert told[1].output == "Everybody was looked at today.\n"
