"""A case ends before all have approved it: its tasks are closed, its return is settled, and the record stays."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox
from models.enums import CaseState, EventKind, NoticeKind
from webapp import clock
from webapp.policy import Post
from webapp.services.cases import history, returns, rows, totals
from webapp.services.cases.chain import Plain


def end(
    session: Session,
    case: ChangeRequest,
    state: CaseState,
    kind: EventKind,
    *,
    actor_id: int,
    payload: Mapping[str, Plain],
    post: Post | None = None,
) -> None:
    """End a locked open case in `state`, and tell whoever had it; the history seals its papers. The caller commits."""
    at = clock.now()
    rows.cancel_tasks(session, case.id, at)
    totals.disarm(session, case.id)
    request = returns.open_return_of(session, case.id)
    papers = returns.papers_handed_in(session, case, request)
    if request is not None:
        request.resolved_at = at
    case.state, case.ended_at = state, at
    session.add(Outbox(kind=NoticeKind(state), change_request_id=case.id, created_at=at))
    history.add(
        session,
        case,
        kind,
        at=at,
        actor_id=actor_id,
        post=post,
        payload={**payload, "papers": papers},
    )
