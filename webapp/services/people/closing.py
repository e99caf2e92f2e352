"""Accounts closed and opened again (停用、启用): whoever has left decides nothing more, and his tasks find others.

The caller commits.
"""

from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models import Account, Membership
from webapp import clock
from webapp.services.offices.addressees import reroute
from webapp.services.people.accounts import revoke_all

# As if a membership ended: whoever was asked in this very moment is asked anew when we have finished.
_LIKE_A_CHANGE_OF_MEMBERSHIP = text("LOCK TABLE membership IN ROW EXCLUSIVE MODE")


def close(session: Session, account_id: int) -> int:
    """Close an account: it is signed out everywhere at once. Return how many open tasks went to others."""
    return _set(session, account_id, clock.now())


def reopen(session: Session, account_id: int) -> int:
    """Open a closed account again; return how many tasks came back to its posts. It has to sign in anew."""
    return _set(session, account_id, None)


def _set(session: Session, account_id: int, disabled_at: datetime | None) -> int:
    session.execute(_LIKE_A_CHANGE_OF_MEMBERSHIP)
    session.execute(update(Account).where(Account.id == account_id).values(disabled_at=disabled_at))
    revoke_all(session, account_id)
    today = clock.today()
    held = select(Membership.office_id).where(Membership.account_id == account_id, Membership.valid_on(today))
    offices = session.scalars(held.distinct().order_by(Membership.office_id)).all()
    return sum(len(reroute(session, office_id, today)) for office_id in offices)
