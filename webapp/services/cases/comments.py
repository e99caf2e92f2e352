"""Comments (评论): what officers of a case tell each other about it; the family does not read them."""

from sqlalchemy.orm import Session

from models.enums import EventKind
from models.text import says_something
from webapp import clock, errors
from webapp.policy import Person, deciding_post_on, is_close_to
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case_for


class NothingSaid(errors.Refusal):
    """Write what the other offices should know."""

    status = 422


def comment(session: Session, officer: Person, case_id: int, text: str) -> None:
    """Write a comment into a case's history; commits. Raises NoSuchCase, NotAllowed, OwnChild or NothingSaid."""
    case, officer = locked_case_for(session, officer, case_id)
    post = deciding_post_on(officer, case)
    if post is None:
        raise errors.NotAllowed
    if is_close_to(officer, post, case.student_id):
        raise errors.OwnChild
    if not says_something(text):
        raise NothingSaid
    said = {"comment": text.strip()}
    history.add(
        session,
        case,
        EventKind.COMMENTED,
        at=clock.now(),
        actor_id=officer.account_id,
        post=post,
        payload=said,
    )
    session.commit()
