"""A school lists its new students (新生花名册): each becomes admitted, or it is told why he cannot be (domain 4.4)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Division, Enrolment, Office, Roster, RosterLine, Student, StudentOverlay, StudentProfile
from models.enums import IdentityType, OverlayKind, ProblemType, RegistryState, Role, Stage, StudyForm
from webapp import clock, errors
from webapp.policy import Person, holds_at
from webapp.services.cases.told import kept
from webapp.services.changes.admissions import season_of
from webapp.services.context import settings_of
from webapp.services.offices.tree import city_code
from webapp.services.registry.ciphers import blind_index
from webapp.services.registry.identities import identify
from webapp.services.rosters.rows import HOUSEHOLD, NewStudent, WrongRow, read_row

FIRST_ROW = 2  # the first names the columns

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


class NotYourSchool(errors.Refusal):
    """Only a school's own registrar lists its new students."""

    status = 403


class RowsWrong(errors.Refusal):
    """{count} rows are not right. Nothing was listed; mend them in the file and choose it again."""

    status = 422

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__(count=len(rows))
        self.rows = rows


class NothingListed(errors.Refusal):
    """There is no student in this list."""

    status = 422


class NoSuchHousehold(errors.Refusal):
    """{column} {said} is no division of GB/T 2260."""


class IdentityHeld(errors.Refusal):
    """The identity number is that of a student of {school}, who is {state} there. Nobody is on two rolls."""

    status = 409


class OnSeniorHighRoll(errors.Refusal):
    """The student is on the roll of {school}. Without the city bureau's approval a vocational school must not register
    a student of a general senior high school: that school has to begin the change.
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


def list_new_students(
    session: Session,
    registrar: Person,
    school: Office,
    entered_on: date,
    rows: Sequence[Mapping[str, str]],
    *,
    grade: int = 1,
) -> Roster:
    """List the new students of a school who entered a grade on that day, and commit.

    Who is somebody else's student, or stands there twice, is told so in his line, and the other record of the same
    identity is flagged as a problem (N-12). Raises NotYourSchool, NothingListed, or RowsWrong with every row that is
    not right: then nothing is listed.
    """
    if not holds_at(registrar, school.id, Role.REGISTRAR):
        raise NotYourSchool
    students = _read(session, school, rows)
    roster = Roster(
        school=school,
        grade=grade,
        season=season_of(entered_on),
        entered_on=entered_on,
        outsiders=_outsiders(session, school, students),
        listed_by_id=registrar.account_id,
        listed_at=clock.now(),
    )
    session.add(roster)
    session.flush()
    for position, student in enumerate(students, 1):
        roster.lines.append(_line(session, roster, position, student))
        session.flush()
    session.commit()
    return roster


def _read(session: Session, school: Office, rows: Sequence[Mapping[str, str]]) -> list[NewStudent]:
    """Return whom the rows mean; NothingListed or RowsWrong."""
    if not rows:
        raise NothingListed
    assert school.stage is not None, "it is a school"
    synthetic = settings_of(session).demo
    found, wrong = [], []
    for number, row in enumerate(rows, FIRST_ROW):
        read = read_row(
            row,
            most_years=school.stage.most_years,
            vocational=school.stage == Stage.VOCATIONAL,
            synthetic_allowed=synthetic,
        )
        if isinstance(read, NewStudent):
            unknown = read.household is not None and session.get(Division, read.household) is None
            read = [NoSuchHousehold(column=HOUSEHOLD, said=read.household)] if unknown else read
        if isinstance(read, NewStudent):
            found.append(read)
        else:
            wrong.append(WrongRow(number, row.get("姓名", ""), read))
    if wrong:
        raise RowsWrong(wrong)
    return found


def _outsiders(session: Session, school: Office, students: Sequence[NewStudent]) -> int:
    """How many have their household in another city (外地学生): S1A."""
    codes = {student.household for student in students if student.household}
    cities = {code: city_code(session.get_one(Division, code)) for code in codes}
    here = city_code(school.division)
    return sum(cities[student.household] != here for student in students if student.household)


def _line(session: Session, roster: Roster, position: int, student: NewStudent) -> RosterLine:
    line = RosterLine(
        roster_id=roster.id,
        position=position,
        name=student.name,
        class_name=student.class_name,
        other_roll=student.other_roll,
    )
    try:
        line.student_id = _admit(session, roster, student).id
    except errors.Refusal as refusal:
        line.told = kept(refusal)
    return line


def _admit(session: Session, roster: Roster, new: NewStudent) -> Student:
    """Return the record of a new student, admitted; the record that he has already, if it has ended."""
    record = _record_of(session, new)
    if record is not None:
        _require_free(session, record, roster.school, new)
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


def _require_free(session: Session, record: Student, school: Office, new: NewStudent) -> None:
    """Raise why somebody whose record there is already cannot be admitted; the record is flagged where the law says."""
    present = next((enrolment for enrolment in record.enrolments if enrolment.ended_on is None), None)
    if present is not None and present.school_id == school.id:
        raise AlreadyListed
    if new.identity is None and present is not None:
        _flag(session, record, ProblemType.NAMESAKE, f"姓名、性别、出生日期与{school.name}花名册中的新生相同")
        raise LooksLikeAnother(school=present.school.name)
    if present is not None and present.school.stage == Stage.SENIOR_HIGH and school.stage == Stage.VOCATIONAL:
        raise OnSeniorHighRoll(school=present.school.name)
    if present is not None or record.state not in MAY_BE_ADMITTED:
        _flag(session, record, ProblemType.IDENTITY_DUPLICATE, f"身份证件号与{school.name}花名册中的新生相同")
        raise IdentityHeld(school=present.school.name if present else "—", state=record.state)
    if record.name != new.name:
        raise NameDiffers


def _flag(session: Session, record: Student, kind: ProblemType, note: str) -> None:
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
