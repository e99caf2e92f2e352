"""What was approved together, as the office looks at it: the last ones, and one of them task by task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from models import Bulk, BulkItem, Task
from models.enums import BulkResult
from webapp import clock, errors
from webapp.policy import DECIDING_ROLES, Person, may_see_bulk
from webapp.services.cases.bulks import NoSuchBulk
from webapp.services.cases.told import broken_rules, told
from webapp.services.cases.weighing import tasks_with_cases
from webapp.services.changes.eligibility import FailedRule
from webapp.services.people.looks import log_list

LISTED = 30

# What asks for a look stands first.
ORDER = (BulkResult.REFUSED, BulkResult.LAPSED, BulkResult.WAITING, BulkResult.UNDONE, BulkResult.DONE)


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one task: why it was not decided, with the rules that stand against it, if so."""

    task: Task
    result: BulkResult
    refusal: errors.Refusal | None
    rules: Sequence[FailedRule]


@dataclass(frozen=True, slots=True)
class BulkView:
    """What was approved together, and how many seconds are left to undo it: none once it is carried out or undone."""

    bulk: Bulk
    items: Sequence[Item]
    seconds_left: int

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.bulk.done_at is not None or self.bulk.undone_at is not None

    @property
    def counts(self) -> Mapping[BulkResult, int]:
        """How many tasks came to each result that some came to."""
        results = [item.result for item in self.items]
        return {result: results.count(result) for result in ORDER if result in results}


@dataclass(frozen=True, slots=True)
class Listed:
    """What was approved together as a list shows it."""

    bulk: Bulk
    counts: Mapping[BulkResult, int]


def bulk_for(session: Session, person: Person, bulk_id: int) -> BulkView:
    """Return what was approved together to somebody of the office, and log the look; the caller commits.

    Raises NoSuchBulk or NotAllowed.
    """
    bulk = session.get(Bulk, bulk_id, options=_NAMES)
    if bulk is None:
        raise NoSuchBulk
    if not may_see_bulk(person, bulk):
        raise errors.NotAllowed
    stored = session.scalars(
        select(BulkItem).where(BulkItem.bulk_id == bulk_id).order_by(BulkItem.task_id)
    ).all()
    tasks = tasks_with_cases(session, [item.task_id for item in stored])
    log_list(session, person, "bulk", (task.change_request.student_id for task in tasks.values()))
    items = [_item(tasks[item.task_id], item.result, item.told) for item in stored]
    over = bulk.done_at is not None or bulk.undone_at is not None
    left = 0 if over else max(0, int((bulk.runs_at - clock.now()).total_seconds()))
    return BulkView(bulk, sorted(items, key=lambda item: ORDER.index(item.result)), left)


def last_with(session: Session, person: Person, ticked: Mapping[int, int]) -> int:
    """Return the last bulk in which a person sent one of these tasks, each with the version that he saw."""
    sent = select(func.max(Bulk.id)).join(BulkItem).where(Bulk.account_id == person.account_id)
    return session.scalars(sent.where(tuple_(BulkItem.task_id, BulkItem.version).in_(ticked.items()))).one()


def bulks_of_office(session: Session, person: Person) -> list[Listed]:
    """Return what was lately approved together in the offices in which somebody decides, the last first."""
    offices = {post.office_id for post in person.posts if post.role in DECIDING_ROLES}
    found = select(Bulk).where(Bulk.office_id.in_(offices)).options(*_NAMES)
    bulks = session.scalars(found.order_by(Bulk.id.desc()).limit(LISTED)).all()
    counted = (
        select(BulkItem.bulk_id, BulkItem.result, func.count())
        .where(BulkItem.bulk_id.in_([bulk.id for bulk in bulks]))
        .group_by(BulkItem.bulk_id, BulkItem.result)
    )
    counts: dict[int, dict[BulkResult, int]] = {bulk.id: {} for bulk in bulks}
    for bulk_id, result, count in session.execute(counted):
        counts[bulk_id][result] = count
    return [Listed(bulk, _in_order(counts[bulk.id])) for bulk in bulks]


_NAMES = (joinedload(Bulk.account), joinedload(Bulk.instead_of), joinedload(Bulk.office))


def _in_order(counts: Mapping[BulkResult, int]) -> Mapping[BulkResult, int]:
    return {result: counts[result] for result in ORDER if result in counts}


def _item(task: Task, result: BulkResult, stored: Mapping[str, Any] | None) -> Item:
    return Item(task, result, told(stored) if stored else None, broken_rules(stored) if stored else ())
