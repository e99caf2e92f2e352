"""What was approved together is carried out when it can no longer be undone: by the worker, in parts.

A part is one transaction: the bulk is locked, so that another worker takes another one, and those of its cases that
nobody else holds. They are read at once, decided by the officer as he is then with what a single decision asks, and
written at once, with what became of each. Whoever is killed has done a part or has not. A part that fails is done one
by one.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from models import Bulk, BulkItem, ChangeRequest, SchoolPlaces, Student, Task
from models.enums import BulkResult, Seat
from webapp import clock, errors
from webapp.database import PASSING
from webapp.policy import Person
from webapp.services.cases.acts import Act, AnswerAwaited, with_process
from webapp.services.cases.claims import ClaimedByColleague
from webapp.services.cases.closings import TaskClosed
from webapp.services.cases.decisions import act_on, carry_out
from webapp.services.cases.failures import FAILURES
from webapp.services.cases.locks import LockedCase, read_tasks
from webapp.services.cases.outcomes import decision_on
from webapp.services.cases.rows import Decision
from webapp.services.cases.told import kept
from webapp.services.cases.weighing import require_rules
from webapp.services.people.accounts import person_now

PART = 50

log = logging.getLogger(__name__)


class SenderLeft(errors.Refusal):
    """The account of whoever sent it was closed meanwhile."""

    status = 403


class WentWrong(errors.Refusal):
    """It could not be carried out for a technical reason. Open the task to decide it, and tell the administrator."""

    status = 500


# What changed meanwhile, so that it is not decided; every other refusal is about what it is.
CHANGED = (
    SenderLeft,
    AnswerAwaited,
    ClaimedByColleague,
    errors.NotAllowed,
    errors.AlreadyDecided,
    errors.CaseChanged,
    errors.CaseReturned,
    errors.RecordChanged,
    TaskClosed,
)


class _Item(NamedTuple):
    """A task that waits, with the versions of its case and of the student's record as the officer saw them."""

    task_id: int
    version: int
    record_version: int


class _Part(NamedTuple):
    """Some tasks of a bulk that is locked."""

    bulk: Bulk
    items: Sequence[_Item]


def run_due(session: Session) -> int:
    """Carry out a part of what is due and nobody undid, commit, and return how many tasks that was."""
    part = _next_part(session)
    if part is None:
        session.rollback()
        return 0
    bulk_id, task_ids = part.bulk.id, [item.task_id for item in part.items]
    try:
        _carry_out(session, part)
    except FAILURES as failed:
        session.rollback()
        log.warning("A part of bulk %s failed, and is done one by one: %s", bulk_id, failed)
        return sum(_alone(session, bulk_id, task_id) for task_id in task_ids)
    return len(task_ids)


def _alone(session: Session, bulk_id: int, task_id: int) -> bool:
    """Carry out one task by itself; False if it is to be tried again."""
    try:
        bulk = session.get_one(Bulk, bulk_id, with_for_update=True, populate_existing=True)
        items = _free(session, bulk, task_id)
        _carry_out(session, _Part(bulk, items))
    except PASSING as failed:
        session.rollback()
        log.warning("Task %s of bulk %s is tried again: %s", task_id, bulk_id, failed)
        return False
    except FAILURES as failed:
        session.rollback()
        log.error("Task %s of bulk %s cannot be decided: %s", task_id, bulk_id, failed)
        _set_aside(session, bulk_id, task_id)
        return True
    return bool(items)


def _next_part(session: Session) -> _Part | None:
    """Return tasks of the first bulk that is due and has some whose case nobody else holds, and hold them."""
    due = (Bulk.done_at.is_(None), Bulk.undone_at.is_(None), Bulk.runs_at <= clock.now())
    first = select(Bulk).where(*due).order_by(Bulk.runs_at, Bulk.id).limit(1)
    held: list[int] = []
    while bulk := session.scalar(first.where(Bulk.id.not_in(held)).with_for_update(skip_locked=True)):
        if items := _free(session, bulk):
            return _Part(bulk, items)
        held.append(bulk.id)
    return None


def _free(session: Session, bulk: Bulk, task_id: int | None = None) -> Sequence[_Item]:
    """Return what waits and can be decided at once: whoever holds a case keeps no other one waiting."""
    items = (
        select(BulkItem.task_id, BulkItem.version, BulkItem.record_version)
        .join(Task, Task.id == BulkItem.task_id)
        .join(ChangeRequest, ChangeRequest.id == Task.change_request_id)
        .where(*_waiting(bulk))
        .with_for_update(of=ChangeRequest, key_share=True, skip_locked=True)
    )
    if task_id is not None:
        items = items.where(BulkItem.task_id == task_id)
    rows = session.execute(items.order_by(BulkItem.task_id).limit(PART))
    return [_Item(task_id, version, record_version) for task_id, version, record_version in rows]


