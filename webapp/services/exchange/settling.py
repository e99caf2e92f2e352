"""A message that one side takes for wrong is settled with the other province (商定), once somebody has rung it up.

What was agreed, with whom and when, stands with the message and in the history of its case; nothing else changes.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, ExchangeMessage, Office
from models.enums import EventKind, OfficeKind
from models.text import says_something
from webapp import clock, errors
from webapp.policy import Person, Post, settling_post
from webapp.services.cases import history
from webapp.services.cases.applications import locked_case
from webapp.services.cases.chain import Plain
from webapp.services.exchange import links
from webapp.services.exchange.outside import Evidence, check_evidence
from webapp.services.people.looks import log_look


class NoSuchMessage(errors.Refusal):
    """There is no such message. Open it again from the list."""

    status = 404


class NothingToSettle(errors.Refusal):
    """There is nothing to settle any more: the message went through, or a colleague took down what was agreed."""

    status = 409


class AgreementMissing(errors.Refusal):
    """Say what was agreed: whoever reads the case relies on it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Dispute:
    """A message, its case if there is one, the province at the other end, and the post of whoever may settle it."""

    message: ExchangeMessage
    case: ChangeRequest | None
    province: str
    post: Post

    @property
    def is_open(self) -> bool:
        """Whether somebody has to ring up about it: what is only delayed goes out by itself."""
        message = self.message
        return message.done_at is None and (message.refused or not message.body)


def dispute_about(session: Session, officer: Person, message_id: int) -> Dispute:
    """Return a message to whoever may settle it, and log the look; the caller commits.

    Raises NoSuchMessage, or NotAllowed.
    """
    dispute = _dispute(session, officer, message_id)
    if dispute.case is not None:
        log_look(session, officer, "exchange", student_id=dispute.case.student_id, case_id=dispute.case.id)
    return dispute


def settle(session: Session, officer: Person, message_id: int, *, agreed: str, evidence: Evidence) -> None:
    """Write down what both sides agreed on about a message, which is done with then; commits.

    Raises what `dispute_about` does, NothingToSettle, AgreementMissing, and what `check_evidence` does.
    """
    dispute = _dispute(session, officer, message_id)
    session.refresh(dispute.message, with_for_update=True)
    if not dispute.is_open:
        raise NothingToSettle
    check_evidence(evidence)
    if not says_something(agreed):
        raise AgreementMissing
    message, said = dispute.message, {"opinion": agreed.strip(), **evidence.plain()}
    message.done_at = clock.now()
    message.settlement = {"actor_id": officer.account_id, "office_id": dispute.post.office_id, **said}
    if dispute.case is not None:
        _note(session, officer, dispute.case, dispute.post, {"message": str(message.message_id), **said})
    session.commit()


def _note(
    session: Session, officer: Person, case: ChangeRequest, post: Post, payload: dict[str, Plain]
) -> None:
    history.add(
        session,
        case,
        EventKind.SETTLED,
        at=clock.now(),
        actor_id=officer.account_id,
        post=post,
        payload=payload,
    )


def _dispute(session: Session, officer: Person, message_id: int) -> Dispute:
    """Lock the case of a message, if it has one, and find the officer's post; a case before its messages."""
    message = session.get(ExchangeMessage, message_id)
    if message is None:
        raise NoSuchMessage
    case = locked_case(session, message.change_request_id) if message.change_request_id else None
    post = settling_post(
        officer,
        case.seats.values() if case else [_bureau_of(session, message.province)],
        student_id=case.student_id if case else None,
        applicant_ids=case.applicant_ids if case else (),
    )
    if post is None:
        raise errors.NotAllowed
    return Dispute(message, case, links.bureau_name(session, message.partner), post)


def _bureau_of(session: Session, province: str) -> int:
    bureau = select(Office.id).where(
        Office.kind == OfficeKind.BUREAU,
        Office.division_code == province + "0000",
        Office.valid_to.is_(None),
    )
    return session.scalars(bureau).one()
