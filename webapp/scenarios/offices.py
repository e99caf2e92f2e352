"""`when`: what the offices of a case do in a scenario, by whoever holds the post there unless somebody is named."""

from typing import Literal

from models import ChangeRequest, Task
from models.enums import Outcome, Role, Seat, TaskState
from webapp.policy import Person
from webapp.scenarios.strict import ScenarioError, Strict, UnexpectedError
from webapp.scenarios.world import World
from webapp.services.cases import bulks, decisions, recalls, stopping
from webapp.services.cases.rejections import grounds_of


class AtSeat(Strict):
    """Whose case, and where in it: the only open task at a seat, unless a role says which."""

    at: Seat
    role: Role | None = None
    student: str | None = None


class Decide(AtSeat):
    """A decision on the open task at a seat; `code` is the ground of a rejection, by default the first listed."""

    outcome: Literal[Outcome.APPROVE, Outcome.REJECT, Outcome.ACKNOWLEDGE]
    reason: str = ""
    code: str | None = None


class Recall(AtSeat):
    """Whoever decided last at a seat takes that back."""

    reason: str = ""


class Stop(AtSeat):
    """A case under way is revoked by the registrar at a seat, or terminated by the lead there."""

    reason: str = "不再办理"


class Bulk(Strict):
    """The open tasks of several students at a seat are approved together."""

    at: Seat
    role: Role | None = None
    students: tuple[str, ...]
    reason: str = ""


def take_decision(world: World, decide: Decide, actor: Person | None) -> None:
    """Let whoever holds the post decide the open task at a seat."""
    case = world.case(decide.student)
    task = task_at(world, case, decide.at, decide.role)
    take(world, task, Outcome(decide.outcome), decide.reason, actor, code=decide.code)


def take_together(world: World, bulk: Bulk, actor: Person | None) -> None:
    """Let whoever holds the post approve the open tasks of several students together."""
    tasks = [task_at(world, world.case(student), bulk.at, bulk.role) for student in bulk.students]
    officer = actor or world.people.holder(tasks[0].office_id, tasks[0].role)
    versions = {task.id: task.change_request.version for task in tasks}
    world.bulk_id = bulks.approve_together(world.session, officer, versions, opinion=bulk.reason).id


def take_back(world: World, wish: Recall, actor: Person | None) -> None:
    """Let whoever decided last at a seat take that back."""
    case = world.case(wish.student)
    mine = world.tasks(case, wish.at, wish.role)[-1]
    officer = actor or world.people.of(mine.ended_by or case.applicant)
    recalls.recall(world.session, officer, mine.id, version=case.version, reason=wish.reason)


def revoke(world: World, wish: Stop, actor: Person | None) -> None:
    """Let the registrar of a school revoke the case."""
    case = world.case(wish.student)
    registrar = actor or world.people.holder(case.seats[wish.at], wish.role or Role.REGISTRAR)
    stopping.revoke(world.session, registrar, case.id, reason=wish.reason)


def terminate(world: World, wish: Stop, actor: Person | None) -> None:
    """Let the lead of a bureau end the case."""
    case = world.case(wish.student)
    lead = actor or world.people.holder(case.seats[wish.at], wish.role or Role.LEAD)
    stopping.terminate(world.session, lead, case.id, reason=wish.reason)


def task_at(world: World, case: ChangeRequest, seat: Seat, role: Role | None) -> Task:
    """Return the open task at a seat; if there is none, the last one, which the service then refuses to decide.

    Of whoever is asked beside the step, only where nobody else is.
    """
    tasks = world.tasks(case, seat, role)
    if not tasks:
        raise UnexpectedError(f"the case never reached {seat}; it is with {_whereabouts(case)}")
    waiting = [task for task in tasks if task.state == TaskState.OPEN]
    waiting = [task for task in waiting if task.ask is None] or waiting
    if len(waiting) > 1:
        raise ScenarioError(f"several tasks are open at {seat}; say in which role")
    return (waiting or tasks)[-1]


def officer_of(world: World, task: Task) -> Person:
    """Return who takes a task: whoever claimed it or was asked himself, or else holds the post."""
    if task.claimed_by is not None:
        return world.people.of(task.claimed_by)
    return world.people.holder(task.office_id, task.role)


def take(
    world: World,
    task: Task,
    outcome: Outcome,
    opinion: str,
    actor: Person | None = None,
    *,
    code: str | None = None,
) -> None:
    """Let an officer, by default whoever takes it, decide a task; reject it by default on the first ground."""
    officer = actor or officer_of(world, task)
    version = task.change_request.version
    if outcome == Outcome.REJECT and code is None:
        code = grounds_of(world.session, task)[0].code
    decisions.decide(
        world.session, officer, task.id, outcome=outcome, version=version, opinion=opinion, code=code
    )


def next_task(case: ChangeRequest) -> Task:
    """Return the first open task that somebody has to decide."""
    return next(task for task in case.tasks if task.state == TaskState.OPEN and task.blocking)


def _whereabouts(case: ChangeRequest) -> str:
    waiting = [f"{task.seat} {task.seat_role}" for task in case.tasks if task.state == TaskState.OPEN]
    return ", ".join(waiting) or f"nobody: {case.state}"
