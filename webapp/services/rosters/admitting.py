"""A new student becomes admitted (已录取), on the record that he has if it has ended; or is told why he cannot be."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Enrolment, Office, Roster, Student, StudentOverlay, StudentProfile
from models.enums import IdentityType, OverlayKind, ProblemType, RegistryState, Stage, StudyForm
from webapp import clock, errors
from webapp.policy import Person
from webapp.services.context import settings_of
from webapp.services.people.looks import log_look
from webapp.services.registry.ciphers import blind_index
from webapp.services.registry.identities import identify
from webapp.services.rosters.rows import NewStudent

# Whose record has ended may be admitted anew, on the same record (一人一籍; S1B 第十六条: 重新报考).
MAY_BE_ADMITTED = frozenset(
    {
        RegistryState.GRADUATED,
        RegistryState.COMPLETED,
        RegistryState.PARTIAL,
        RegistryState.WITHDRAWN,
        RegistryState.TRANSFERRED_OUT,
        RegistryState.ABROAD,
        RegistryState.OTHER_LEFT,
        RegistryState.ADMISSION_CANCELLED,
        RegistryState.ADMISSION_ABANDONED,
    }
)


class IdentityHeld(errors.Refusal):
    """The identity number is that of a student of {school}. Nobody is on two rolls."""

    status = 409


class OnSeniorHighRoll(errors.Refusal):
    """The student is on the roll of {school}. Without the city bureau's approval a vocational school must not register
    a student of a general senior high school: that school has to begin a transfer between them (普职互转).
    """

    status = 409


class LooksLikeAnother(errors.Refusal):
    """A student of {school} has the same name, sex and birth date, and no identity number tells this one apart."""

    status = 409


class AlreadyListed(errors.Refusal):
    """The student stands on a list of this school already."""

    status = 409


class NameDiffers(errors.Refusal):
    """The registry knows this identity number under another name. One of them has to be corrected first."""

    status = 409


def admit(session: Session, registrar: Person, roster: Roster, new: NewStudent) -> Student:
    """Return the record of a new student, admitted; the record that he has already, if it has ended.

    Raises AlreadyListed, LooksLikeAnother, OnSeniorHighRoll, IdentityHeld or NameDiffers; where the law says so, the
    other record is then flagged as a problem. A look at a record that is there already is logged.
    """
    record = _record_of(session, new)
    if record is not None:
        log_look(session, registrar, "roster", student_id=record.id)
        _require_free(session, registrar, record, roster.school, new)
        record.state = RegistryState.ADMITTED
    else:
        record = Student(
            name=new.name,
            sex=new.sex,
            birth_date=new.birth_date,
            identity_type=new.identity_type,
            state=RegistryState.ADMITTED,
            ethnicity=new.ethnicity,
            version=1,
            created_at=roster.listed_at,
        )
        if new.identity and new.identity_type == IdentityType.RESIDENT:
            identify(session, record, new.identity)
        session.add(record)
        session.flush()
    session.add(_enrolment(record, roster, new))
    profile = session.get(StudentProfile, record.id) or StudentProfile(student_id=record.id)
    profile.household_code = new.household or profile.household_code
    session.add(profile)
    session.flush()
    return record


def _record_of(session: Session, new: NewStudent) -> Student | None:
    """Return the record of the same identity number, or of whoever cannot be told apart without one; lock it."""
    if new.identity:
        same = Student.identity_index == blind_index(settings_of(session).index_key, new.identity)
        return session.scalar(select(Student).where(same).with_for_update(key_share=True))
    alike = (Student.name == new.name, Student.sex == new.sex, Student.birth_date == new.birth_date)
    found = select(Student).join(Student.enrolments).where(*alike, Enrolment.ended_on.is_(None))
    return session.scalar(found.limit(1).with_for_update(key_share=True, of=Student))


def _require_free(
    session: Session, registrar: Person, record: Student, school: Office, new: NewStudent
) -> None:
    """Raise why somebody whose record there is already cannot be admitted; the record is flagged where the law says."""
    present = next((enrolment for enrolment in record.enrolments if enrolment.ended_on is None), None)
    if present is not None and present.school_id == school.id:
        raise AlreadyListed
    if new.identity is None and present is not None:
        _flag(
            session,
            registrar,
            record,
            ProblemType.NAMESAKE,
            f"姓名、性别、出生日期与{school.name}花名册中的新生相同",
        )
        raise LooksLikeAnother(school=present.school.name)
    if present is not None and present.school.stage == Stage.SENIOR_HIGH and school.stage == Stage.VOCATIONAL:
        raise OnSeniorHighRoll(school=present.school.name)
    if present is not None or record.state not in MAY_BE_ADMITTED:
        _flag(
            session,
            registrar,
            record,
            ProblemType.IDENTITY_DUPLICATE,
            f"身份证件号与{school.name}花名册中的新生相同",
        )
        raise IdentityHeld(school=(present or record.enrolments[-1]).school.name)
    if record.name != new.name:
        raise NameDiffers


def _flag(session: Session, registrar: Person, record: Student, kind: ProblemType, note: str) -> None:
    """Lay an open problem (问题学籍) over a record, unless there is one (domain 3.11, W49)."""
    problem = select(StudentOverlay.id).where(
        StudentOverlay.student_id == record.id,
        StudentOverlay.kind == OverlayKind.PROBLEM,
        StudentOverlay.ended_at.is_(None),
    )
    if session.scalar(problem) is None:
        overlay = StudentOverlay(
            student_id=record.id,
            kind=OverlayKind.PROBLEM,
            problem_type=kind,
            note=note,
            started_at=clock.now(),
            opened_by_id=registrar.account_id,
        )
        session.add(overlay)


def _enrolment(record: Student, roster: Roster, new: NewStudent) -> Enrolment:
    school = roster.school
    assert school.stage is not None, "it is a school"
    return Enrolment(
        student_id=record.id,
        school_id=school.id,
        grade=roster.grade,
        class_name=new.class_name,
        major_code=new.major_code,
        major_name=new.major_name,
        schooling_years=new.years or school.stage.schooling_years,
        study_form=StudyForm.FULL_TIME,
        entered_on=roster.entered_on,
        started_on=roster.entered_on,
    )
