"""A school enters the sanctions (处分) of its students, and revokes them on application (domain 3.13; S1B 27, 29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Sanction
from models.enums import SanctionKind
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.changes.school_records import require_own_student


class ComesOfACase(errors.Refusal):
    """Nobody is expelled by an entry alone. Begin the expulsion as a case, with its papers."""

    status = 422


class NotYetDecided(errors.Refusal):
    """That day is still to come. Give the day of the decision."""

    status = 422


class EndsTooEarly(errors.Refusal):
    """The sanction would end before it was decided. Check the last day."""

    status = 422


class RevokedTooEarly(errors.Refusal):
    """A sanction is revoked after it was decided, on {decided_on}. Check the day."""

    status = 422


class NoOpenSanction(errors.Refusal):
    """The sanction does not stand any more. See the record."""

    status = 409


@dataclass(frozen=True, slots=True)
class NewSanction:
    """What a school decided, when and why; `until` which day, if that was said."""

    kind: SanctionKind
    decided_on: date
    ground: str
    until: date | None = None


def sanctions_of(session: Session, student_id: int) -> Sequence[Sanction]:
    """Return all sanctions of a student, those that stand first, the newest first."""
    mine = select(Sanction).where(Sanction.student_id == student_id)
    stands = Sanction.revoked_on.is_(None)
    return session.scalars(mine.order_by(stands.desc(), Sanction.decided_on.desc(), Sanction.id.desc())).all()


def enter_sanction(session: Session, registrar: Person, enrolment: Enrolment, new: NewSanction) -> Sanction:
    """Enter one of the four sanctions that leave a student at school (S1B 第二十七条); commits.

    Raises NotYourStudent, ComesOfACase, NotYetDecided or EndsTooEarly.
    """
    require_own_student(registrar, enrolment)
    if new.kind == SanctionKind.EXPULSION:
        raise ComesOfACase
    if new.decided_on > clock.today():
        raise NotYetDecided
    if new.until is not None and new.until < new.decided_on:
        raise EndsTooEarly
    sanction = Sanction(
        student_id=enrolment.student_id,
        kind=new.kind,
        decided_on=new.decided_on,
        ground=new.ground,
        until=new.until,
        entered_by_id=registrar.account_id,
        entered_at=clock.now(),
    )
    session.add(sanction)
    session.commit()
    return sanction


def revoke_sanction(
    session: Session, registrar: Person, enrolment: Enrolment, sanction_id: int, *, on: date, ground: str
) -> None:
    """Revoke a sanction on the student's application (S1B 第二十九条); it stays in the record; commits.

    Raises NotYourStudent, NoOpenSanction, NotYetDecided or RevokedTooEarly.
    """
    require_own_student(registrar, enrolment)
    sanction = session.get(Sanction, sanction_id, with_for_update=True, populate_existing=True)
    if sanction is None or sanction.student_id != enrolment.student_id or not may_be_revoked(sanction):
        raise NoOpenSanction
    if on > clock.today():
        raise NotYetDecided
    if on < sanction.decided_on:
        raise RevokedTooEarly(decided_on=sanction.decided_on)
    sanction.revoked_on, sanction.revoked_ground = on, ground
    sanction.revoked_by_id, sanction.revoked_at = registrar.account_id, clock.now()
    session.commit()


def may_be_revoked(sanction: Sanction) -> bool:
    """The four sanctions but the expulsion are revoked, once (S1B 第二十九条)."""
    return sanction.revoked_on is None and sanction.kind != SanctionKind.EXPULSION
