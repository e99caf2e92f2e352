"""What was sent twice and is done already, by the account of the history: its sender reads that it is done.

A decision needs no token for that: it is known by who made it, how, and in which words.
"""

from sqlalchemy.orm import Session

from models import Task
from models.enums import CaseState, EventKind, Outcome
from webapp.policy import Person
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case

STATES = {EventKind.COMPLETED: CaseState.COMPLETED, EventKind.REJECTED: CaseState.REJECTED}


def decided_so(
    session: Session, officer: Person, task_id: int, *, outcome: str, opinion: str, code: str | None = None
) -> CaseState | None:
    """Return the state in which a decision of this officer left the case, if his task was decided in the same words."""
    task = session.get_one(Task, task_id, populate_existing=True)
    events = [event for event in task.change_request.events if event.task_key == task.key and event.outcome]
    if not events or task.outcome != outcome:
        return None
    last = events[-1]
    if (last.actor_id, last.payload["opinion"]) != (officer.account_id, opinion.strip()):
        return None
    if outcome == Outcome.REJECT and last.payload["ground"]["code"] != code:
        return None
    return STATES.get(last.kind, CaseState.IN_REVIEW)


def handed_in_again(session: Session, applicant: Person, case_id: int) -> bool:
    """Whether the last thing that happened to a case is that this person handed it in again."""
    case = locked_case(session, case_id)
    return case is not None and history.ends_with(session, case, EventKind.RESUBMITTED, applicant.account_id)
