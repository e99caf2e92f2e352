"""What a message of ours says of a case: its body, as it is true now."""

from collections.abc import Callable, Mapping
from typing import Literal, cast

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AccessLog, CaseEvent, ChangeRequest, OutsideCase
from models.enums import CaseState, EventKind, MessageKind, TransferReason
from webapp import clock
from webapp.services.exchange import links, schools
from webapp.services.exchange.messages import (
    Agreed,
    Body,
    Decided,
    Ended,
    Pulled,
    Pupil,
    Record,
    Request,
    complaint,
    said,
)
from webapp.services.exchange.records import record_of
from webapp.services.registry.ciphers import UndecipherableError


class UnsayableError(Exception):
    """No message can say it, as of a pupil without a registry number; the text says why, and shows no value."""


def body_of(session: Session, kind: MessageKind, link: OutsideCase) -> Body:
    """Return what a message says now: request, agreed, decided, pulled or ended. Raises UnsayableError.

    That a record is read by the other province is written down as a look; the caller commits.
    """
    try:
        with session.begin_nested():
            return _BODIES[kind](session, link)
    except ValidationError as wrong:
        raise UnsayableError(complaint(wrong)) from None
    except UndecipherableError as lost:
        raise UnsayableError(f"the identity number cannot be read: {lost}") from lost


def _request(session: Session, link: OutsideCase) -> Request:
    case = link.case
    assert case.number is not None
    assert case.to_school is not None
    return Request(
        number=case.number,
        pupil=Pupil(name=case.student.name, registry_number=case.student.registry_number or ""),
        receiving_school=schools.told(case.to_school),
        releasing_school=schools.told(case.from_school),
        grade=case.form["grade"],
        reason=TransferReason(case.form["reason"]),
        schooling_years=case.form["schooling_years"],
        record=_released(session, link) if case.facts["releasing_here"] else None,
    )


def _agreed(_session: Session, link: OutsideCase) -> Agreed:
    case = link.case
    assert case.to_school is not None
    return Agreed(office=(case.to_school if case.facts["receiving_here"] else case.from_school).name)


def _decided(session: Session, link: OutsideCase) -> Decided:
    """Our decision; whoever asked has agreed before. Who releases a pupil and was asked adds the record."""
    case, was_asked = link.case, not link.began_here
    outcome: Literal["approve", "reject"] = "approve"
    if was_asked and case.state == CaseState.REJECTED:
        outcome = "reject"
    releases = outcome == "approve" and was_asked and case.facts["releasing_here"]
    event = _last_decision(session, case)
    return Decided(
        outcome=outcome,
        reason=said(str(event.payload.get("opinion", ""))) if event else "",
        office=event.office.name if event and event.office else case.from_school.name,
        record=_released(session, link) if releases else None,
    )


def _pulled(_session: Session, link: OutsideCase) -> Pulled:
    assert link.case.ended_at is not None, "it is told when the case is completed"
    return Pulled(on=clock.day_of(link.case.ended_at))


def _ended(session: Session, link: OutsideCase) -> Ended:
    case, event = link.case, _last_decision(session, link.case)
    reason = str(event.payload.get("opinion", "")) if event and case.state == CaseState.REJECTED else ""
    how = cast(Literal["withdrawn", "rejected", "revoked", "terminated"], case.state.value)
    return Ended(how=how, reason=said(reason))


_BODIES: Mapping[MessageKind, Callable[[Session, OutsideCase], Body]] = {
    MessageKind.REQUEST: _request,
    MessageKind.AGREED: _agreed,
    MessageKind.DECIDED: _decided,
    MessageKind.PULLED: _pulled,
    MessageKind.ENDED: _ended,
}


def _released(session: Session, link: OutsideCase) -> Record:
    """Return the record that goes with the pupil; that the other province reads it is written down as a look."""
    session.add(
        AccessLog(
            at=clock.now(),
            account_id=links.account_of(session, link.partner),
            student_id=link.case.student_id,
            change_request_id=link.change_request_id,
            what="exchange",
        )
    )
    return record_of(session, link.case)


def _last_decision(session: Session, case: ChangeRequest) -> CaseEvent | None:
    decisions = (EventKind.DECIDED, EventKind.REJECTED, EventKind.COMPLETED)
    made_here = select(CaseEvent).where(
        CaseEvent.change_request_id == case.id,
        CaseEvent.kind.in_(decisions),
        CaseEvent.office_id.is_not(None),
    )
    return session.scalar(made_here.order_by(CaseEvent.seq.desc()).limit(1))
