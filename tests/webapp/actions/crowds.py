"""Who touches a case at random: mostly somebody who might, on a task that it makes sense for."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from models import Account, Office, Task
from models.enums import ADVICE, CaseState, EventKind, OfficeKind, Role, TaskState
from tests.webapp.actions.at_random import ACTIONS
from tests.webapp.actions.turns import Crowd, Turn
from tests.webapp.road import Road
from webapp import errors
from webapp.services.cases.acts import ANSWERS
from webapp.services.cases.corrections import may_be_withdrawn
from webapp.services.demo import makers
from webapp.services.offices.tree import is_served
from webapp.services.people.accounts import person_now

# How often something is tried where it makes sense; what ends a case seldom, or there would be none for the rest.
PRESSING, OFTEN, NOW_AND_THEN, SELDOM, TO_GO_ON = 20, 6, 2, 1, 20
ENDING = ("reject", "withdraw", "revoke", "terminate")
LATE = frozenset(
    {"acknowledge", EventKind.RECORD_CONFLICT, EventKind.FIRED}
)  # for which a case has to get far
WEIGHTS = dict.fromkeys(ACTIONS, NOW_AND_THEN)
WEIGHTS |= dict.fromkeys(
    (
        *("mend", "correct", "resubmit", "recall", "acknowledge", "release", "take a question back"),
        *("approve together", "write down an answer", "own outcome", "end a substitute", "read a copy"),
        *("name a substitute", "the record changes"),
    ),
    OFTEN,
)
WEIGHTS |= dict.fromkeys(ENDING, SELDOM)


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


def another_school(road: Road, code: str) -> int:
    """A school beside the receiving one, which the family may choose instead; if that is served here."""
    school, session = road.receiving, road.session
    if not is_served(session, school.division_code):
        return school.id
    other = makers.a_school(session, school.division_code, school.stage, school_code=code)
    for role in (Role.REGISTRAR, Role.LEAD):
        makers.an_officer(session, other, role)
    session.commit()
    return other.id


def take(
    crowd: Crowd, done: Counter[str], missing: Collection[str], *, what: int, who: int, task: int, pick: int
) -> None:
    """Let somebody try what makes sense now, or another, `who`, anything; and count what is `done`."""
    if who:
        mind = crowd.tasks()[task % len(crowd.tasks())]
        account_id = crowd.account_ids[who % len(crowd.account_ids)]
        _try(crowd, done, [*ACTIONS][what % len(ACTIONS)], mind, account_id=account_id, pick=pick)
        return
    weights = WEIGHTS | dict.fromkeys(ACTIONS.keys() & {*missing}, PRESSING)
    sensible = [name for name in ACTIONS if _fitting(crowd, name) for _ in range(weights[name])]
    sensible += ["go on"] * (TO_GO_ON if LATE.isdisjoint(missing) else PRESSING * 3)
    chosen = sensible[what % len(sensible)]
    for name in _what_waits(crowd) if chosen == "go on" else [chosen]:
        mind, account_id = _aim(crowd, name, pick)
        _try(crowd, done, name, mind, account_id=account_id, pick=pick)


def _try(crowd: Crowd, done: Counter[str], name: str, mind: Task, *, account_id: int, pick: int) -> None:
    """Let somebody do something about a task, and count it unless he is refused."""
    person = person_now(crowd.session, account_id)
    assert person is not None, "nobody's account is closed"
    with suppress(errors.Refusal):
        done[name] += ACTIONS[name](Turn(crowd, person, mind, pick)) is not False
    crowd.session.rollback()


def _what_waits(crowd: Crowd) -> Sequence[str]:
    """What it takes for the case to go on."""
    if crowd.case.state == CaseState.RETURNED:
        return "mend", "correct", "resubmit"
    waiting = [task for task in crowd.tasks() if task.state == TaskState.OPEN]
    if any(task.ask in ANSWERS for task in waiting):
        return ("answer",)
    if any(task.role == Role.COUNTERPART for task in waiting):
        return ("write down an answer",)
    if any(task.blocking for task in waiting):
        return ("approve",)
    return ("acknowledge",) if waiting else ("time passes",)


def _aim(crowd: Crowd, what: str, pick: int) -> tuple[Task, int]:
    """The task that an action is about, if there is one, and somebody who might do it."""
    fitting = _fitting(crowd, what) or crowd.tasks()
    mind = fitting[0] if what == "recall" else fitting[pick % len(fitting)]
    someone = BY.get(what, lambda crowd, mind, pick: crowd.taker(mind, pick))(crowd, mind, pick)
    return mind, someone or crowd.account_ids[0]


def _fitting(crowd: Crowd, what: str) -> list[Task]:
    """The tasks for which an action makes sense."""
    if what in FITS_CASE:
        return crowd.tasks() if FITS_CASE[what](crowd) else []
    return [task for task in crowd.tasks() if FITS.get(what, _is_open)(task)]


def _is_open(task: Task) -> bool:
    return task.state == TaskState.OPEN and task.role != Role.COUNTERPART


def _is_to_decide(task: Task) -> bool:
    return _is_open(task) and task.blocking and task.ask not in ANSWERS


def _is_asked_about(task: Task) -> bool:
    return any(
        other.asked_from == task.key and other.state == TaskState.OPEN for other in task.change_request.tasks
    )


def _may_ask(task: Task) -> bool:
    return _is_to_decide(task) and not task.ask and not _is_asked_about(task)


def _was_decided(task: Task) -> bool:
    decided = task.state == TaskState.DONE and task.blocking and task.ask not in ANSWERS
    return decided and task.role != Role.COUNTERPART


def _is_returned(crowd: Crowd) -> bool:
    return crowd.case.state == CaseState.RETURNED


def _family(crowd: Crowd, _mind: Task, pick: int) -> int:
    return crowd.account_ids[pick % 2]


BY: Mapping[str, Callable[[Crowd, Task, int], int | None]] = {
    **dict.fromkeys(("mend", "correct", "resubmit", "withdraw", "urge"), _family),
    "recall": lambda crowd, mind, pick: mind.ended_by_id,
    "revoke": lambda crowd, mind, pick: crowd.registrar_where_it_began(),
    "terminate": lambda crowd, mind, pick: crowd.leader_above(pick),
    "write down an answer": lambda crowd, mind, pick: crowd.officer_of_the_case(pick),
    "comment": lambda crowd, mind, pick: crowd.officer_of_the_case(pick),
    "copy": lambda crowd, mind, pick: crowd.officer_of_the_case(pick),
    "name a substitute": lambda crowd, mind, pick: crowd.taker(mind, 0),
    "end a substitute": lambda crowd, mind, pick: next((m.absent_id for m in crowd.substitutions()), None),
    "read a copy": lambda crowd, mind, pick: crowd.reader(),
    "leave": lambda crowd, mind, pick: crowd.account_ids[2 + pick % (len(crowd.account_ids) - 2)],
}
FITS_CASE: Mapping[str, Callable[[Crowd], object]] = {
    **dict.fromkeys(("mend", "correct", "resubmit"), _is_returned),
    **dict.fromkeys(
        ("revoke", "terminate", "comment", "copy", "leave", "time passes", "the worker's round"),
        lambda crowd: True,
    ),
    "the record changes": lambda crowd: True,
    "withdraw": lambda crowd: may_be_withdrawn(crowd.session, crowd.case),
    "read a copy": lambda crowd: crowd.reader(),
    "end a substitute": lambda crowd: crowd.substitutions(),
}
FITS: Mapping[str, Callable[[Task], bool]] = {
    **dict.fromkeys(("approve", "reject"), _is_to_decide),
    "own outcome": lambda task: _is_to_decide(task) and not task.ask and task.step.endswith("/in_county"),
    "return": lambda task: _is_open(task) and task.blocking and task.ask not in ADVICE,
    **dict.fromkeys(("second look", "ask an opinion", "have it prepared", "have it signed too"), _may_ask),
    "approve together": lambda task: (
        _may_ask(task) and "_registrar" not in task.step and "_lead" not in task.step
    ),
    "recall": _was_decided,
    "answer": lambda task: _is_open(task) and task.ask in ANSWERS,
    "take a question back": _is_asked_about,
    "acknowledge": lambda task: _is_open(task) and not task.blocking,
    "write down an answer": lambda task: task.state == TaskState.OPEN and task.role == Role.COUNTERPART,
    "release": lambda task: _is_open(task) and task.claimed_by_id is not None,
}
