"""What another province was told that our side agrees to: it counts on it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ExchangeMessage, ReturnRequest
from models.enums import MessageDirection, MessageKind, Outcome


def is_bound(session: Session, case_id: int) -> bool:
    """Whether the other province goes by our agreement to a case: it was told, and has found no fault since."""
    agreed = select(ExchangeMessage).where(
        ExchangeMessage.change_request_id == case_id,
        ExchangeMessage.direction == MessageDirection.OUT,
        ExchangeMessage.kind == MessageKind.DECIDED,
        ExchangeMessage.body["outcome"].astext == Outcome.APPROVE,
    )
    at_fault = select(ReturnRequest).where(
        ReturnRequest.change_request_id == case_id,
        ReturnRequest.resolved_at.is_(None),
        func.cardinality(ReturnRequest.codes) > 0,
    )
    return session.scalar(select(agreed.exists() & ~at_fault.exists())) is True
