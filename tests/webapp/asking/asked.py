"""A case at the receiving county, whose officers ask others beside the step; what the tests of asking share."""

from models import ChangeRequest, Membership, Task
from models.enums import Ask
from tests.webapp.road import Road
from webapp import clock
from webapp.policy import Person
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.answers import answer
from webapp.services.cases.asks import ask, send_back_to

COUNTY = "receiving_authorities/in_county"


def at(road: Road, case: ChangeRequest, key: str) -> Task:
    road.session.expire_all()
    return next(task for task in case.tasks if task.key.rpartition("/")[2] == key)


def open_keys(road: Road, case: ChangeRequest) -> list[str]:
    return sorted(task.key.rpartition("/")[2] for task in road.open_tasks(case))


def send_back(
    road: Road, case: ChangeRequest, to: str = "in_registrar:1", reason: str = "请再核对居住证明"
) -> None:
    task = road.open_task(case)
    earlier = at(road, case, to)
    send_back_to(
        road.session, road.officer(task), task.id, to_task_id=earlier.id, reason=reason, version=case.version
    )


def post_of(road: Road, person: Person) -> int:
    held = road.session.query(Membership).filter_by(account_id=person.account_id)
    return held.first().id


def asks(road: Road, case: ChangeRequest, kind: Ask, *people: Person, question: str = "请看一下") -> None:
    task = at(road, case, "in_county:1")
    ask(
        road.session,
        road.officer(task),
        task.id,
        kind=kind,
        of=[post_of(road, person) for person in people],
        question=question,
        version=case.version,
    )


def answers(road: Road, case: ChangeRequest, person: Person, key: str, **given: object) -> None:
    task = at(road, case, key)
    answer(road.session, person, task.id, **{"opinion": "情况属实", "version": case.version, **given})


def days_left(road: Road, task: Task) -> int:
    return calendar_of(road.session).days_left(clock.today(), task.due_on)
