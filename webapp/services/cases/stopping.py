"""A case is stopped by an office: revoked where it began (撤销), or cleared away by the authority (在办业务清理).

Source: domain 3.0.1.
"""

from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import CaseState, EventKind, OfficeKind, Role
from webapp import errors
from webapp.policy import Person, Post, first_post, is_close_to, post_for
from webapp.services.cases import endings
from webapp.services.cases.acts import require_reason
from webapp.services.cases.agreements import is_bound
from webapp.services.cases.applications import locked_case_for
from webapp.services.cases.history import present_tasks

# Who speaks for a bureau as a whole.
LEADING_ROLES = (Role.LEAD, Role.DEPUTY, Role.APPROVER)

STATES = {EventKind.REVOKED: CaseState.REVOKED, EventKind.TERMINATED: CaseState.TERMINATED}


class NotWhereItBegan(errors.Refusal):
    """Only the registrar of the school where the case began revokes it."""

    status = 403


class NotTheAuthority(errors.Refusal):
    """Only those who lead a bureau above one of the two schools end a case that is under way."""

    status = 403


def revoke(session: Session, registrar: Person, case_id: int, *, reason: str) -> None:
    """Revoke a case under way at the school where it began, never a finished one (W09); commits.

    Raises NoSuchCase, NotWhereItBegan, OwnChild, CaseEnded, BoundByAgreement or ReasonMissing.
    """
    case, registrar = locked_case_for(session, registrar, case_id)
    post = revoking_post(registrar, case)
    if post is None:
        raise NotWhereItBegan
    _stop(session, registrar, case, EventKind.REVOKED, post=post, reason=reason)


def terminate(session: Session, officer: Person, case_id: int, *, reason: str) -> None:
    """End a case under way when business is cleared up; the student is as before it (W51); commits.

    Raises NoSuchCase, NotTheAuthority, OwnChild, CaseEnded, BoundByAgreement or ReasonMissing.
    """
    case, officer = locked_case_for(session, officer, case_id)
    post = terminating_post(officer, case)
    if post is None:
        raise NotTheAuthority
    _stop(session, officer, case, EventKind.TERMINATED, post=post, reason=reason)


def may_revoke(session: Session, person: Person, case: ChangeRequest) -> bool:
    """Whether the page offers to revoke a case."""
    return _may_stop(session, person, case, revoking_post(person, case))


def may_terminate(session: Session, person: Person, case: ChangeRequest) -> bool:
    """Whether the page offers to end a case that is under way."""
    return _may_stop(session, person, case, terminating_post(person, case))


def revoking_post(person: Person, case: ChangeRequest) -> Post | None:
    """Return the post in which somebody may revoke a case: registrar where it began, by school or by first step.

    What began anew, perhaps at another school, began there.
    """
    schools = {case.from_school_id, case.to_school_id}
    present = present_tasks(case.tasks, case.events)
    asked = [task.seat_office_id for task in present if task.seat_office_id in schools]
    if not asked:
        return None
    return post_for(person, case.applicant_office_id or asked[0], Role.REGISTRAR, about=case.student_id)


def terminating_post(person: Person, case: ChangeRequest) -> Post | None:
    """Return the post in which somebody may end a case: leading a bureau above one of its schools."""
    above = {
        office_id for school in (case.from_school, case.to_school) if school for office_id in school.path
    }
    leading = (post for post in person.posts if post.role in LEADING_ROLES)
    bureaus = (post for post in leading if post.kind == OfficeKind.BUREAU and post.office_id in above)
    return first_post(person, bureaus, case.student_id)


def _may_stop(session: Session, person: Person, case: ChangeRequest, post: Post | None) -> bool:
    if post is None or is_close_to(person, post, case.student_id):
        return False
    return case.state.is_open and not is_bound(session, case.id)


def _stop(
    session: Session, officer: Person, case: ChangeRequest, kind: EventKind, *, post: Post, reason: str
) -> None:
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    if not case.state.is_open:
        raise errors.CaseEnded(state=case.state)
    if is_bound(session, case.id):
        raise errors.BoundByAgreement
    require_reason(reason)
    said = {"opinion": reason.strip()}
    endings.end(session, case, STATES[kind], kind, actor_id=officer.account_id, post=post, payload=said)
    session.commit()
