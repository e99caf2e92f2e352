"""Who looked at whose data: every look is written to the access log, which nobody can alter (architecture 6).

The caller commits: a look counts once it was given.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models import AccessLog
from webapp import clock
from webapp.policy import Person


def log_look(
    session: Session, person: Person, what: str, *, student_id: int | None, case_id: int | None = None
) -> None:
    """Write down a look at one student's data, or with `student_id` None a look-up that found nobody."""
    session.add(
        AccessLog(
            at=clock.now(),
            account_id=person.account_id,
            student_id=student_id,
            change_request_id=case_id,
            what=what,
        )
    )


def log_list(session: Session, person: Person, what: str, student_ids: Iterable[int]) -> None:
    """Write down a page that lists students, in one row; a family's own children are no news to it."""
    listed = set(student_ids).difference(person.children)
    if listed:
        session.add(
            AccessLog(at=clock.now(), account_id=person.account_id, listed_ids=sorted(listed), what=what)
        )
