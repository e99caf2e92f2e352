"""What is done about a step that is over its limit (on_expiry) is a rule row of the packs: domain 3.0.4."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models import Task
from tests.webapp.changed_processes import SHIPPED, changed
from tests.webapp.road import a_fujian_road, a_road, work_off
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.notices.timers import fire_of_tasks, to_be_returned
from webapp.services.processes import versions
from webapp.services.processes.versions import publish_shipped

pytestmark = pytest.mark.slow


@pytest.fixture
def session(session: Session) -> Iterator[Session]:
    """A session of which nothing stays, whatever is published and committed."""
    work_off(session)
    with session.get_bind().connect() as connection, connection.begin() as everything:
        yield Session(connection, info=session.info, join_transaction_mode="create_savepoint")
        everything.rollback()


@pytest.fixture
def auto_return(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule row of all packs says so."""
    shipped = {
        process: changed(process, "on_expiry.dmn", ('"escalate_only"', '"auto_return"'))
        for process in SHIPPED
    }
    monkeypatch.setattr(versions, "shipped_processes", lambda: shipped)
    publish_shipped(session)


def wanted_back(session: Session, task: Task) -> list[int]:
    """What the signals that follow one another say, until the task is overdue."""
    with clock.freeze(overdue_at(task.due_on) + timedelta(minutes=1)):
        return [wanted for _ in range(3) for wanted in to_be_returned(session, fire_of_tasks(session))]


def test_as_shipped_an_overdue_step_is_only_reported(session: Session) -> None:
    road = a_road(session)
    assert wanted_back(session, road.open_task(road.applied())) == []


@pytest.mark.usefixtures("auto_return")
def test_where_the_packs_say_so_an_overdue_step_is_to_be_handed_back(session: Session) -> None:
    road = a_road(session)
    task = road.open_task(road.applied())
    assert wanted_back(session, task) == [task.id]


@pytest.mark.usefixtures("auto_return")
def test_a_reminder_and_a_yellow_card_hand_nothing_back(session: Session) -> None:
    road = a_road(session)
    task = road.open_task(road.applied())
    with clock.freeze(overdue_at(task.due_on) - timedelta(minutes=1)):
        fired = [*fire_of_tasks(session), *fire_of_tasks(session)]
    assert [signal.kind for signal in fired if signal.task_id == task.id] == ["reminder", "yellow"]
    assert to_be_returned(session, fired) == []


@pytest.mark.usefixtures("auto_return")
def test_a_filing_is_never_handed_back(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    road.approve(case, times=2)
    assert wanted_back(session, road.open_task(case)) == []


def test_a_case_keeps_the_rule_that_it_was_started_under(
    session: Session, request: pytest.FixtureRequest
) -> None:
    road = a_road(session)
    task = road.open_task(road.applied())
    request.getfixturevalue("auto_return")
    assert wanted_back(session, task) == []
