"""A child at a school of another province, entered by its family so that a school here can ask for it (外省转入).

Its record is kept in the other province; what is entered here is only what the national platform compares when our
side has agreed: name and registry number (domain 3.1.4 V5; 2001 in 3.1.5).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Account, CaseEvent, ChangeRequest, Enrolment, Guardianship, Office, Student
from models.enums import (
    EventKind,
    IdentityType,
    RegistryState,
    Relation,
    Sex,
    Stage,
    StudyForm,
)
from webapp import clock, errors
from webapp.policy import Person, acts_for_applicant, may_enter_newcomer
from webapp.services.cases import corrections
from webapp.services.cases.applications import locked_case
from webapp.services.cases.chain import Plain
from webapp.services.cases.returns import open_return_of
from webapp.services.changes.kinds.transfer import NoSuchGrade
from webapp.services.exchange.outside import Code
from webapp.services.exchange.schools_elsewhere import SchoolElsewhere, school_elsewhere
from webapp.services.offices.tree import is_served
from webapp.services.people import throttle
from webapp.services.registry.held_numbers import NumberIsKnown, take_number
from webapp.services.registry.identity import has_blank, masked
from webapp.services.registry.numbers import contradicted_by, kind_of, validate_registry_number

NUMBERS_ARE_UNIQUE = "registry_numbers_are_unique"


class NameHasBlanks(errors.Refusal):
    """Write the name without blanks, as in the household register: the platform compares it letter by letter (2001)."""

    status = 422


class NumberDoesNotFit(errors.Refusal):
    """Birth date or sex differ from the registry number. Compare them with the registry sheet (2001)."""

    status = 422


class AnotherChild(errors.Refusal):
    """Name and number both differ from what the offices here agreed to. Withdraw, and apply anew for that child."""

    status = 422


class TimesDoNotFit(errors.Refusal):
    """A child is born before it joins a school, and neither lies ahead. Correct the dates."""

    status = 422


class NothingToCorrect(errors.Refusal):
    """The platform found nothing wrong with name and number of this child; they cannot be changed here."""

    status = 409


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a family enters of a child at a school elsewhere; `since` is the day it joined that school."""

    name: str
    registry_number: str
    birth_date: date
    sex: Sex
    school: str
    division_code: str
    stage: Stage
    grade: int
    since: date

    @property
    def present_school(self) -> SchoolElsewhere:
        """The school, as the family names it."""
        return SchoolElsewhere(self.school, self.division_code, self.stage)


def enter(session: Session, guardian: Person, newcomer: Newcomer) -> Student:
    """Enter a child with its school elsewhere, bound to whoever enters it; commits. Entered twice, it is one entry.

    Raises what `validate_registry_number`, `take_number` and `school_elsewhere` do, NameHasBlanks, NumberDoesNotFit,
    TimesDoNotFit, NoSuchGrade, and TooManyFailedLookUps to whoever tries one number after another.
    """
    if not may_enter_newcomer(guardian):
        raise errors.NotAllowed
    if not newcomer.birth_date < newcomer.since <= clock.today():
        raise TimesDoNotFit
    number = _checked_number(newcomer.name, newcomer.registry_number, newcomer.birth_date, newcomer.sex)
    if newcomer.grade > newcomer.stage.most_years:
        raise NoSuchGrade(grade=newcomer.grade, years=newcomer.stage.most_years)
    throttle.count_look_up(session, guardian.account_id)
    school = school_elsewhere(session, guardian, newcomer.present_school, newcomer.since)
    was_taken, student = False, _entered_before(session, guardian, newcomer, number, school)
    if student is None:
        was_taken = take_number(session, number)
        student = _student(guardian, newcomer, number)
        session.add(student)
        _flush_unique(session)
        session.add_all(_bound(student, guardian, school, newcomer))
    if not was_taken:
        throttle.forgive_look_up(session, guardian.account_id)
    session.commit()
    return student


