"""What people choose for themselves."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Account


def choose_locale(session: Session, account_id: int, locale: str) -> None:
    """Let the account read pages and notices in `locale` from now on. The caller commits."""
    session.execute(update(Account).where(Account.id == account_id).values(locale=locale))
