"""Somebody's act on a task: the task with its case, locked, and what has to hold before anything is changed.

What it then changes is in `outcomes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.enums import (
    ADVICE,
    Ask,
    CaseState,
    Outcome,
    Role,
    Seat,
    TaskState,
)
from models.text import says_something
from webapp import errors
from webapp.policy import Person, Post
from webapp.services.cases.chain import Plain
from webapp.services.cases.closings import why_closed
from webapp.services.cases.locks import LockedCase, lock_task, lock_task_for
from webapp.services.people.accounts import require_person_now
from webapp.services.processes.versions import definition_of
from workflows.definition import Definition, Step

# Whoever takes a second look, or is asked for advice, gives an answer; and what else he may decide.
ANSWERS: Mapping[str, tuple[Outcome, ...]] = {
    Ask.SECOND_LOOK: (Outcome.REJECT, Outcome.RETURN),
    **dict.fromkeys(ADVICE, ()),
}


class AnswerAwaited(errors.Refusal):
    """Somebody was asked about it and has not answered. Wait for the answer, or take the question back."""

    status = 409


class OwnQuestion(errors.Refusal):
    """You asked this yourself, or whoever you act for did: another person must answer it."""

    status = 403


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task whose case is locked, and the process that it is a step of."""

    case: LockedCase
    definition: Definition

    @property
    def step(self) -> Step:
        """The diagram's step."""
        return self.definition.steps[self.case.task_step]

    @property
    def takes_place(self) -> bool:
        """Whether whoever approves it gives one of the free places (学位) of a school away."""
        return self.step.seat == Seat.RECEIVING_SCHOOL and self.case.places_published


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody who is allowed to act on a task that waits for it; `post` is none for another province.

    `evidence` goes into the history beside the opinion; `code` names the ground on which an officer rejects.
    """

    task: OpenTask
    actor_id: int
    post: Post | None
    opinion: str
    at: datetime
    evidence: Mapping[str, Plain] = field(default_factory=dict)
    code: str | None = None

    @property
    def case(self) -> LockedCase:
        """The case, locked."""
        return self.task.case


def locked(session: Session, task_id: int) -> OpenTask:
    """Lock a task's case and return it with its process; NoSuchTask."""
    case = lock_task(session, task_id)
    if case is None:
        raise errors.NoSuchTask
    return with_process(session, case)


def locked_for(session: Session, person: Person, task_id: int) -> tuple[OpenTask, Person]:
    """Do the same for somebody, and return who he is once it is locked: he may have left his post while he waited.

    Raises NoSuchTask or AccountIsDisabled.
    """
    case = lock_task_for(session, person, task_id)
    if case is None:
        raise errors.NoSuchTask
    now = person if case.is_his_still else require_person_now(session, person)
    return with_process(session, case), now


def with_process(session: Session, case: LockedCase) -> OpenTask:
    """Return a task with the process that it is a step of."""
    return OpenTask(case, definition_of(session, case.process_version_id, case.process_sha256))


def check_waits(session: Session, case: LockedCase) -> None:
    """Raise the Refusal that says what happened, unless the task waits."""
    if case.task_state == TaskState.DONE:
        told = errors.AlreadyDecided if case.blocking else errors.AlreadyFiled
        raise told(office=case.office, role=Role(case.role), at=case.ended_at)
    if case.is_answer_awaited:
        raise AnswerAwaited
    if case.task_state == TaskState.SUSPENDED:
        raise errors.CaseReturned
    if case.task_state == TaskState.CANCELLED:
        raise why_closed(session, case.id, case.ended_at)


def check_still_open(session: Session, case: LockedCase, version: int) -> None:
    """Raise the Refusal that says what happened, unless the task waits and the case is as it was seen."""
    check_waits(session, case)
    if case.version != version:
        raise errors.CaseChanged


def check_is_as_seen(case: LockedCase, version: int) -> None:
    """Raise the Refusal that says what happened, unless the case is in review and as it was seen."""
    state = CaseState(case.state)
    if not state.is_open:
        raise errors.CaseEnded(state=state)
    if state == CaseState.RETURNED:
        raise errors.CaseReturned
    if case.version != version:
        raise errors.CaseChanged


def require_decision(case: LockedCase, outcome: str) -> None:
    """Raise UnknownOutcome if whoever has the task is to answer, and not to decide this."""
    if case.ask and case.ask in ANSWERS and outcome not in ANSWERS[case.ask]:
        raise errors.UnknownOutcome(outcome=outcome, allowed=(Outcome.ANSWER, *ANSWERS[case.ask]))


def require_reason(reason: str) -> None:
    """Raise ReasonMissing for blanks, dots and whatever else says nothing."""
    if not says_something(reason):
        raise errors.ReasonMissing