def _waiting(bulk: Bulk) -> tuple[ColumnElement[bool], ...]:
    return BulkItem.bulk_id == bulk.id, BulkItem.result == BulkResult.WAITING


def _carry_out(session: Session, part: _Part) -> None:
    """Decide what can be decided of a part, write down what became of each task, and commit."""
    refused = _decide(session, part)
    done = [item.task_id for item in part.items if item.task_id not in refused]
    _write_down(session, part.bulk, done, refused)
    session.commit()


def _decide(session: Session, part: _Part) -> dict[int, errors.Refusal]:
    """Decide the tasks of a part, and return why some were not."""
    found = read_tasks(session, [item.task_id for item in part.items], lock=True)
    _lock_places(session, [item.task_id for item in part.items])
    cases, records = {case.task_id: case for case in found}, _record_versions(session, found)
    officer = person_now(session, part.bulk.account_id)
    pending: list[Decision] = []
    moved: set[int] = set()  # cases
    refused: dict[int, errors.Refusal] = {}
    for item in part.items:
        case = cases[item.task_id]
        try:
            act = _act(session, part.bulk, officer, case, item.version)
            if case.id in moved:  # by another task of this part
                raise errors.CaseChanged
            if case.blocking and records[case.student_id] != item.record_version:
                require_rules(session, session.get_one(Task, item.task_id))
            if act.task.takes_place:  # which is counted in the database
                carry_out(session, *pending)
                pending.clear()
            pending.append(decision_on(session, act, part.bulk.outcome))
            moved.add(case.id)
        except errors.Refusal as refusal:
            refused[item.task_id] = refusal
    carry_out(session, *pending)
    return refused


def _lock_places(session: Session, task_ids: Sequence[int]) -> None:
    """Let nobody else give away the places that tasks take: all at once, before a task is written, in one order."""
    session.execute(
        select(SchoolPlaces.school_id, SchoolPlaces.grade)
        .join(ChangeRequest, ChangeRequest.to_school_id == SchoolPlaces.school_id)
        .join(Task, Task.change_request_id == ChangeRequest.id)
        .where(Task.id.in_(task_ids), Task.seat == Seat.RECEIVING_SCHOOL)
        .where(ChangeRequest.form["grade"].as_integer() == SchoolPlaces.grade)
        .order_by(SchoolPlaces.school_id, SchoolPlaces.grade)
        .with_for_update(of=SchoolPlaces)
    )


def _act(session: Session, bulk: Bulk, officer: Person | None, case: LockedCase, version: int) -> Act:
    if officer is None:
        raise SenderLeft
    task, named = with_process(session, case), {"bulk": bulk.id}
    return act_on(session, officer, task, version=version, opinion=bulk.opinion, evidence=named)


def _record_versions(session: Session, cases: Iterable[LockedCase]) -> dict[int, int]:
    versions = select(Student.id, Student.version).where(Student.id.in_([case.student_id for case in cases]))
    return dict(session.execute(versions).all())


def _write_down(
    session: Session, bulk: Bulk, done: Sequence[int], refused: Mapping[int, errors.Refusal]
) -> None:
    mine = update(BulkItem).where(BulkItem.bulk_id == bulk.id)
    session.execute(mine.where(BulkItem.task_id.in_(done)).values(result=BulkResult.DONE))
    for task_id, refusal in refused.items():
        became = BulkResult.LAPSED if isinstance(refusal, CHANGED) else BulkResult.REFUSED
        session.execute(mine.where(BulkItem.task_id == task_id).values(result=became, told=kept(refusal)))
    if not session.scalar(select(exists().where(*_waiting(bulk)))):
        bulk.done_at = clock.now()


def _set_aside(session: Session, bulk_id: int, task_id: int) -> None:
    """Let a task that cannot be decided keep no other one waiting."""
    bulk = session.get_one(Bulk, bulk_id, with_for_update=True, populate_existing=True)
    if session.scalar(select(exists().where(*_waiting(bulk), BulkItem.task_id == task_id))):
        _write_down(session, bulk, [], {task_id: WentWrong()})
    session.commit()
