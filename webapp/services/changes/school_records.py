"""What a school enters of its students, as rules read it: that a family was told to return, and how a semester went."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from models import (
    Aid,
    Enrolment,
    GraduationProof,
    Placement,
    ReturnNotice,
    SemesterRecord,
    Suspension,
    Term,
)
from models.enums import Conduct, HowTold, Role
from webapp import clock, errors
from webapp.policy import Person, holds_at
from webapp.services.changes.suspensions import open_spell, spells_of
from webapp.services.changes.terms import term_at


class NotSuspended(errors.Refusal):
    """The student is not suspended, so there is nobody to be told to return."""

    status = 409


class NotYetTold(errors.Refusal):
    """That day is still to come. Give the day on which the family was told."""

    status = 422


class NoTerm(errors.Refusal):
    """No term of this school is on record. Ask its bureau to enter it."""

    status = 409


class RecordLocked(errors.Refusal):
    """The student has left school, so the record is locked. Ask the authority of the school about mistakes in it."""

    status = 409


@dataclass(frozen=True, slots=True)
class Semester:
    """How a student's semester goes; what is not known yet is none."""

    registered_on: date | None = None
    deferred_until: date | None = None
    leave_days: int | None = None
    truant_hours: int | None = None
    credits: Decimal | None = None
    passed: bool | None = None
    conduct: Conduct | None = None


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """What a school has entered of a student, and what was decided of him that stands beside his record.

    His suspensions, the notices of the present one, his present semester, what he is given, his work placements, and
    the proofs of graduation that he was issued.
    """

    spells: Sequence[Suspension]
    notices: Sequence[ReturnNotice]
    term: Term | None
    semester: SemesterRecord | None
    aid: Sequence[Aid]
    placements: Sequence[Placement]
    proofs: Sequence[GraduationProof]

    @property
    def spell(self) -> Suspension | None:
        """The suspension that the student is in, if any."""
        return open_spell(self.spells)


def school_record_of(session: Session, enrolment: Enrolment) -> SchoolRecord:
    """Return what a school has entered of a student, for the page of somebody who may see the record."""
    student_id = enrolment.student_id
    spells = spells_of(session, student_id)
    present = open_spell(spells)
    notices = select(ReturnNotice).where(ReturnNotice.suspension_id == (present.id if present else None))
    aid = select(Aid).where(Aid.student_id == student_id, Aid.ended_on.is_(None))
    term = term_at(session, enrolment, clock.today())
    semester = select(SemesterRecord).where(
        SemesterRecord.student_id == student_id, SemesterRecord.term_id == (term.id if term else None)
    )
    return SchoolRecord(
        spells=spells,
        notices=session.scalars(notices.order_by(ReturnNotice.told_on, ReturnNotice.id)).all(),
        term=term,
        semester=session.scalar(semester),
        aid=session.scalars(aid.order_by(Aid.starts_on, Aid.id)).all(),
        placements=placements_of(session, student_id),
        proofs=proofs_of(session, student_id),
    )


def placements_of(session: Session, student_id: int) -> Sequence[Placement]:
    """Return the work placements (顶岗实习) of a student, the earliest first."""
    mine = select(Placement).where(Placement.student_id == student_id)
    return session.scalars(mine.order_by(Placement.starts_on, Placement.id)).all()


def proofs_of(session: Session, student_id: int) -> Sequence[GraduationProof]:
    """Return the proofs of graduation (毕业证明书) that were issued to a student, the first of them first."""
    mine = select(GraduationProof).where(GraduationProof.student_id == student_id)
    issued = mine.order_by(GraduationProof.issued_on, GraduationProof.id)
    return session.scalars(issued.options(joinedload(GraduationProof.issued_by))).all()


def tell_family(
    session: Session, registrar: Person, enrolment: Enrolment, told_on: date, how: HowTold
) -> None:
    """Record that the family of a suspended student was told that he has to return (S1B 第十五条); commits.

    Raises NotYourStudent, NotSuspended, or NotYetTold for a day to come.
    """
    require_own_student(registrar, enrolment)
    spell = open_spell(spells_of(session, enrolment.student_id))
    if spell is None:
        raise NotSuspended
    if told_on > clock.today():
        raise NotYetTold
    notice = ReturnNotice(
        suspension_id=spell.id,
        told_on=told_on,
        how=how,
        recorded_by_id=registrar.account_id,
        recorded_at=clock.now(),
    )
    session.add(notice)
    session.commit()


def keep_semester(session: Session, registrar: Person, enrolment: Enrolment, semester: Semester) -> None:
    """Keep how a student's present semester goes, in place of what was kept of it; commits.

    Raises NotYourStudent, RecordLocked, or NoTerm where none is on record.
    """
    require_own_student(registrar, enrolment)
    require_unlocked(enrolment)
    term = term_at(session, enrolment, clock.today())
    if term is None:
        raise NoTerm
    kept = asdict(semester)
    record = insert(SemesterRecord).values(student_id=enrolment.student_id, term_id=term.id, **kept)
    session.execute(record.on_conflict_do_update(constraint="one_record_per_student_and_term", set_=kept))
    session.commit()


def require_unlocked(enrolment: Enrolment) -> None:
    """Raise RecordLocked once the student has left school: domain 4.2, K-14."""
    if enrolment.ended_on is not None:
        raise RecordLocked


def require_own_student(registrar: Person, enrolment: Enrolment) -> None:
    """Raise NotYourStudent unless he is the registrar of the school that the student attends, or has graduated from."""
    if not holds_at(registrar, enrolment.school_id, Role.REGISTRAR):
        raise errors.NotYourStudent
