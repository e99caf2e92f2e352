"""Whoever was asked beside a step answers; or whoever asked takes the question back. Domain 3.0.4b."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, Task, Timer
from models.enums import Ask, EventKind, NoticeKind, Outcome, Role, TaskState
from webapp import clock, errors
from webapp.clock import day_of
from webapp.policy import Person, Post, acting, is_close_to, post_for
from webapp.services.calendar.deadlines import LEAST_DAYS_LEFT
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import clocks, history
from webapp.services.cases.acts import ANSWERS, check_is_as_seen, locked_for, require_reason
from webapp.services.cases.applications import locked_case
from webapp.services.cases.asks import end_task
from webapp.services.cases.beside import CLOSED
from webapp.services.cases.chain import Plain
from webapp.services.cases.claims import ClaimedByColleague
from webapp.services.cases.decisions import act_of
from webapp.services.cases.locks import LockedCase
from webapp.services.cases.recalls import NotYourDecision
from webapp.services.cases.task_rows import tasks_and_history
from webapp.services.offices.addressees import reroute_tasks

PROPOSALS = (Outcome.APPROVE, Outcome.RETURN, Outcome.REJECT)


class NothingAsked(errors.Refusal):
    """Nobody is asked here any more. The history of the case says how it went on."""

    status = 409


def answer(
    session: Session,
    officer: Person,
    task_id: int,
    *,
    opinion: str,
    version: int,
    proposes: Outcome | None = None,
) -> None:
    """Answer what one was asked, for a second look or for advice, with what one `proposes` to decide; commits.

    After a second look the task that was sent back runs on with the working days that were left. Raises NothingAsked,
    ReasonMissing, UnknownOutcome and what `decide` raises.
    """
    act = act_of(session, officer, task_id, version=version, opinion=opinion)
    if act.case.ask not in ANSWERS:
        raise NothingAsked
    require_reason(opinion)
    if proposes not in {None, *PROPOSALS}:
        raise errors.UnknownOutcome(outcome=proposes, allowed=PROPOSALS)
    case, tasks = _case_and_tasks(session, act.case)
    mine = tasks[act.case.task_key]
    origin = tasks[str(mine.asked_from)]
    end_task(session, act, mine, Outcome.ANSWER)
    if act.case.ask == Ask.SECOND_LOOK:
        _run_on_after(session, origin, since=mine.opened_at, at=act.at)
    session.add(
        Outbox(kind=NoticeKind.ANSWERED, change_request_id=case.id, task_id=origin.id, created_at=act.at)
    )
    history.add(
        session,
        case,
        EventKind.ANSWERED,
        at=act.at,
        actor_id=act.actor_id,
        post=act.post,
        task_key=mine.key,
        outcome=Outcome.ANSWER,
        payload={"opinion": act.opinion, "proposes": proposes},
    )
    session.commit()


def take_question_back(session: Session, officer: Person, task_id: int, *, version: int) -> None:
    """Take back what was asked from a task and is not answered; it is the officer's again. Commits.

    Whoever may decide that task does so; a signature is taken back by whoever gave it. Its limit has run on as if
    nothing had been asked: nobody puts off his own due date. Raises NotAllowed, OwnChild, NothingAsked, CaseChanged,
    CaseReturned, CaseEnded, ClaimedByColleague or NotYourDecision.
    """
    task, officer = locked_for(session, officer, task_id)
    locked_now = task.case
    post = _post_of_asker(officer, locked_now)
    check_is_as_seen(locked_now, version)
    keys: list[Plain] = [key for key, origin in locked_now.asked if origin == locked_now.task_key]
    if not keys:
        raise NothingAsked
    case, tasks = _case_and_tasks(session, locked_now)
    mine = tasks[locked_now.task_key]
    _require_say(officer, post, mine)
    at = clock.now()
    if mine.state != TaskState.OPEN:
        rows, told = tasks_and_history(session, case.id)
        [row] = [row for row in rows if row.id == mine.id]
        clocks.open_again(session, calendar_of(session), row, rows, told, at=at)
    _close(session, case, keys, at)
    session.flush()
    # Once the question is closed, or whoever stands in for whom it asked would be told that it is his.
    reroute_tasks(session, [mine.id, *locked_now.beside], day_of(at))  # a signature kept him from these
    history.add(
        session,
        case,
        EventKind.UNASKED,
        at=at,
        actor_id=officer.account_id,
        post=post,
        task_key=mine.key,
        payload={CLOSED: keys},
    )
    session.commit()


def may_take_back(officer: Person, post: Post, mine: Task) -> bool:
    """Whether somebody takes back what was asked from a task: not past a colleague who claimed it, or signed it."""
    if mine.state == TaskState.DONE:
        return officer.account_id in {mine.ended_by_id, mine.ended_for_id}
    return mine.claimed_by_id in {None, *acting(officer, post)}


def _require_say(officer: Person, post: Post, mine: Task) -> None:
    if may_take_back(officer, post, mine):
        return
    if mine.state == TaskState.DONE:
        raise NotYourDecision
    assert mine.claimed_by is not None, "else he might"
    raise ClaimedByColleague(name=mine.claimed_by.name)


def _post_of_asker(officer: Person, case: LockedCase) -> Post:
    post = post_for(officer, case.office_id, Role(case.role), about=case.student_id)
    if post is None:
        raise errors.NotAllowed
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    return post


def _case_and_tasks(session: Session, locked_now: LockedCase) -> tuple[ChangeRequest, dict[str, Task]]:
    case = locked_case(session, locked_now.id)
    assert case is not None, "it is locked"
    tasks = select(Task).where(Task.change_request_id == case.id).execution_options(populate_existing=True)
    return case, {task.key: task for task in session.scalars(tasks)}


def _close(session: Session, case: ChangeRequest, keys: Collection[Plain], at: datetime) -> None:
    asked = select(Task).where(Task.change_request_id == case.id, Task.key.in_(keys))
    for task in session.scalars(asked):
        task.state, task.ended_at, task.days_left = TaskState.CANCELLED, at, None
        session.execute(delete(Timer).where(Timer.task_id == task.id))


def _run_on_after(session: Session, task: Task, *, since: datetime, at: datetime) -> None:
    """Let a task run on, with whoever has it today, that stood still while another office looked at it.

    Nobody gains a day by a look within one.
    """
    least, calendar = LEAST_DAYS_LEFT if day_of(since) < day_of(at) else 0, calendar_of(session)
    clocks.let_run_on(calendar, task, since=since, at=at, least=least)
    session.flush()
    clocks.arm(session, calendar, task.id, task.due_on, at)
    reroute_tasks(session, [task.id], day_of(at))
