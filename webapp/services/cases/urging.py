"""Urging (催办): whoever applied, or an office that sees the case, reminds those that it waits for (domain 3.0.4b).

Once in 24 hours on behalf of the applicant, and once by the offices, whoever does it.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, Task
from models.enums import EventKind, NoticeKind, Role, TaskState
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant, deciding_post_on, post_for
from webapp.services.cases import history
from webapp.services.cases.applications import applying_post, locked_case_for

PAUSE = timedelta(hours=24)


class UrgedAlready(errors.Refusal):
    """The offices were urged within the last 24 hours. You may urge them again from {again_at} on."""

    status = 409


class NobodyToUrge(errors.Refusal):
    """Nobody else has this case to decide here at present."""

    status = 409


def urge(session: Session, person: Person, case_id: int) -> None:
    """Remind whoever else has a case to decide; commits.

    Raises NoSuchCase, AccountIsDisabled, NobodyToUrge or UrgedAlready.
    """
    case, person = locked_case_for(session, person, case_id)
    is_applicant = acts_for_applicant(person, case)
    post = applying_post(person, case) if is_applicant else deciding_post_on(person, case)
    if post is None and not is_applicant:
        raise errors.NoSuchCase
    waiting = _waiting(person, case)
    if not waiting:
        raise NobodyToUrge
    at = clock.now()
    if (again_at := may_urge_again_at(case, by_applicant=is_applicant)) and again_at > at:
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
    """Whether the page offers it now."""
    is_applicant = acts_for_applicant(person, case)
    if not is_applicant and deciding_post_on(person, case) is None:
        return False
    again_at = may_urge_again_at(case, by_applicant=is_applicant)
    return bool(_waiting(person, case)) and (again_at is None or again_at <= clock.now())


def may_urge_again_at(case: ChangeRequest, *, by_applicant: bool) -> datetime | None:
    """Return when the pause after the last urging ends, that of the applicant or the offices'; None if there was none.

    No office that is urged can use up what the family may do.
    """
    applicants = ((None, None), (case.applicant_office_id, Role.REGISTRAR))  # a family acts for no office
    urged = [
        event.at
        for event in case.events
        if event.kind == EventKind.URGED and ((event.office_id, event.role) in applicants) is by_applicant
    ]
    return urged[-1] + PAUSE if urged else None


def _waiting(person: Person, case: ChangeRequest) -> list[Task]:
    """The tasks that others have to decide here; another province is not urged from here, nor anybody by himself."""
    return [
        task
        for task in case.tasks
        if task.state == TaskState.OPEN
        and task.blocking
        and task.role != Role.COUNTERPART
        and post_for(person, task.office_id, task.role) is None
    ]
