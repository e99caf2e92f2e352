"""A pupil's record (学籍档案) as it travels between two provinces."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Office, Student, StudentOverlay
from models.enums import MessageKind, OverlayKind, RegistryState
from webapp import clock
from webapp.services.exchange import links
from webapp.services.exchange.mailbox import opened
from webapp.services.exchange.messages import Pupil, Record, read_body
from webapp.services.registry.ciphers import UndecipherableError
from webapp.services.registry.identities import has_twin, identify, identity_number_of


def record_of(session: Session, case: ChangeRequest) -> Record:
    """Return the record that goes with the pupil of a case, as it was last at the school that releases him."""
    student = session.get_one(Student, case.student_id)
    last = (
        select(Enrolment)
        .where(Enrolment.student_id == student.id, Enrolment.school_id == case.from_school_id)
        .order_by(Enrolment.id.desc())
    )
    enrolment = session.scalars(last.limit(1)).one()
    assert student.number_kind is not None, "the request named the pupil by his number"
    return Record(
        sex=student.sex,
        birth_date=student.birth_date,
        identity_type=student.identity_type,
        identity_number=identity_number_of(session, student),
        number_kind=student.number_kind,
        grade=enrolment.grade,
        class_name=enrolment.class_name,
        major_code=enrolment.major_code,
        major_name=enrolment.major_name,
        schooling_years=enrolment.schooling_years,
        study_form=enrolment.study_form,
        entered_on=enrolment.entered_on,
    )


def received_record(session: Session, case_id: int) -> Record | None:
    """Return the record that came for a case from the province that releases the pupil; None until it has.

    Only what took effect counts. Raises UndecipherableError.
    """
    for kind in (MessageKind.DECIDED, MessageKind.REQUEST):
        message = links.last_heeded(session, case_id, kind)
        if message is not None and message.body["record"] is not None:
            record: Record = read_body(message.kind, opened(session, message.body)).record
            return record
    return None


def admit(session: Session, pupil: Pupil, record: Record, school: Office) -> Student:
    """Enter a pupil whom another province wants to release, as he is at his school there; the caller commits."""
    student = Student(
        name=pupil.name,
        sex=record.sex,
        birth_date=record.birth_date,
        identity_type=record.identity_type,
        number_kind=record.number_kind,
        registry_number=pupil.registry_number,
        state=RegistryState.ENROLLED,
        version=1,
        created_at=clock.now(),
    )
    _identify(session, student, record)
    student.enrolments.append(_enrolment(record, school))
    session.add(student)
    session.flush()
    return student


def complete_record(session: Session, case: ChangeRequest) -> None:
    """Write into the record of a pupil who has arrived what came with him (调档); the caller commits.

    What came and cannot be read any more is a problem of his record (问题学籍), and the arrival stands.
    """
    try:
        record = received_record(session, case.id)
    except UndecipherableError:
        _note_problem(session, case.student_id, "外省发来的学籍信息无法解密")
        return
    present = session.scalar(
        select(Enrolment).where(Enrolment.student_id == case.student_id, Enrolment.ended_on.is_(None))
    )
    if record is None or present is None:
        return
    student = session.get_one(Student, case.student_id, with_for_update=True)
    student.sex, student.birth_date = record.sex, record.birth_date
    number = record.identity_number
    if number is not None and has_twin(session, student, number):
        _note_problem(session, student.id, "身份证件号与另一份学籍相同")
    else:
        _identify(session, student, record)
    present.study_form, present.entered_on = record.study_form, record.entered_on
    present.major_code, present.major_name = record.major_code, record.major_name


def _enrolment(record: Record, school: Office) -> Enrolment:
    return Enrolment(
        school_id=school.id,
        grade=record.grade,
        class_name=record.class_name,
        major_code=record.major_code,
        major_name=record.major_name,
        schooling_years=record.schooling_years,
        study_form=record.study_form,
        entered_on=record.entered_on,
        started_on=record.entered_on,
    )


def _identify(session: Session, student: Student, record: Record) -> None:
    student.identity_type = record.identity_type
    if record.identity_number is not None:
        identify(session, student, record.identity_number)


def _note_problem(session: Session, student_id: int, note: str) -> None:
    """A problem of the record (问题学籍), as an identity number that another has already (domain 4.4 U2)."""
    problem = {
        "student_id": student_id,
        "kind": OverlayKind.PROBLEM,
        "note": note,
        "started_at": clock.now(),
    }
    session.execute(insert(StudentOverlay).values(problem).on_conflict_do_nothing())
