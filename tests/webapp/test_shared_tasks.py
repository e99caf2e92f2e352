"""Many officers of one post decide the same tasks at the same moment: one each decides, the others read who did."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from models import CaseEvent, Task
from models.enums import EventKind, Role
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

OFFICERS, TASKS = 16, 8


@pytest.fixture
def tasks(road: Road) -> list[Task]:
    cases = [road.applied(), *(road.rival().applied() for _ in range(TASKS - 1))]
    return [road.open_task(case) for case in cases]


@pytest.fixture
def officers(site: Site, road: Road) -> dict[str, Visitor]:
    """All who hold the post that has the tasks, at their browsers, by name."""
    names = [f"经办{number}号" for number in range(OFFICERS)]
    people = [makers.an_officer(road.session, road.receiving, Role.REGISTRAR, name) for name in names]
    return {person.name: site.visitor(person) for person in people}


def test_of_sixteen_who_decide_the_same_eight_tasks_one_decides_each_and_the_others_read_who(
    site: Site, tasks: list[Task], officers: dict[str, Visitor]
) -> None:
    asked = [(task.id, task.change_request.version) for task in tasks]
    together = Barrier(OFFICERS)

    def decide_all(officer: Visitor) -> list[tuple[int, str]]:
        token = officer.token()
        together.wait()
        answers = [
            officer.client.post(
                f"/tasks/{task_id}/decide",
                data={"csrf_token": token, "outcome": "approve", "version": version},
            )
            for task_id, version in asked
        ]
        return [(answer.status_code, said(answer)) for answer in answers]

    with ThreadPoolExecutor(OFFICERS) as threads:
        told = dict(zip(officers, threads.map(decide_all, officers.values()), strict=True))

    for number, (task_id, _) in enumerate(asked):
        of_task = {name: answers[number] for name, answers in told.items()}
        assert Counter(status for status, _ in of_task.values()) == {303: 1, 409: OFFICERS - 1}
        [winner] = [name for name, (status, _) in of_task.items() if status == 303]
        losers = [page for status, page in of_task.values() if status == 409]
        assert all(winner in page for page in losers), task_id
    decided = select(func.count()).where(
        CaseEvent.change_request_id.in_([task.change_request_id for task in tasks]),
        CaseEvent.kind == EventKind.DECIDED,
    )
    assert site.session.scalar(decided) == TASKS
