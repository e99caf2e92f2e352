"""Recall (撤回): whoever decided a step takes that back while nobody has acted on what it led to (domain 3.0.4b).

So does whoever was away as a substitute decided it for him (代理), who may act in the post no more by then.
The decisions are folded again without it, so that every other branch stays as it is (architecture 3).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Outbox, Task
from models.enums import Ask, CaseState, EventKind, NoticeKind, Role, Seat, TaskState
from webapp import clock, errors
from webapp.policy import Person, Post, is_close_to, post_for
from webapp.services.calendar.working_days import calendar_of
from webapp.services.cases import clocks, history
from webapp.services.cases.acts import check_is_as_seen, locked_for
from webapp.services.cases.beside import engine_key
from webapp.services.cases.chain import Event
from webapp.services.cases.diagram_timers import set_timers
from webapp.services.cases.history import Entry
from webapp.services.cases.locks import LockedCase
from webapp.services.cases.routing import engine_facts, facts_as_key
from webapp.services.cases.rows import ADVANCE_CASE, TELL
from webapp.services.cases.task_rows import TaskRow, row_of, tasks_and_history
from webapp.services.cases.views import CaseView
from webapp.services.context import connection_of
from webapp.services.offices.addressees import reroute_tasks
from workflows.definition import Definition
from workflows.engine import Facts, TaskNotOpen, TimerNotArmed

# What had come of the decision: a task keeps its row, for when its step is reached again.
_CANCEL = """
WITH disarmed AS (DELETE FROM timer WHERE task_id = ANY(%(gone)s))
UPDATE task SET state = 'cancelled', ended_at = %(at)s WHERE id = ANY(%(gone)s)
"""

# What whoever has a task next does with it, beside deciding it.
ACTS = (
    EventKind.RETURNED,
    EventKind.RECORD_CONFLICT,
    EventKind.SENT_BACK,
    EventKind.SIGNED,
    EventKind.ASKED,
    EventKind.ACKNOWLEDGED,
)


class NotYourDecision(errors.Refusal):
    """Only who decided a step, or for whom it was decided, takes that back, and only while he holds the same post."""

    status = 403


class NothingToRecall(errors.Refusal):
    """There is no decision here that could be taken back."""

    status = 409


class NextHasActed(errors.Refusal):
    """{office} ({role}) acted on it at {at}, so it cannot be taken back any more. Ask there for a return."""

    status = 409


class TimeHasPassed(errors.Refusal):
    """A timer of the process has fired on it already, so it cannot be taken back any more."""

    status = 409


class OtherProvinceAsked(errors.Refusal):
    """It went on to another province, so it cannot be taken back any more."""

    status = 409


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What is left without a decision: the engine's state, the tasks that had come of it, and those that it closed."""

    state: bytes
    gone: Sequence[TaskRow]
    back: Sequence[TaskRow]


def recall(session: Session, officer: Person, task_id: int, *, version: int, reason: str = "") -> None:
    """Take one's own decision back; the task is open again, and what it led to is not. Commits.

    Raises NotYourDecision, OwnChild, NothingToRecall, NextHasActed, OtherProvinceAsked, CaseChanged, CaseReturned or
    CaseEnded.
    """
    task, officer = locked_for(session, officer, task_id)
    case = task.case
    tasks, told = tasks_and_history(session, case.id)
    [mine] = [one for one in tasks if one.id == task_id]
    post = _post_of_decider(officer, mine, case.student_id)
    check_is_as_seen(case, version)
    undoing = _without(task.definition, engine_facts(case.facts), told, tasks, mine)
    event = history.entry(
        session,
        case,
        EventKind.RECALLED,
        at=clock.now(),
        actor_id=officer.account_id,
        post=post,
        task_key=mine.key,
        payload={"opinion": reason.strip()},
    )
    calendar = calendar_of(session, revision=case.calendar_revision)
    with connection_of(session).pipeline():
        _write(session, mine, undoing, event)
        for one in undoing.back:
            clocks.open_again(session, calendar, one, tasks, told, at=event.at)
    set_timers(session, case.id, case.process_version_id, case.process_sha256)
    _ask_again(session, case, mine, undoing, is_his=_is_asked_still(case, mine, officer, post))
    session.commit()


def may_recall(officer: Person, mine: Task, view: CaseView) -> bool:
    """Whether the page offers somebody to take his decision back."""
    if view.case.state != CaseState.IN_REVIEW:
        return False
    try:
        _post_of_decider(officer, row_of(mine), view.case.student_id)
        told, tasks = [*history.entries_of(view.events)], [row_of(task) for task in view.tasks]
        _without(view.definition, engine_facts(view.case.facts), told, tasks, row_of(mine))
    except errors.Refusal:
        return False
    return True


