"""What another province told us takes effect: one message, one transaction, in the order in which they came.

What comes before its step is open waits for it, and what comes too late has no effect and says so. What cannot be
true, or says the opposite of what stands here, changes nothing and is listed for the officers.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import ChangeRequest, Outbox, OutsideCase, Task
from models.enums import (
    CaseState,
    EventKind,
    MessageDirection,
    MessageKind,
    NoticeKind,
    Outcome,
)
from webapp import clock
from webapp.services.cases import endings
from webapp.services.cases.agreements import is_bound
from webapp.services.cases.applications import locked_case
from webapp.services.cases.chain import Plain
from webapp.services.context import settings_of
from webapp.services.exchange import links, mailbox, outside, records, requests
from webapp.services.exchange.awaited import (
    TooEarlyError,
    TooLateError,
    late,
    task_for,
)
from webapp.services.exchange.checks import UnbelievableError, check_record
from webapp.services.exchange.mailbox import Claimed
from webapp.services.exchange.messages import (
    Body,
    Decided,
    Ended,
    Refused,
    Validated,
    read_body,
)
from webapp.services.exchange.outside import Evidence
from webapp.services.exchange.troubles import FAILURES, WRONG, trouble_of

log = logging.getLogger(__name__)


# What their ending is called here: what nobody withdrew or rejected was taken back by an office there.
ENDED_THERE = {
    "withdrawn": (CaseState.WITHDRAWN, EventKind.WITHDRAWN),
    "rejected": (CaseState.REJECTED, EventKind.REJECTED),
}
TAKEN_BACK_THERE = (CaseState.REVOKED, EventKind.REVOKED)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A message about a case that is locked, with its body read."""

    message: Claimed
    body: Body
    link: OutsideCase
    case: ChangeRequest
    actor_id: int
    evidence: Evidence


def handle_due(session: Session) -> int:
    """Handle one batch of the messages that are due, commit, and return how many there were.

    One that cannot be handled now says why and is tried again later; the others go on.
    """
    claimed = mailbox.claim(session, MessageDirection.IN)
    for message in claimed:
        try:
            _handle(session, message)
        except TooLateError as missed:
            session.rollback()
            log.info("Message %s of province %s: %s", message.message_id, message.partner, missed)
            mailbox.done(session, message.id, note=str(missed), case_id=_case_id(session, message))
        except WRONG as wrong:
            session.rollback()
            _show(session, message, wrong)
        except FAILURES as failure:
            session.rollback()
            trouble, case_id = trouble_of(failure), _case_id(session, message)
            mailbox.failed(session, message.id, trouble, str(failure), case_id=case_id)
        session.commit()
    return len(claimed)


def _handle(session: Session, message: Claimed) -> None:
    if message.kind == MessageKind.REQUEST:
        requests.answer(session, message)
        return
    heard = _heard(session, message)
    if mailbox.is_done(session, message.id):  # settled by an officer meanwhile
        return
    note = _EFFECTS[message.kind](session, heard)
    mailbox.done(session, message.id, note=note, case_id=heard.case.id)
    mailbox.wake(session, heard.case.id)


def _show(session: Session, message: Claimed, wrong: Exception) -> None:
    """List a message that is taken for wrong, and tell the offices of its case the first time."""
    case_id = _case_id(session, message)
    mailbox.failed(session, message.id, trouble_of(wrong), str(wrong), case_id=case_id)
    if case_id is not None and not message.refused:
        notice = Outbox(kind=NoticeKind.CONTRADICTED, change_request_id=case_id, created_at=clock.now())
        session.add(notice)


def _heard(session: Session, message: Claimed) -> _Heard:
    link = links.linked(session, message.partner, message.reference)
    if link is None:
        raise TooLateError("no business with this reference is known here")
    case = locked_case(session, link.change_request_id)
    assert case is not None, "the link refers to it"
    body: Body = read_body(message.kind, mailbox.opened(session, message.body))
    actor_id = links.account_of(session, message.partner)
    office = body.office if isinstance(body, Decided) else links.bureau_name(session, message.partner)
    evidence = Evidence(told_by=office, told_at=message.sent_at, reference=str(message.message_id))
    return _Heard(message, body, link, case, actor_id, evidence)


