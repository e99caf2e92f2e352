"""Approving together (批量审批): an officer sends tasks of one step with one opinion, and may undo that for a while.

Nothing is decided before that is over; `bulk_runs` does it then. Source: domain 3.0.4b, 7.7 A-10.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Bulk, BulkItem
from models.enums import BulkResult, Outcome
from webapp import clock, errors
from webapp.policy import Person, may_see_bulk, may_undo_bulk, post_for
from webapp.services.cases.told import kept
from webapp.services.cases.weighing import InAnotherBulk, Weighed, waiting_in, weigh
from webapp.services.people.accounts import require_person_now

UNDO_WITHIN = timedelta(seconds=30)


class NothingFits(errors.Refusal):
    """None of these tasks can be approved together with others. Why stands beside each."""

    status = 422


class NoSuchBulk(errors.Refusal):
    """There are no such tasks that were approved together."""

    status = 404


class NotYoursToUndo(errors.Refusal):
    """Only who sent it undoes it, or the lead of the office."""

    status = 403


class TooLateToUndo(errors.Refusal):
    """It is carried out by now. Open a task of it to take that decision back."""

    status = 409


def approve_together(
    session: Session, officer: Person, tasks: Mapping[int, int], *, opinion: str = ""
) -> Bulk:
    """Approve tasks, or acknowledge filings, in half a minute, each with its case's version as he saw it; commits.

    Those that do not fit are refused by name, and the others go on. Raises TooManyTogether, NothingFits, or NotAllowed
    if none is addressed to him.
    """
    weighed = weigh(session, officer, tasks)
    fitting = [one for one in weighed if one.refusal is None]
    if not fitting:
        raise NothingFits
    bulk = _new_bulk(officer, fitting[0], opinion.strip())
    session.add(bulk)
    session.flush()
    refused = {one.task.id: one.refusal for one in weighed if one.refusal}
    refused |= _let_wait(session, bulk, fitting)
    if len(refused) == len(weighed):
        session.rollback()
        raise NothingFits
    by_name = [one for one in weighed if one.task.id in refused]
    session.add_all(_item(bulk, one, told=kept(refused[one.task.id])) for one in by_name)
    session.commit()
    return bulk


def undo(session: Session, person: Person, bulk_id: int) -> None:
    """Undo what is not carried out yet; commits. Who does so twice has done it once.

    Raises NoSuchBulk, AccountIsDisabled, NotAllowed, NotYoursToUndo or TooLateToUndo.
    """
    bulk = session.get(Bulk, bulk_id, with_for_update=True, populate_existing=True)
    if bulk is None:
        raise NoSuchBulk
    person = require_person_now(session, person)
    if not may_see_bulk(person, bulk):
        raise errors.NotAllowed
    if not may_undo_bulk(person, bulk):
        raise NotYoursToUndo
    if bulk.undone_at is not None:
        return
    now = clock.now()
    if bulk.done_at is not None or now >= bulk.runs_at or _is_begun(session, bulk):
        raise TooLateToUndo
    bulk.undone_at = now
    waiting = update(BulkItem).where(BulkItem.bulk_id == bulk.id, BulkItem.result == BulkResult.WAITING)
    session.execute(waiting.values(result=BulkResult.UNDONE))
    session.commit()


def _is_begun(session: Session, bulk: Bulk) -> bool:
    """Whether some of it is decided, by a worker whose clock is ahead of ours."""
    done = select(BulkItem.task_id).where(BulkItem.bulk_id == bulk.id, BulkItem.result == BulkResult.DONE)
    return session.scalar(done.limit(1)) is not None


def _new_bulk(officer: Person, first: Weighed, opinion: str) -> Bulk:
    asked = (first.task.office_id, first.task.role)
    post, now = post_for(officer, *asked, about=first.case.student_id), clock.now()
    assert post is not None, "it was weighed"
    return Bulk(
        account_id=officer.account_id,
        office_id=post.office_id,
        role=post.role,
        instead_of_id=post.instead_of.account_id if post.instead_of else None,
        step=first.step.name,
        outcome=Outcome.APPROVE if first.step.blocking else Outcome.ACKNOWLEDGE,
        opinion=opinion,
        created_at=now,
        runs_at=now + UNDO_WITHIN,
    )


def _let_wait(session: Session, bulk: Bulk, fitting: Sequence[Weighed]) -> dict[int, errors.Refusal]:
    """Let tasks wait in a bulk, and return those that a colleague was quicker with."""
    in_order = sorted(fitting, key=lambda one: one.task.id)  # as everybody else locks them
    if_free = insert(BulkItem).on_conflict_do_nothing(
        index_elements=[BulkItem.task_id], index_where=text("result = 'waiting'")
    )
    rows = [_columns(bulk, one) | {"result": BulkResult.WAITING} for one in in_order]
    mine = {*session.scalars(if_free.returning(BulkItem.task_id), rows)}
    lost = [one.task.id for one in fitting if one.task.id not in mine]
    others = waiting_in(session, lost)
    return {
        task_id: InAnotherBulk(name=others[task_id].name, until=others[task_id].until)
        if task_id in others
        else errors.CaseChanged()
        for task_id in lost
    }


def _item(bulk: Bulk, one: Weighed, told: dict[str, Any]) -> BulkItem:
    return BulkItem(**_columns(bulk, one), result=BulkResult.REFUSED, told=told)


def _columns(bulk: Bulk, one: Weighed) -> dict[str, int]:
    seen = {"version": one.version, "record_version": one.case.student.version}
    return {"bulk_id": bulk.id, "task_id": one.task.id, **seen}
