"""A case as people look at it: what changes, where it stands, what happened, what it waits for.

Whoever looks must have a part in it, and every look at a student's data is written to the access log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import CaseEvent, ChangeRequest, Enrolment, Paper, ReturnRequest, Task
from models.enums import CaseState, Outcome, TaskState
from webapp import errors
from webapp.policy import Person, is_close_to, may_see_case, post_for
from webapp.services.cases.history import present_tasks
from webapp.services.cases.returns import open_return_of
from webapp.services.cases.routing import engine_facts
from webapp.services.papers.files import current_papers
from webapp.services.people.looks import log_look
from webapp.services.processes import versions
from workflows.definition import Definition, Step, Timer
from workflows.drawing import draw
from workflows.engine import preview


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with all that its page shows. `record` is the student's enrolment as it is now."""

    case: ChangeRequest
    definition: Definition
    record: Enrolment | None
    tasks: Sequence[Task]
    events: Sequence[CaseEvent]
    papers: Sequence[Paper]
    wanted: ReturnRequest | None

    @property
    def present_tasks(self) -> Sequence[Task]:
        """The tasks since the case began, or began anew."""
        return present_tasks(self.tasks, self.events)

    @property
    def open_tasks(self) -> list[Task]:
        """The tasks that the case waits for, filings last."""
        return sorted(
            (task for task in self.tasks if task.state == TaskState.OPEN), key=lambda task: not task.blocking
        )

    def step_at(self, key: str) -> Step | Timer:
        """Return the diagram's step, or timer, that the key of a task or of a timer names."""
        name = key.rpartition(":")[0]
        return self.definition.steps.get(name) or self.definition.timers[name]

    def step_of(self, task: Task) -> Step:
        """Return the diagram's step that a task belongs to."""
        return self.definition.steps[task.step]


def case_for(session: Session, person: Person, case_id: int, *, what: str = "case") -> CaseView:
    """Return a case to somebody with a part in it, and log the look; NoSuchCase or NotAllowed otherwise."""
    case = session.scalar(_WHOLE_CASE.where(ChangeRequest.id == case_id))
    if case is None or case.process_version is None:
        raise errors.NoSuchCase
    if not may_see_case(person, case):
        raise errors.NotAllowed
    log_look(session, person, what, student_id=case.student_id, case_id=case.id)
    return CaseView(
        case=case,
        definition=versions.definition_of(session, case.process_version.id, case.process_version.sha256),
        record=_present_record(session, case.student_id),
        tasks=case.tasks,
        events=case.events,
        papers=current_papers(session, case.id),
        wanted=open_return_of(session, case.id) if case.state == CaseState.RETURNED else None,
    )


def task_for(session: Session, person: Person, task_id: int) -> tuple[Task, CaseView]:
    """Return a task with its case to an officer it is addressed to, or to whoever may see the case."""
    task = session.get(Task, task_id)
    if task is None:
        raise errors.NoSuchTask
    return task, case_for(session, person, task.change_request_id, what="task")


def may_decide(person: Person, task: Task, case: ChangeRequest) -> bool:
    """Whether the page offers the decision: open, addressed to a post of the person, not his own child's."""
    post = post_for(person, task.office_id, task.role, about=case.student_id)
    return (
        task.state == TaskState.OPEN and post is not None and not is_close_to(person, post, case.student_id)
    )


def cases_of(session: Session, student_ids: Sequence[int]) -> Sequence[ChangeRequest]:
    """Return the applications for a family's children, drafts included, the newest first."""
    statement = (
        select(ChangeRequest)
        .where(ChangeRequest.student_id.in_(student_ids))
        .options(joinedload(ChangeRequest.to_school), joinedload(ChangeRequest.from_school))
        .options(joinedload(ChangeRequest.student), selectinload(ChangeRequest.tasks))
        .order_by(ChangeRequest.id.desc())
    )
    return session.scalars(statement).all()


def diagrams_of(session: Session, view: CaseView) -> list[str]:
    """Return the case's diagram as SVG, and after it those that it calls while the token is inside them.

    They show what was decided and how, where the token is, and which steps are skipped.
    """
    version = view.case.process_version
    assert version is not None
    files = versions.diagrams_of(session, version.id, version.sha256)
    stand = _standing(view)
    called = dict.fromkeys(step.rpartition("/")[0] for step in sorted(stand.current) if "/" in step)
    steps = tuple(view.definition.steps)
    return [
        _drawn(files[inside.rpartition("/")[2] or version.process], inside, steps, stand)
        for inside in ("", *called)
    ]


class _Standing(NamedTuple):
    """Which steps of a case are at hand, decided, rejected and skipped."""

    current: frozenset[str]
    done: frozenset[str]
    rejected: frozenset[str]
    skipped: frozenset[str]


def _standing(view: CaseView) -> _Standing:
    waits = (TaskState.OPEN, TaskState.SUSPENDED)
    way = preview(view.definition, engine_facts(view.case.facts))
    return _Standing(
        current=frozenset(task.step for task in view.present_tasks if task.state in waits),
        done=frozenset(task.step for task in view.present_tasks if task.state == TaskState.DONE),
        rejected=frozenset(task.step for task in view.present_tasks if task.outcome == Outcome.REJECT),
        skipped=frozenset(planned.step.id for planned in way if planned.skipped),
    )


_WHOLE_CASE = select(ChangeRequest).options(
    joinedload(ChangeRequest.student),
    joinedload(ChangeRequest.from_school),
    joinedload(ChangeRequest.to_school),
    joinedload(ChangeRequest.process_version),
    selectinload(ChangeRequest.tasks).options(
        joinedload(Task.office), joinedload(Task.ended_by), joinedload(Task.claimed_by)
    ),
    selectinload(ChangeRequest.events).options(joinedload(CaseEvent.actor), joinedload(CaseEvent.office)),
)


def _present_record(session: Session, student_id: int) -> Enrolment | None:
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.student_id == student_id, Enrolment.ended_on.is_(None))
        .options(joinedload(Enrolment.school))
    )


@lru_cache(maxsize=256)
def _drawn(bpmn: bytes, inside: str, steps: tuple[str, ...], stand: _Standing) -> str:
    return draw(bpmn, inside=inside, steps=steps, **stand._asdict())
