"""Which tasks an officer may approve together (批量审批), and what speaks against each of the others.

Unlike a single approval, which its officer may give over a rule that he has looked at, nothing is approved together
that a rule stands against: whoever wants to do so opens the task (domain 7.7 A-10).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Account, Bulk, BulkItem, ChangeRequest, Enrolment, ProcessVersion, Task
from models.enums import BulkResult, Role, TaskState
from webapp import errors
from webapp.policy import Person
from webapp.services.cases.acts import OpenTask, with_process
from webapp.services.cases.decisions import act_on
from webapp.services.cases.locks import read_tasks
from webapp.services.cases.reviews import Review, review_of
from webapp.services.changes.eligibility import RulesStandAgainst
from webapp.services.people.looks import log_list
from workflows.definition import Step

MOST_TOGETHER = 1000


class TooManyTogether(errors.Refusal):
    """At most {most} tasks are approved together. Tick fewer."""

    status = 422


class NotTogether(errors.Refusal):
    """Each case of this step is looked at by itself. Open the task to decide it."""

    status = 422


class AnotherStep(errors.Refusal):
    """Only tasks of one step are approved together, and these are of “{step}”. Approve the others after them."""

    status = 422


class InAnotherBulk(errors.Refusal):
    """{name} has it among those that are approved together at {until}."""

    status = 409


@dataclass(frozen=True, slots=True)
class Weighed:
    """A task that an officer wants to approve with others: what it changes, and why it cannot be, if so."""

    task: Task
    step: Step
    version: int
    record: Enrolment | None
    review: Review
    refusal: errors.Refusal | None

    @property
    def case(self) -> ChangeRequest:
        """The case that the task belongs to."""
        return self.task.change_request


class Waiting(NamedTuple):
    """Who has a task among those that he approves together, in which bulk, and until when that can be undone."""

    bulk_id: int
    name: str
    until: datetime


def weigh(session: Session, officer: Person, tasks: Mapping[int, int]) -> list[Weighed]:
    """Weigh tasks, each with the version of its case that the officer saw, and log the look; the caller commits.

    The first that fits says of which step the others have to be. What is not addressed to him is left out. Raises
    TooManyTogether, or NotAllowed if nothing is addressed to him.
    """
    if len(tasks) > MOST_TOGETHER:
        raise TooManyTogether(most=MOST_TOGETHER)
    posts = {(post.office_id, post.role) for post in officer.posts}
    asked = [case for case in read_tasks(session, tasks) if (case.office_id, Role(case.role)) in posts]
    if not asked:
        raise errors.NotAllowed
    opened = {case.task_id: with_process(session, case) for case in asked}
    log_list(session, officer, "together", (task.case.student_id for task in opened.values()))
    versions = {task_id: version for task_id, version in tasks.items() if task_id in opened}
    return list(_weighed(session, officer, versions, opened))


def whole_step(session: Session, officer: Person, task_id: int) -> dict[int, int]:
    """Return the tasks that wait at the step of one of them, each with the version of its case; the urgent first.

    Of one of a list of new students, those of the same list.

    As many as can be approved together. Raises NotAllowed if that one is not addressed to him.
    """
    one = session.get(Task, task_id)
    if one is None or (one.office_id, one.role) not in {
        (post.office_id, post.role) for post in officer.posts
    }:
        raise errors.NotAllowed
    version = one.change_request.process_version
    assert version is not None, "a case with tasks has one"
    found = (
        select(Task.id, ChangeRequest.version)
        .join(Task.change_request)
        .join(ChangeRequest.process_version)
        .where(Task.office_id == one.office_id, Task.role == one.role, Task.step == one.step)
        .where(Task.state == TaskState.OPEN, Task.ask.is_(None), ProcessVersion.process == version.process)
        .where(Task.roster_id.is_not_distinct_from(one.roster_id))
    )
    return dict(session.execute(found.order_by(Task.due_on, Task.id).limit(MOST_TOGETHER)).all())


def waiting_in(session: Session, task_ids: Collection[int]) -> dict[int, Waiting]:
    """Return which of these tasks wait in a bulk."""
    statement = (
        select(BulkItem.task_id, Bulk.id, Account.name, Bulk.runs_at)
        .join(BulkItem.bulk)
        .join(Bulk.account)
        .where(BulkItem.task_id.in_(task_ids), BulkItem.result == BulkResult.WAITING)
    )
    rows = session.execute(statement)
    return {task_id: Waiting(bulk_id, name, until) for task_id, bulk_id, name, until in rows}


def require_rules(session: Session, task: Task) -> Review:
    """Return what speaks for and against a case today; RulesStandAgainst, or why the rules cannot be asked."""
    review = review_of(session, task, task.change_request)
    if review.not_computable is not None:
        raise review.not_computable
    if any(failure.blocks for failure in review.failed):
        raise RulesStandAgainst(tuple(review.failed))
    return review


def tasks_with_cases(session: Session, task_ids: Collection[int]) -> dict[int, Task]:
    """Return tasks as they are now, with what a list says of their cases, by id."""
    statement = (
        select(Task)
        .where(Task.id.in_(task_ids))
        .options(
            joinedload(Task.change_request).options(
                joinedload(ChangeRequest.student),
                joinedload(ChangeRequest.from_school),
                joinedload(ChangeRequest.to_school),
            )
        )
        .execution_options(populate_existing=True)
    )
    return {task.id: task for task in session.scalars(statement)}


def _weighed(
    session: Session, officer: Person, versions: Mapping[int, int], opened: Mapping[int, OpenTask]
) -> Iterator[Weighed]:
    tasks, waiting = tasks_with_cases(session, versions), waiting_in(session, versions)
    records = _records(session, [task.change_request.student_id for task in tasks.values()])
    first: OpenTask | None = None
    for task_id, version in versions.items():
        task, refusal, review = opened[task_id], None, Review()
        try:
            _require_fit(session, officer, task, version, first)
            first = first or task
            if task_id in waiting:
                raise InAnotherBulk(name=waiting[task_id].name, until=waiting[task_id].until)
            review = require_rules(session, tasks[task_id]) if task.step.blocking else Review()
        except errors.Refusal as told:
            refusal = told
        record = records.get(tasks[task_id].change_request.student_id)
        yield Weighed(tasks[task_id], task.step, version, record, review, refusal)


def _require_fit(
    session: Session, officer: Person, task: OpenTask, version: int, first: OpenTask | None
) -> None:
    """Raise why a task cannot be approved together with the first one."""
    if not task.step.bulk or task.case.ask:
        raise NotTogether
    act_on(session, officer, task, version=version, opinion="")
    if first is not None and _kind(task) != _kind(first):
        raise AnotherStep(step=first.step.name)


def _kind(task: OpenTask) -> tuple[str, str, int, str]:
    return task.definition.key, task.step.id, task.case.office_id, task.case.role


def _records(session: Session, student_ids: Sequence[int]) -> dict[int, Enrolment]:
    statement = select(Enrolment).where(Enrolment.student_id.in_(student_ids), Enrolment.ended_on.is_(None))
    found = session.scalars(statement.options(joinedload(Enrolment.school)))
    return {enrolment.student_id: enrolment for enrolment in found}
