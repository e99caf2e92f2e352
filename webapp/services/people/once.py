"""A form that is sent twice is done once: by a double click, a reload, or a phone whose answer was lost.

A form's token is used up in the transaction that does what the form asks for. Whoever sends it at the same moment
waits for that one to end; if it was refused, the form may be sent again.
"""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import FormToken
from webapp import clock

KEPT = timedelta(days=2)


def is_first(session: Session, account_id: int, token: bytes) -> bool:
    """Use a form's token up, if the caller commits; False if somebody has done so already."""
    used = insert(FormToken).values(token=token, account_id=account_id, created_at=clock.now())
    return session.scalar(used.on_conflict_do_nothing().returning(FormToken.token)) is not None


def forget_tokens(session: Session) -> None:
    """Delete the tokens of forms that nobody sends again; the worker's daily cleaning. The caller commits."""
    session.execute(delete(FormToken).where(FormToken.created_at <= clock.now() - KEPT))
