"""What was sent twice and is done already, by the account of the history: its sender reads that it is done.

A decision needs no token for that: it is known by who made it, how, and in which words.
"""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from models import Task
from models.enums import CaseState, EventKind, Outcome, TaskState
from webapp.policy import Person
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case
from webapp.services.cases.decisions import Decided

STATES = {EventKind.COMPLETED: CaseState.COMPLETED, EventKind.REJECTED: CaseState.REJECTED}


def decided_so(
    session: Session, officer: Person, task_id: int, *, outcome: str, opinion: str, code: str | None = None
) -> Decided | None:
    """Return how a decision of this officer left the case, if his task was decided in the same words."""
    task = session.get_one(Task, task_id, populate_existing=True)
    events = [event for event in task.change_request.events if event.task_key == task.key and event.outcome]
    if not events or task.outcome != outcome:
        return None
    last = events[-1]
    if (last.actor_id, last.payload["opinion"]) != (officer.account_id, opinion.strip()):
        return None
    if outcome == Outcome.REJECT and last.payload["ground"]["code"] != code:
        return None
    return Decided(STATES.get(last.kind, CaseState.IN_REVIEW), _waits_for_others(session, task_id))


def handed_in_again(session: Session, applicant: Person, case_id: int) -> bool:
    """Whether the last thing that happened to a case is that this person handed it in again."""
    case = locked_case(session, case_id)
    return case is not None and history.ends_with(session, case, EventKind.RESUBMITTED, applicant.account_id)


def _waits_for_others(session: Session, task_id: int) -> bool:
    """Whether a case stands where it stood when a task was decided: others sign too (会签), or decide beside it."""
    mine, other = aliased(Task), aliased(Task)
    signed = func.split_part(other.key, ".", 1) == func.split_part(mine.key, ".", 1)
    stood = or_(signed, other.opened_at < mine.ended_at)
    waiting = select(func.bool_and(stood)).join(mine, other.change_request_id == mine.change_request_id)
    return bool(
        session.scalar(waiting.where(mine.id == task_id, other.state == TaskState.OPEN, other.blocking))
    )
