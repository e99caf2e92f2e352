"""Somebody is away from today on, and a colleague acts in his place (代理)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models import Substitution
from webapp import clock
from webapp.policy import Person, Post
from webapp.services.people.accounts import person_now
from webapp.services.people.substitutes import name_substitute


def name(
    session: Session, away: Person, colleague: Person, *, days: int = 1, post: Post | None = None
) -> Substitution:
    """Let him who will be away name a colleague: for one of his posts, the first if none is given."""
    today = clock.today()
    return name_substitute(
        session,
        away,
        absent_id=away.account_id,
        post=post or away.posts[0],
        substitute_id=colleague.account_id,
        since=today,
        last=today + timedelta(days=days - 1),
    )


def stands_in(
    session: Session, away: Person, colleague: Person, *, days: int = 1, post: Post | None = None
) -> Person:
    """Name him; return the colleague as he acts now."""
    name(session, away, colleague, days=days, post=post)
    found = person_now(session, colleague.account_id)
    assert found is not None
    return found
