"""`when`: what officers do with each other in a scenario: claim, hand over, ask, answer, copy, stand in."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from sqlalchemy import select

from models import ChangeRequest, Membership, Task
from models.enums import Ask, Outcome, PaperKind, Role, Seat, TaskState
from webapp.policy import Person
from webapp.scenarios.offices import AtSeat, officer_of, task_at
from webapp.scenarios.strict import ScenarioError, Strict, UnexpectedError
from webapp.scenarios.world import World
from webapp.services.cases import answers, asks, claims, copies, decisions
from webapp.services.people.substitutes import name_substitute, own_posts


class EarlierStep(Strict):
    """The step that is to look again."""

    at: Seat
    role: Role | None = None


def _seat_alone(given: object) -> object:
    return {"at": given} if isinstance(given, str) and given != "applicant" else given


class Return(AtSeat):
    """The case goes back from a seat: to the applicant, to mend the papers `items`, or to a step that looks again."""

    to: Annotated[Literal["applicant"] | EarlierStep, BeforeValidator(_seat_alone)]
    items: tuple[PaperKind, ...] = ()
    reason: str = ""


class Reassign(AtSeat):
    """The task is handed over to a named colleague."""

    to: str


class Question(AtSeat):
    """Named people `of` an office of the case are asked from the task at a seat, for advice or to sign too."""

    of: tuple[str, ...] = Field(min_length=1)
    kind: Literal[Ask.OPINION, Ask.COSIGNATURE] = Ask.OPINION
    reason: str = "请研究"


class Delegate(AtSeat):
    """A named colleague is to prepare the decision."""

    to: str
    reason: str = "请拟办"


class Answer(AtSeat):
    """The answer to what was asked about the step at a seat; `as` says whose, if several are awaited there."""

    reason: str = "情况属实"
    proposes: Outcome | None = None


class Copied(AtSeat):
    """The case is copied to named officers by whoever has the task at a seat."""

    to: tuple[str, ...] = Field(min_length=1)
    reason: str = ""


class Substitute(Strict):
    """Somebody named is away, and a named colleague stands in for him up to and with the last day."""

    away: str
    by: str
    since: date
    until: date


def send_back(world: World, wish: Return, actor: Person | None) -> None:
    """Let whoever has the task return the case to the applicant, or send it to an earlier step."""
    case, task, officer = _at(world, wish, actor)
    version = case.version
    if isinstance(wish.to, EarlierStep):
        to = world.tasks(case, wish.to.at, wish.to.role)
        earlier = [step.id for step in to if step.state == TaskState.DONE and step.ask is None]
        asks.send_back_to(
            world.session,
            officer,
            task.id,
            to_task_id=earlier[-1] if earlier else task.id,
            reason=wish.reason,
            version=version,
        )
    else:
        decisions.return_to_applicant(
            world.session, officer, task.id, items=wish.items, reason=wish.reason, version=version
        )


def ask(world: World, question: Question, actor: Person | None) -> None:
    """Let whoever has the task ask named people."""
    _ask(world, question, question.kind, question.of, actor)


def delegate(world: World, wish: Delegate, actor: Person | None) -> None:
    """Let whoever has the task have a decision prepared."""
    _ask(world, wish, Ask.DELEGATION, (wish.to,), actor)


def answer(world: World, said: Answer, actor: Person | None) -> None:
    """Let whoever was asked answer."""
    case = world.case(said.student)
    asked = [task for task in world.tasks(case, said.at, said.role) if task.ask]
    if not asked:
        raise UnexpectedError(f"nobody was asked about {said.at}")
    waiting = [task for task in asked if task.state == TaskState.OPEN]
    if actor and len(waiting) > 1:
        waiting = [task for task in waiting if task.claimed_by_id == actor.account_id]
    if len(waiting) > 1:
        raise ScenarioError(f"several answers are awaited about {said.at}; say whose it is")
    task = (waiting or asked)[-1]
    answers.answer(
        world.session,
        actor or officer_of(world, task),
        task.id,
        opinion=said.reason,
        version=case.version,
        proposes=said.proposes,
    )


def take_question_back(world: World, at: AtSeat, actor: Person | None) -> None:
    """Let whoever asked from a seat take it back."""
    case = world.case(at.student)
    tasks = world.tasks(case, at.at, at.role)
    origins = {task.asked_from for task in case.tasks if task.ask and task.state == TaskState.OPEN}
    task = next((task for task in tasks if task.key in origins), tasks[-1])
    answers.take_question_back(world.session, actor or officer_of(world, task), task.id, version=case.version)


def claim(world: World, at: AtSeat, actor: Person | None) -> None:
    """Let whoever holds the post claim the task."""
    _, task, _ = _at(world, at, actor)
    claims.claim(world.session, actor or world.people.holder(task.office_id, task.role), task.id)


def release(world: World, at: AtSeat, actor: Person | None) -> None:
    """Let whoever claimed the task give it back."""
    _, task, officer = _at(world, at, actor)
    claims.release(world.session, officer, task.id)


def reassign(world: World, wish: Reassign, actor: Person | None) -> None:
    """Let whoever has the task hand it over to a colleague."""
    _, task, officer = _at(world, wish, actor)
    claims.hand_over(world.session, officer, task.id, world.people.named(wish.to).account_id)


def copy(world: World, wish: Copied, actor: Person | None) -> None:
    """Let whoever has the task copy the case to named people."""
    case, _, officer = _at(world, wish, actor)
    readers = [world.people.named(name).account_id for name in wish.to]
    copies.send(world.session, officer, case.id, to=readers, word=wish.reason)


def substitute(world: World, wish: Substitute, actor: Person | None) -> None:
    """Let somebody stand in for every post of somebody who is away."""
    away, by = world.people.named(wish.away), world.people.named(wish.by)
    for post in own_posts(away):
        name_substitute(
            world.session,
            actor or away,
            absent_id=away.account_id,
            post=post,
            substitute_id=by.account_id,
            since=wish.since,
            last=wish.until,
        )


def _at(world: World, at: AtSeat, actor: Person | None) -> tuple[ChangeRequest, Task, Person]:
    case = world.case(at.student)
    task = task_at(world, case, at.at, at.role)
    return case, task, actor or officer_of(world, task)


def _ask(
    world: World, wish: Question | Delegate, kind: Ask, people: Iterable[str], actor: Person | None
) -> None:
    case, task, officer = _at(world, wish, actor)
    asks.ask(
        world.session,
        officer,
        task.id,
        kind=kind,
        of=[_post_of(world, world.people.named(name), task) for name in people],
        question=wish.reason,
        version=case.version,
    )


def _post_of(world: World, person: Person, task: Task) -> int:
    """The post in which somebody is asked, if he holds one in the office that asks there."""
    held = select(Membership.id).where(Membership.account_id == person.account_id)
    posts = world.session.scalars(held.order_by(Membership.office_id != task.office_id, Membership.id)).all()
    if not posts:
        raise ScenarioError(f"{person.name} holds no post")
    return posts[0]
