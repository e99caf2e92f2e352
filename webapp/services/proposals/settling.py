"""What comes of a proposal: the school begins the change, or says why not."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from models import ChangeRequest, Proposal
from models.enums import ProposalState, Role
from webapp import clock
from webapp.errors import Refusal
from webapp.policy import Person, holds_at
from webapp.services.people.looks import log_list

SHOWN = 100


class NoSuchProposal(Refusal):
    """There is no such proposal at your school, or it is settled by now."""

    status = 404


def open_proposals(session: Session, registrar: Person) -> Sequence[Proposal]:
    """Return what is proposed to the schools whose registrar he is, the oldest first; the caller commits the look."""
    proposals = session.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.OPEN, Proposal.school_id.in_(_schools(registrar)))
        .options(joinedload(Proposal.student), joinedload(Proposal.school))
        .order_by(Proposal.found_on, Proposal.id)
        .limit(SHOWN)
    ).all()
    log_list(session, registrar, "proposals", [proposal.student_id for proposal in proposals])
    return proposals


def proposals_waiting(session: Session, registrar: Person) -> int:
    """Return how many of them there are."""
    waiting = select(func.count()).where(
        Proposal.state == ProposalState.OPEN, Proposal.school_id.in_(_schools(registrar))
    )
    return session.scalars(waiting).one()


def dismiss(session: Session, registrar: Person, proposal_id: int, why: str) -> None:
    """Let a proposal rest, for the reason that the school gives. Raises NoSuchProposal; commits."""
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None or not holds_at(registrar, proposal.school_id, Role.REGISTRAR):
        raise NoSuchProposal
    if proposal.state != ProposalState.OPEN:
        raise NoSuchProposal
    proposal.state, proposal.note = ProposalState.DISMISSED, why
    proposal.settled_at, proposal.settled_by_id = clock.now(), registrar.account_id
    session.commit()


def take(session: Session, case: ChangeRequest) -> None:
    """Close what is proposed for the student of a case, now that a case of this kind is open; the caller commits."""
    mine = (Proposal.student_id == case.student_id, Proposal.kind == case.kind)
    session.execute(
        update(Proposal)
        .where(*mine, Proposal.state == ProposalState.OPEN)
        .values(state=ProposalState.TAKEN, settled_at=clock.now(), settled_by_id=case.applicant_id)
    )


def _schools(registrar: Person) -> list[int]:
    return [post.office_id for post in registrar.posts if post.role == Role.REGISTRAR]