def correct(session: Session, person: Person, case_id: int, name: str, registry_number: str) -> None:
    """Correct what the platform found wrong of a child elsewhere (2001), and hand its case in again; commits.

    What it was before stands in the history. Raises NoSuchCase, NothingToCorrect, AnotherChild, what `enter` raises
    for name and number, and what `resubmit` does.
    """
    student = case_to_correct(session, person, case_id).student
    number = _checked_number(name, registry_number, student.birth_date, student.sex)
    throttle.count_look_up(session, person.account_id)
    student = case_to_correct(session, person, case_id).student  # counting a look-up commits
    before = student.name, student.registry_number
    corrected = _corrected(before, (name, number))
    if {"name", "registry_number"} <= corrected.keys() | _corrected_before(session, case_id):
        raise AnotherChild
    if number != student.registry_number:
        take_number(session, number)
    student.name, student.registry_number, student.number_kind = name, number, kind_of(number)
    _flush_unique(session)
    session.refresh(student)  # the record counts itself
    throttle.forgive_look_up(session, person.account_id)
    corrections.resubmit(session, person, case_id, corrected=corrected)


def _corrected(before: tuple[str, str | None], after: tuple[str, str]) -> dict[str, Plain]:
    """What was corrected, for the history: the name as it was and is, and the number with its middle hidden."""
    named = {"name": (before[0], after[0]), "registry_number": (masked(before[1] or ""), masked(after[1]))}
    changed = {"name": before[0] != after[0], "registry_number": before[1] != after[1]}
    return {key: [*pair] for key, pair in named.items() if changed[key]}


def _corrected_before(session: Session, case_id: int) -> set[str]:
    """Return what was corrected of a case already: name first and number later would be another child too."""
    payloads = select(CaseEvent.payload).where(
        CaseEvent.change_request_id == case_id, CaseEvent.kind == EventKind.RESUBMITTED
    )
    return {key for payload in session.scalars(payloads) for key in payload.get("corrected", {})}


def case_to_correct(session: Session, person: Person, case_id: int) -> ChangeRequest:
    """Lock a case that the platform sent back for its data; NoSuchCase or NothingToCorrect otherwise."""
    case = locked_case(session, case_id)
    if case is None or not acts_for_applicant(person, case):
        raise errors.NoSuchCase
    wanted = open_return_of(session, case.id)
    is_elsewhere = not is_served(session, case.from_school.division_code)
    if wanted is None or Code.DATA_WRONG not in wanted.codes or not is_elsewhere:
        raise NothingToCorrect
    return case


def _entered_before(
    session: Session, guardian: Person, newcomer: Newcomer, number: str, school: Office
) -> Student | None:
    """Return the entry that a guardian made already in the same words; one who sends it twice at once waits here."""
    session.execute(
        select(Account.id).where(Account.id == guardian.account_id).with_for_update(key_share=True)
    )
    same = select(Student).join(Enrolment, Enrolment.student_id == Student.id)
    said = {
        Student.registry_number: number,
        Student.entered_by_id: guardian.account_id,
        Student.name: newcomer.name,
        Student.birth_date: newcomer.birth_date,
        Student.sex: newcomer.sex,
        Enrolment.school_id: school.id,
        Enrolment.grade: newcomer.grade,
        Enrolment.started_on: newcomer.since,
    }
    return session.scalar(same.where(*(column == value for column, value in said.items())).limit(1))


def _flush_unique(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # entered in this very moment
        if NUMBERS_ARE_UNIQUE in str(error.orig):
            raise NumberIsKnown from error
        raise


def _checked_number(name: str, typed: str, birth_date: date, sex: Sex) -> str:
    if has_blank(name):
        raise NameHasBlanks
    kind = kind_of(typed)
    number = validate_registry_number(typed, kind)
    if contradicted_by(number, kind, birth_date=birth_date, sex=sex):
        raise NumberDoesNotFit
    return number


def _student(guardian: Person, newcomer: Newcomer, number: str) -> Student:
    return Student(
        name=newcomer.name,
        sex=newcomer.sex,
        birth_date=newcomer.birth_date,
        identity_type=IdentityType.RESIDENT,
        number_kind=kind_of(number),
        registry_number=number,
        state=RegistryState.ENROLLED,
        version=1,
        entered_by_id=guardian.account_id,
        created_at=clock.now(),
    )


def _bound(
    student: Student, guardian: Person, school: Office, newcomer: Newcomer
) -> tuple[Enrolment, Guardianship]:
    enrolment = Enrolment(
        student_id=student.id,
        school_id=school.id,
        grade=newcomer.grade,
        schooling_years=max(newcomer.grade, newcomer.stage.schooling_years),
        study_form=StudyForm.FULL_TIME,
        entered_on=newcomer.since,
        started_on=newcomer.since,
    )
    binding = Guardianship(
        account_id=guardian.account_id,
        student_id=student.id,
        relation=Relation.OTHER,
        valid_from=clock.today(),
    )
    return enrolment, binding
