"""A case here ends because its business has ended in the other province (对方终止)."""

from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox
from models.enums import CaseState, EventKind, NoticeKind
from webapp import clock
from webapp.services import case_rows, history, returns
from webapp.services.audit import Plain
from webapp.services.exchange.messages import Ended
from webapp.services.outside import Evidence

# What it is called here: whatever was not withdrawn by the family was taken back by an office there.
HERE = {
    "withdrawn": (CaseState.WITHDRAWN, EventKind.WITHDRAWN),
    "rejected": (CaseState.REVOKED, EventKind.REVOKED),
    "revoked": (CaseState.REVOKED, EventKind.REVOKED),
    "terminated": (CaseState.REVOKED, EventKind.REVOKED),
}


def end(session: Session, case: ChangeRequest, said: Ended, *, actor_id: int, evidence: Evidence) -> None:
    """End a locked open case as the other province did: its tasks are closed, the record stays; the caller commits."""
    state, kind = HERE[said.how]
    at = clock.now()
    case_rows.cancel_tasks(session, case.id, at)
    request = returns.open_return_of(session, case.id)
    if request is not None:
        request.resolved_at = at
    case.state, case.ended_at = state, at
    session.add(Outbox(kind=NoticeKind.WITHDRAWN, change_request_id=case.id, created_at=at))
    payload: dict[str, Plain] = {"how": said.how, "opinion": said.reason, **evidence.plain()}
    payload["papers"] = history.papers_of(session, case)
    event = history.entry(session, case, kind, at=at, actor_id=actor_id, payload=payload)
    history.append(session, case, event)
