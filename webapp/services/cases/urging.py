"""Urging (催办): whoever applied, or an office that sees the case, reminds those that it waits for (domain 3.0.4b).

Once in 24 hours, whoever does it.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, Task
from models.enums import CaseState, EventKind, NoticeKind, Role, TaskState
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant, deciding_post_on, post_for
from webapp.services.cases import history
from webapp.services.cases.applications import applying_post, locked_case

PAUSE = timedelta(hours=24)


class UrgedAlready(errors.Refusal):
    """The offices were urged within the last 24 hours. You may urge them again from {again_at} on."""

    status = 409


class NobodyToUrge(errors.Refusal):
    """No office here has this case to decide at present."""

    status = 409


def urge(session: Session, person: Person, case_id: int) -> None:
    """Remind whoever has a case to decide; commits. Raises NoSuchCase, NobodyToUrge or UrgedAlready."""
    case = locked_case(session, case_id)
    if case is None or case.state == CaseState.DRAFT:
        raise errors.NoSuchCase
    post = deciding_post_on(person, case)
    if acts_for_applicant(person, case):
        post = applying_post(person, case)
    elif post is None:
        raise errors.NoSuchCase
    waiting = _waiting(case)
    if not waiting:
        raise NobodyToUrge
    at = clock.now()
    if (again_at := may_urge_again_at(case)) and again_at > at:
        raise UrgedAlready(again_at=again_at)
    for task in waiting:
        session.add(Outbox(kind=NoticeKind.URGED, change_request_id=case.id, task_id=task.id, created_at=at))
    history.add(
        session,
        case,
        EventKind.URGED,
        at=at,
        actor_id=person.account_id,
        post=post,
        payload={},
    )
    session.commit()


def may_urge(person: Person, case: ChangeRequest) -> bool:
    """Whether the page offers it now; to an officer unless all that is awaited is his own."""
    again_at, waiting = may_urge_again_at(case), _waiting(case)
    if not acts_for_applicant(person, case):
        if deciding_post_on(person, case) is None:
            return False
        waiting = [task for task in waiting if post_for(person, task.office_id, task.role) is None]
    return bool(waiting) and (again_at is None or again_at <= clock.now())


def may_urge_again_at(case: ChangeRequest) -> datetime | None:
    """Return when the pause after the last urging ends; None if nobody has urged."""
    urged = [event.at for event in case.events if event.kind == EventKind.URGED]
    return urged[-1] + PAUSE if urged else None


def _waiting(case: ChangeRequest) -> list[Task]:
    """The tasks that offices here have to decide; another province is not urged from here."""
    return [
        task
        for task in case.tasks
        if task.state == TaskState.OPEN and task.blocking and task.role != Role.COUNTERPART
    ]
