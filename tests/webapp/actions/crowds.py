"""Who touches a case at random: mostly somebody who might, on a task that it makes sense for."""

from collections.abc import Callable, Mapping, Sequence

from models import Account, Office, Task
from models.enums import CaseState, OfficeKind, Role, TaskState
from tests.webapp.actions.at_random import ACTIONS, Crowd, Turn
from tests.webapp.road import Road
from webapp.services.cases.acts import ANSWERS
from webapp.services.demo import makers
from webapp.services.people.accounts import person_now

# What ends a case is drawn seldom, or there would be none to do the rest with.
ENDING = ("reject", "withdraw", "revoke", "terminate")
WEIGHED = (
    *ACTIONS,
    *(name for name in ACTIONS if name not in ENDING),
    *["go on"] * 25,
    *["recall", "return"] * 2,
)


def a_crowd(road: Road) -> list[int]:
    """Give every officer of a road a colleague, every office a lead and somebody else, the child another guardian.

    One officer holds a post of another office too, and one is a guardian. Returns the accounts, the family's first;
    commits.
    """
    session, officers = road.session, road.officers
    posts = [(session.get_one(Office, office_id), Role(role)) for office_id, role in officers]
    beside = {OfficeKind.SCHOOL: Role.PRINCIPAL, OfficeKind.BUREAU: Role.CHIEF}
    for office in dict.fromkeys(office for office, _ in posts):
        posts += [(office, beside[office.kind]), (office, Role.LEAD)]
    others = [makers.an_officer(session, office, role) for office, role in posts]
    first = session.get_one(Account, next(iter(officers.values())).account_id)
    parent = session.get_one(Account, others[-1].account_id)
    makers.an_officer(session, posts[-1][0], Role.HANDLER, account=first)
    family = [road.guardian, makers.a_guardian(session, road.student)]
    makers.a_guardian(session, road.student, account=parent)
    session.commit()
    return [person.account_id for person in (*family, *officers.values(), *others)]


def take(crowd: Crowd, what: str, *, who: int, task: int, pick: int) -> None:
    """Let somebody try something: as it makes sense, unless `who` is another. Raises what the action does."""
    doing = _what_waits(crowd) if what == "go on" else [what]
    for each in doing:
        mind, account_id = _aim(crowd, each, pick)
        if who:
            mind = crowd.tasks()[task % len(crowd.tasks())]
            account_id = crowd.account_ids[who % len(crowd.account_ids)]
        person = person_now(crowd.session, account_id)
        assert person is not None, "nobody's account is closed"
        ACTIONS[each](Turn(crowd, person, mind, pick))


def _what_waits(crowd: Crowd) -> Sequence[str]:
    """What it takes for the case to go on."""
    if crowd.case.state == CaseState.RETURNED:
        return "mend", "resubmit"
    waiting = [task for task in crowd.tasks() if task.state == TaskState.OPEN]
    if any(task.ask in ANSWERS for task in waiting):
        return ("answer",)
    if any(task.role == Role.COUNTERPART for task in waiting):
        return ("write down an answer",)
    return ("approve",) if any(task.blocking for task in waiting) else ("acknowledge",)


def _aim(crowd: Crowd, what: str, pick: int) -> tuple[Task, int]:
    """The task that an action is about, if there is one, and somebody who might do it."""
    tasks = crowd.tasks()
    fitting = [task for task in tasks if FITS.get(what, _is_open)(task)] or tasks
    mind = fitting[pick % len(fitting)]
    if what in OF_FAMILY:
        return mind, crowd.account_ids[0]
    if what == "recall":
        return fitting[0], fitting[0].ended_by_id or crowd.account_ids[0]
    if what == "revoke":
        return mind, crowd.holder(tasks[-1])
    if what == "write down an answer":
        return mind, crowd.holder(tasks[0] if mind is not tasks[0] else tasks[-1])
    return mind, crowd.holder(mind)


def _is_open(task: Task) -> bool:
    return task.state == TaskState.OPEN and task.role != Role.COUNTERPART


OF_FAMILY = ("mend", "resubmit", "withdraw", "urge")
FITS: Mapping[str, Callable[[Task], bool]] = {
    "approve": lambda task: _is_open(task) and task.blocking and task.ask not in ANSWERS,
    "recall": lambda task: task.state == TaskState.DONE and task.blocking and task.ask not in ANSWERS,
    "answer": lambda task: task.state == TaskState.OPEN and task.ask in ANSWERS,
    "take a question back": lambda task: any(
        other.asked_from == task.key and other.state == TaskState.OPEN for other in task.change_request.tasks
    ),
    "acknowledge": lambda task: task.state == TaskState.OPEN and not task.blocking,
    "write down an answer": lambda task: task.state == TaskState.OPEN and task.role == Role.COUNTERPART,
    "release": lambda task: task.state == TaskState.OPEN and task.claimed_by_id is not None,
}
