"""Students as those see them who may apply for a change: the family, and the schools that may start one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from models import ChangeRequest, Enrolment, Student
from models.enums import CaseState, Role
from webapp import errors
from webapp.policy import Person, holds_at, may_apply, may_go_on_with_draft
from webapp.services.cases.applications import draft_of
from webapp.services.cases.views import cases_of
from webapp.services.changes.change import counts_for_applications
from webapp.services.people import throttle
from webapp.services.people.looks import log_look
from webapp.services.registry.numbers import kind_of, validate_registry_number


@dataclass(frozen=True, slots=True)
class Child:
    """A child with its present enrolment, of a graduate the last, if any, and its applications, the newest first."""

    student: Student
    record: Enrolment | None
    cases: Sequence[ChangeRequest]

    @property
    def open_case(self) -> ChangeRequest | None:
        """The business in progress (在办业务), of which there is at most one."""
        return next((case for case in self.cases if case.state.is_open), None)

    @property
    def draft(self) -> ChangeRequest | None:
        """What was begun and not yet submitted."""
        return next((case for case in self.cases if case.state == CaseState.DRAFT), None)

    @property
    def ended_cases(self) -> list[ChangeRequest]:
        """What is finished, one way or another."""
        return [case for case in self.cases if case.ended_at is not None]


def children_of(session: Session, guardian: Person) -> list[Child]:
    """Return a guardian's children; of drafts only those that he began himself."""
    students = session.scalars(
        select(Student).where(Student.id.in_(guardian.children)).order_by(Student.birth_date, Student.id)
    ).all()
    present = Enrolment.student_id.in_(guardian.children)
    records = {
        record.student_id: record for record in session.scalars(_records(graduates=True).where(present))
    }
    cases = [case for case in cases_of(session, guardian.children) if _may_go_on(guardian, case)]
    return [
        Child(
            student,
            records.get(student.id),
            [case for case in cases if case.student_id == student.id],
        )
        for student in students
    ]


def record_for(session: Session, person: Person, student_id: int) -> Enrolment:
    """Return a student's present enrolment to whoever may apply for him, and log the look; the caller commits.

    Of a graduate it is his last. Who may is the family, the registrar of that school, or whoever has begun an
    application. Raises NotYourChild, or NoSuchStudent for a student who attends no school at present.
    """
    record = session.scalar(_records(graduates=True).where(Enrolment.student_id == student_id))
    if not (
        may_apply(person, student_id)
        or (record is not None and holds_at(person, record.school_id, Role.REGISTRAR))
        or draft_of(session, person, student_id)
    ):
        raise errors.NotYourChild
    if record is None:
        raise errors.NoSuchStudent
    log_look(session, person, "record", student_id=student_id)
    return record


def find_record(
    session: Session, registrar: Person, number: str, name: str, *, graduates: bool = False
) -> Enrolment:
    """Return the present enrolment of the student with this registry number and name (domain 3.0.2 H3); commits.

    With `graduates`, of a graduate the last.

    Raises what `validate_registry_number` does, NoSuchStudent unless both fit, without saying which of them does
    not, or TooManyFailedLookUps to whoever goes on guessing. Found or not, the look-up is in the access log.
    """
    number = validate_registry_number(number, kind_of(number))
    throttle.count_look_up(session, registrar.account_id)
    record = session.scalar(
        _records(graduates=graduates)
        .join(Enrolment.student)
        .where(Student.registry_number == number, Student.name == name.strip())
    )
    log_look(session, registrar, "look-up", student_id=record.student_id if record else None)
    if record is not None:
        throttle.forgive_look_up(session, registrar.account_id)
    session.commit()
    if record is None:
        raise errors.NoSuchStudent
    return record


def _records(*, graduates: bool = False) -> Select[Enrolment]:
    counts = counts_for_applications() if graduates else Enrolment.ended_on.is_(None)
    return (
        select(Enrolment).where(counts).options(joinedload(Enrolment.student), joinedload(Enrolment.school))
    )


def _may_go_on(guardian: Person, case: ChangeRequest) -> bool:
    return case.state != CaseState.DRAFT or may_go_on_with_draft(guardian, case)
