"""Which task a message answers; if none, whether it came too early, or too late, or against what stands here."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Task
from models.enums import CaseState, MessageKind, Outcome, Seat, TaskState, Trouble
from webapp.services.cases.agreements import is_bound
from webapp.services.cases.routing import engine_facts
from webapp.services.exchange.messages import Body, Decided, Ended, Pulled, Refused
from webapp.services.exchange.steps import is_answered_by
from webapp.services.processes.versions import definition_of
from workflows.engine import preview

UNSUCCESSFUL = (CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.REVOKED, CaseState.TERMINATED)


class TooEarlyError(Exception):
    """A message has to wait for something that is still to come; the text says what."""


class TooLateError(Exception):
    """A message can have no effect any more, or never could; the text says why."""


class ContradictionError(Exception):
    """A message says the opposite of what stands here already; the text says of what. Somebody has to ring up."""

    def __init__(self, trouble: Trouble, said: str) -> None:
        super().__init__(said)
        self.trouble = trouble


def task_for(session: Session, case: ChangeRequest, kind: MessageKind, body: Body) -> Task:
    """Return the open task that a message about a case answers.

    Raises TooEarlyError if it is still to come; if it is not, TooLateError or ContradictionError.
    """
    at_outside = select(Task).where(Task.change_request_id == case.id, Task.seat == Seat.OUTSIDE)
    tasks = [task for task in session.scalars(at_outside) if is_answered_by(task.step, kind)]
    for task in tasks:
        if task.state == TaskState.OPEN:
            return task
        if task.state == TaskState.SUSPENDED:
            raise TooEarlyError("the case is with the applicant for correction")
    if case.state.is_open and not tasks and _is_to_come(session, case, kind):
        raise TooEarlyError("the step that it answers is not reached yet")
    raise late(body, case, tasks, bound=is_bound(session, case.id))


def _is_to_come(session: Session, case: ChangeRequest, kind: MessageKind) -> bool:
    version = case.process_version
    assert version is not None
    way = preview(definition_of(session, version.id, version.sha256), engine_facts(case.facts))
    steps = (planned.step for planned in way if not planned.skipped)
    return any(step.seat == Seat.OUTSIDE and is_answered_by(step.id, kind) for step in steps)


def late(
    body: Body, case: ChangeRequest, tasks: Sequence[Task], *, bound: bool
) -> TooLateError | ContradictionError:
    """Return what to raise for a message that nothing waits for.

    `tasks` are those that it could have answered; `bound` is whether we told them that our side agrees.
    """
    if case.state == CaseState.COMPLETED and _is_against(body):
        said = "the case was completed, and the pupil is at the other school"
        return ContradictionError(Trouble.AGAINST_COMPLETION, said)
    if case.state.is_open and _is_against(body) and _was(Outcome.APPROVE, tasks):
        return ContradictionError(Trouble.AGAINST_APPROVAL, "the step that it answers was approved")
    if case.state in UNSUCCESSFUL and _is_last_word(body, bound=bound or _was(Outcome.REJECT, tasks)):
        said = f"the case has ended without success: {case.state}"
        return ContradictionError(Trouble.AGAINST_ENDING, said)
    if not case.state.is_open:
        return TooLateError(f"the case has ended already: {case.state}")
    return TooLateError("the step that it answers is decided already" if tasks else "no step waits for it")


def _is_against(body: Body) -> bool:
    return isinstance(body, Refused | Ended) or (isinstance(body, Decided) and body.outcome == "reject")


def _is_last_word(body: Body, *, bound: bool) -> bool:
    """Whether the transfer is done for the other side: the file pulled, or both agreed as far as it knows."""
    return isinstance(body, Pulled) or (bound and isinstance(body, Decided) and body.outcome == "approve")


def _was(outcome: Outcome, tasks: Sequence[Task]) -> bool:
    return any(task.state == TaskState.DONE and task.outcome == outcome for task in tasks)
