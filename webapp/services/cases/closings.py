"""What closed a task that nobody has to decide any more (已关闭): what happened to its case, who did that, and when."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseEvent, Task
from models.enums import EventKind, Outcome
from webapp.errors import Refusal
from webapp.services.cases import history


class TaskClosed(Refusal):
    """Nobody has to decide this task now. The history of its case says how it went on."""

    status = 409


class ClosedByWithdrawal(TaskClosed):
    """The applicant withdrew the application at {at}, so this task is closed."""


class ClosedByRejection(TaskClosed):
    """{office} ({role}) rejected the application at {at}, so this task is closed."""


class ClosedByRevocation(TaskClosed):
    """{office} ({role}) revoked the application at {at}, so this task is closed."""


class ClosedByAuthority(TaskClosed):
    """{office} ({role}) ended this business at {at}, so this task is closed."""


class ClosedElsewhere(TaskClosed):
    """The other province ended the application at {at} ({what}), so this task is closed."""


class ClosedByApproval(TaskClosed):
    """{office} ({role}) approved it at {at}, and the case went on, so this task is closed."""


class ClosedByDecision(TaskClosed):
    """{office} ({role}) decided it at {at}, and the case went another way, so this task is closed."""


class ClosedByRecall(TaskClosed):
    """{office} ({role}) took the decision back at {at} that had led here, so this task is closed."""


class ClosedWithQuestion(TaskClosed):
    """{office} ({role}) took the question back at {at}, so this task is closed."""


class ClosedByCorrection(TaskClosed):
    """The applicant corrected the application at {at} so that the case began anew, and this task is closed."""


class ClosedByTime(TaskClosed):
    """A time limit of the process ended at {at}, and the case went on, so this task is closed."""


_CLOSES: Mapping[str, type[TaskClosed]] = {
    EventKind.WITHDRAWN: ClosedByWithdrawal,
    EventKind.REJECTED: ClosedByRejection,
    EventKind.REVOKED: ClosedByRevocation,
    EventKind.TERMINATED: ClosedByAuthority,
    EventKind.DECIDED: ClosedByDecision,
    EventKind.COMPLETED: ClosedByDecision,
    EventKind.RECALLED: ClosedByRecall,
    EventKind.UNASKED: ClosedWithQuestion,
    EventKind.RESUBMITTED: ClosedByCorrection,
    EventKind.FIRED: ClosedByTime,
}
# By the family or by time, and else in another province.
_BY_NO_OFFICE: Mapping[str, type[TaskClosed]] = {
    EventKind.WITHDRAWN: ClosedByWithdrawal,
    EventKind.RESUBMITTED: ClosedByCorrection,
    EventKind.FIRED: ClosedByTime,
    EventKind.COMPLETED: ClosedByTime,
}


def why_closed(session: Session, case_id: int, at: datetime | None) -> TaskClosed:
    """Return the refusal that says what closed a task at a moment."""
    tasks = session.scalars(select(Task).where(Task.change_request_id == case_id))
    return told_closed(history.events_of(session, case_id), tasks, at)


def told_closed(events: Iterable[CaseEvent], tasks: Iterable[Task], at: datetime | None) -> TaskClosed:
    """Do the same by the history of a case: its last entry of that moment that closes tasks."""
    closing = [event for event in events if event.at == at and event.kind in _CLOSES]
    if not closing:
        return TaskClosed()
    event = closing[-1]
    decided = next((task for task in tasks if task.key == event.task_key), None)
    office, role = (decided.office, decided.role) if decided else (event.office, event.role)
    if office:
        kind = ClosedByApproval if event.outcome == Outcome.APPROVE else _CLOSES[event.kind]
        return kind(office=office.name, role=role, at=event.at)
    return _BY_NO_OFFICE.get(event.kind, ClosedElsewhere)(at=event.at, what=event.kind)
