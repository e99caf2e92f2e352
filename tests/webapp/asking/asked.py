"""A case at the receiving county, whose officers ask others beside the step; what the tests of asking share."""

from models import Account, ChangeRequest, Membership, Office, Task
from models.enums import Ask, Role
from tests.webapp.road import Road
from webapp import clock
from webapp.policy import Person
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases.answers import answer
from webapp.services.cases.asks import ask, send_back_to
from webapp.services.demo import makers

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


def at_the_lead(road: Road) -> Task:
    """A task of the releasing school's only lead, who is a registrar there too; the county above has a lead."""
    session = road.session
    task = road.approve_until(road.applied(), "out_lead")
    account = session.get_one(Account, road.officer(task).account_id)
    makers.an_officer(session, road.releasing, Role.REGISTRAR, account=account)
    makers.an_officer(session, session.get_one(Office, road.releasing.superior_id), Role.LEAD)
    session.commit()
    return task