def _approve(session: Session, heard: _Heard) -> None:
    _answer(session, heard, _task_for(session, heard), Outcome.APPROVE)


def _validate(session: Session, heard: _Heard) -> str | None:
    """Keep their number of the case, even where no step waits for it: V7 and V8, or validated by hand already."""
    assert isinstance(heard.body, Validated)
    heard.link.their_number = heard.body.number
    try:
        _approve(session, heard)
    except TooLateError as missed:
        return str(missed)
    return None


def _decide(session: Session, heard: _Heard) -> None:
    body = heard.body
    assert isinstance(body, Decided)
    try:
        task = _task_for(session, heard)
    except TooEarlyError:
        if body.outcome == "approve":
            raise
        _end_here(session, heard, "rejected", body.reason)  # no step has to come for that
        return
    except TooLateError:
        if body.record is None or heard.case.state != CaseState.COMPLETED:
            raise
        _check_record(session, body, heard)  # what they said by telephone had no record with it
        mailbox.done(session, heard.message.id, case_id=heard.case.id)
        records.complete_record(session, heard.case)
        return
    if body.outcome == "approve":
        _check_record(session, body, heard)
    _answer(session, heard, task, Outcome(body.outcome), body.reason)


def _check_record(session: Session, decided: Decided, heard: _Heard) -> None:
    """Raise UnbelievableError unless the record comes with the release of a side that was asked, and can be true."""
    record, case = decided.record, heard.case
    is_to_come = heard.link.began_here and case.facts["receiving_here"]
    if (record is not None) != is_to_come:
        raise UnbelievableError("record: " + ("is missing" if is_to_come else "is nothing to us"))
    if record is not None:
        stage = case.from_school.stage
        assert stage is not None, "it is a school"
        check_record(record, _number_asked(session, case), stage, synthetic_allowed=settings_of(session).demo)


def _number_asked(session: Session, case: ChangeRequest) -> str:
    """The registry number under which the pupil was asked for; he may have a new one since (domain 4.3)."""
    asked = links.last_said(session, case.id, MessageKind.REQUEST)
    pupil = asked.body.get("pupil") if asked else None
    return str(pupil["registry_number"] if pupil else case.student.registry_number)


def _answer(session: Session, heard: _Heard, task: Task, outcome: Outcome, reason: str = "") -> None:
    outside.answer(
        session, task.id, outcome=outcome, actor_id=heard.actor_id, evidence=heard.evidence, reason=reason
    )


def _refuse(session: Session, heard: _Heard) -> None:
    assert isinstance(heard.body, Refused)
    if not heard.link.began_here:
        raise TooLateError("nothing was asked of it")
    outside.refuse_validation(
        session,
        _task_for(session, heard).id,
        [outside.Code(code) for code in heard.body.codes],
        actor_id=heard.actor_id,
        evidence=heard.evidence,
        reason=heard.body.reason,
        about=heard.body.about,
    )


def _end(session: Session, heard: _Heard) -> None:
    assert isinstance(heard.body, Ended)
    if not heard.case.state.is_open:
        raise late(heard.body, heard.case, (), bound=is_bound(session, heard.case.id))
    _end_here(session, heard, heard.body.how, heard.body.reason)


def _end_here(session: Session, heard: _Heard, how: str, reason: str) -> None:
    state, kind = ENDED_THERE.get(how, TAKEN_BACK_THERE)
    said: dict[str, Plain] = {"how": how, "opinion": reason, **heard.evidence.plain()}
    endings.end(session, heard.case, state, kind, actor_id=heard.actor_id, payload=said)


_EFFECTS: dict[MessageKind, Callable[[Session, _Heard], str | None]] = {
    MessageKind.VALIDATED: _validate,
    MessageKind.REFUSED: _refuse,
    MessageKind.AGREED: _approve,
    MessageKind.DECIDED: _decide,
    MessageKind.PULLED: _approve,
    MessageKind.ENDED: _end,
}


def _task_for(session: Session, heard: _Heard) -> Task:
    return task_for(session, heard.case, heard.message.kind, heard.body)


def _case_id(session: Session, message: Claimed) -> int | None:
    link = links.linked(session, message.partner, message.reference)
    return link.change_request_id if link else None
