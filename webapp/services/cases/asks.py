"""Somebody else is asked beside a step: for a second look (退回上一环节), advice (加签、委派), or to sign too (后加签).

The token stands where it stood. While whoever was asked has not answered, nobody decides the task from which he was
asked; while an office looks a second time, its clock stands still. Domain 3.0.4b.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Task, Timer
from models.enums import ADVICE, Ask, EventKind, Outcome, TaskState
from webapp import errors
from webapp.clock import day_of
from webapp.policy import Person, acting
from webapp.services.calendar.working_days import WorkingCalendar, calendar_of
from webapp.services.cases import clocks, history, rows
from webapp.services.cases.acts import Act, require_reason
from webapp.services.cases.applications import locked_case
from webapp.services.cases.asked_people import Askable, askable, earlier_steps
from webapp.services.cases.beside import ASKED, Asked, next_key, step_of
from webapp.services.cases.decisions import act_of
from webapp.services.cases.history import Log, folded
from webapp.services.cases.routing import engine_facts, facts_as_key, new_task_beside
from webapp.services.offices.addressees import reroute_tasks
from webapp.services.offices.kept_from import kept_from
from workflows.signatures import Mode

KINDS = {Ask.SECOND_LOOK: EventKind.SENT_BACK, Ask.COSIGNATURE: EventKind.SIGNED}


class NoEarlierStep(errors.Refusal):
    """Choose a step that an office here has decided in this case."""

    status = 422


class NobodyAsked(errors.Refusal):
    """Choose whom to ask: somebody of your office, or for an opinion of another office of this case."""

    status = 422


class AsksNobody(errors.Refusal):
    """From this task nobody else can be asked: answer or decide it yourself."""

    status = 409


def send_back_to(
    session: Session, officer: Person, task_id: int, *, to_task_id: int, reason: str, version: int
) -> None:
    """Send a case back to an earlier step for a second look (退回上一环节); the task waits meanwhile. Commits.

    Every other branch stays as it is. Raises NoEarlierStep, AsksNobody, ReasonMissing and what `decide` raises.
    """
    act = _asker(session, officer, task_id, reason, version)
    tasks = _tasks_of(session, act.case.id)
    log = history.log_of_case(session, act.case.id)
    earlier = next(
        (one for one in earlier_steps(tasks, log, act.case.task_key) if one.id == to_task_id), None
    )
    if earlier is None:
        raise NoEarlierStep
    asked = Asked(
        key=next_key(earlier.key, [task.key for task in tasks]),
        ask=Ask.SECOND_LOOK,
        origin=act.case.task_key,
        office_id=earlier.seat_office_id,
        role=earlier.seat_role,
        limit_days=_limit(act, log, earlier.key),
    )
    calendar, mine = calendar_of(session), _row(tasks, act.case.task_id)
    clocks.suspend(calendar, mine, day_of(act.at))
    session.execute(delete(Timer).where(Timer.task_id == mine.id))
    _open(session, act, asked, calendar, of=(earlier.seat_office.name, None))
    session.commit()


def ask(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    kind: Ask,
    of: Collection[int],
    question: str,
    version: int,
) -> None:
    """Ask holders of the posts `of` (ids of memberships): for advice, or one of them to sign after oneself. Commits.

    Several may be asked for an opinion, one for anything else. Raises NobodyAsked, AsksNobody, ReasonMissing and what
    `decide` raises.
    """
    act = _asker(session, officer, task_id, question, version)
    chosen = _chosen(session, officer, act, kind, of)
    calendar = calendar_of(session)
    tasks = _tasks_of(session, act.case.id)
    mine, taken = _row(tasks, act.case.task_id), [task.key for task in tasks]
    if kind == Ask.COSIGNATURE:
        end_task(session, act, mine, Outcome.APPROVE)  # he has signed, and the step is not decided yet
    for person in chosen:
        asked = Asked(
            key=next_key(mine.key, taken),
            ask=kind,
            origin=mine.key,
            office_id=person.office_id,
            role=person.role,
            limit_days=max(0, calendar.days_left(day_of(act.at), mine.due_on)),
            account_id=person.account_id,
        )
        taken.append(asked.key)
        _open(session, act, asked, calendar, of=(person.office, person.name))
    session.commit()


def _asker(session: Session, officer: Person, task_id: int, reason: str, version: int) -> Act:
    act = act_of(session, officer, task_id, version=version, opinion=reason)
    require_reason(reason)
    if act.case.ask or not act.case.blocking:
        raise AsksNobody
    return act


def _chosen(session: Session, officer: Person, act: Act, kind: Ask, of: Collection[int]) -> Sequence[Askable]:
    """Return whom an officer has chosen, if he may ask them all for this."""
    if kind == Ask.COSIGNATURE and act.task.step.mode is not Mode.SINGLE:
        raise AsksNobody  # several sign it already, in the order that the diagram gives
    assert act.post is not None, "an officer asks"
    people = askable(
        session,
        kind,
        office_id=act.case.office_id,
        seats=act.case.seats.values(),
        student_id=act.case.student_id,
        besides=acting(officer, act.post),
    )
    chosen = [person for person in people if person.membership_id in of]
    one_too_many = len(chosen) > 1 and kind != Ask.OPINION
    if not chosen or len(chosen) < len(set(of)) or one_too_many or kind == Ask.SECOND_LOOK:
        raise NobodyAsked
    return chosen


def end_task(session: Session, act: Act, mine: Task, outcome: Outcome) -> None:
    """End the task of somebody who acts beside the diagram, with its timer; the caller writes the history.

    Unless it was advice, he took the step, and is kept from what is separate from it, and from deciding for others.
    """
    away = act.post.instead_of if act.post else None
    mine.state, mine.outcome, mine.ended_at = TaskState.DONE, outcome, act.at
    mine.ended_by_id, mine.ended_for_id = act.actor_id, away.account_id if away else None
    session.execute(delete(Timer).where(Timer.task_id == mine.id))
    if act.case.ask not in ADVICE:
        session.flush()
        reroute_tasks(session, act.case.beside, day_of(act.at))


def _open(
    session: Session, act: Act, asked: Asked, calendar: WorkingCalendar, *, of: tuple[str, str | None]
) -> None:
    """Open the task of whoever is asked, and write it down; NobodyAsked if he must not take it."""
    case = locked_case(session, act.case.id)
    assert case is not None, "it is locked"
    history.add(
        session,
        case,
        KINDS.get(asked.ask, EventKind.ASKED),
        at=act.at,
        actor_id=act.actor_id,
        post=act.post,
        task_key=asked.origin,
        outcome=Outcome.APPROVE if asked.ask == Ask.COSIGNATURE else None,
        payload={ASKED: asked.stored(), "of": of, "opinion": act.opinion},
    )
    session.flush()
    step = act.task.definition.steps[step_of(asked.key)]
    askers = history.who_asked(history.events_of(session, case.id), asked.key)
    new = new_task_beside(asked, step, calendar, act.at, askers)
    rows.open_tasks(session, case.id, [new], act.at)
    opened = select(Task.id).where(Task.change_request_id == case.id, Task.key == asked.key)
    if asked.account_id in kept_from(session, session.scalars(opened).one(), day_of(act.at)):
        raise NobodyAsked


def _limit(act: Act, log: Log, key: str) -> int:
    """Return how many working days a step had that was decided: a second look may take as long."""
    stand = folded(act.task.definition, facts_as_key(engine_facts(act.case.facts)), log.before(key))
    return next(task.due or 0 for task in stand.opened if task.key == key)


def _tasks_of(session: Session, case_id: int) -> Sequence[Task]:
    tasks = select(Task).where(Task.change_request_id == case_id).order_by(Task.id)
    return session.scalars(tasks.execution_options(populate_existing=True)).all()


def _row(tasks: Sequence[Task], task_id: int) -> Task:
    return next(task for task in tasks if task.id == task_id)