def _post_of_decider(officer: Person, mine: TaskRow, student_id: int) -> Post:
    post = post_for(officer, mine.office_id, Role(mine.role), about=student_id)
    if post is None or officer.account_id not in {mine.ended_by_id, mine.ended_for_id}:
        raise NotYourDecision
    if is_close_to(officer, post, student_id):
        raise errors.OwnChild
    return post


def _ask_again(session: Session, case: LockedCase, mine: TaskRow, undoing: _Undoing, *, is_his: bool) -> None:
    """Ask whom it would be today of what is open again, and tell those whose task the decision had closed."""
    closed = {task.id for task in undoing.back} - {mine.id}
    asked = {*case.beside, *closed} - {
        task.id for task in undoing.gone
    }  # he may take what is beside it again
    if not is_his:
        asked.add(mine.id)
    moved = reroute_tasks(session, asked, clock.today()) if asked else []  # who is told so
    common = {"kind": NoticeKind.READDRESSED, "change_request_id": case.id, "created_at": clock.now()}
    session.add_all(Outbox(task_id=task_id, **common) for task_id in sorted(closed.difference(moved)))


def _is_asked_still(case: LockedCase, mine: TaskRow, officer: Person, post: Post) -> bool:
    """Whether the task is without any question the officer's own again: he holds the post of its seat.

    He may have handed the case in since, and so take it no more.
    """
    holds = not mine.vacant and post.instead_of is None and officer.account_id not in case.applicant_ids
    return holds and mine.claimed_by_id in {None, officer.account_id}


def _without(
    definition: Definition, facts: Facts, told: Sequence[Entry], tasks: Sequence[TaskRow], mine: TaskRow
) -> _Undoing:
    """Fold the decisions without one, if nobody has acted on it."""
    log = history.log_of(told)
    key = engine_key(mine.key)
    if key not in log or mine.ask not in {None, Ask.COSIGNATURE}:
        raise NothingToRecall
    _require_undecided(one for one in tasks if (one.asked_from, one.ask) == (mine.key, Ask.COSIGNATURE))
    known = facts_as_key(facts)
    led_to = {task.key for task in history.folded(definition, known, log).opened}
    try:
        after = history.folded(definition, known, log.without(key))
    except TaskNotOpen as later:
        raise _acted(tasks, _decision_of(later.task_key, told)) from later
    except TimerNotArmed as fired:
        raise TimeHasPassed from fired
    wanted = {task.key for task in after.opened}
    gone = [task for task in tasks if task.key in led_to - wanted]
    _require_untouched(told, gone)
    return _Undoing(
        after.state, gone, back=[mine, *(task for task in tasks if task.key in wanted - led_to - {key})]
    )


def _require_undecided(cosigners: Iterable[TaskRow]) -> None:
    """Raise NextHasActed if another has signed after whoever asked him to, and so decided the step."""
    for task in cosigners:
        if task.state == TaskState.DONE:
            raise NextHasActed(office=task.office, role=Role(task.role), at=task.ended_at)


def _require_untouched(told: Iterable[Entry], gone: Collection[TaskRow]) -> None:
    """Raise NextHasActed or OtherProvinceAsked if something happened to the tasks that a decision has led to."""
    keys = {task.key for task in gone}
    for entry in told:
        if entry.kind in ACTS and entry.task_key in keys:
            raise _acted(gone, entry)
    if any(task.seat == Seat.OUTSIDE for task in gone):
        raise OtherProvinceAsked


def _decision_of(key: str, told: Sequence[Entry]) -> Entry:
    """Return the entry by which a task was decided that the engine knows by this key."""
    decided = (entry for entry in reversed(told) if entry.kind in history.MOVES_THE_TOKEN)
    return next(entry for entry in decided if engine_key(str(entry.task_key)) == key)


def _acted(tasks: Iterable[TaskRow], entry: Entry) -> NextHasActed:
    """Say who acted, and when, as an entry tells it."""
    [task] = [task for task in tasks if task.key == entry.task_key]
    return NextHasActed(office=task.office, role=Role(task.role), at=entry.at)


def _write(session: Session, mine: TaskRow, undoing: _Undoing, event: Event) -> None:
    common = {"case": event.change_request_id, "task": mine.id, "at": event.at, "notice": NoticeKind.RECALLED}
    moved = {"state": CaseState.IN_REVIEW, "token": undoing.state, "ended_at": None}
    connection = connection_of(session)
    connection.execute(_CANCEL, common | {"gone": [task.id for task in undoing.gone]})
    connection.execute(ADVANCE_CASE, common | moved | event.values())
    connection.execute(TELL, common)
