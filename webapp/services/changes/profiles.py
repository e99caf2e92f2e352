"""What of a record is key data (关键信息), and what a school edits of the rest directly (domain 3.6, K-07, K-08)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Enrolment, RecordEdit, Student, StudentProfile
from models.enums import RecordField
from webapp import clock
from webapp.errors import Refusal
from webapp.policy import Person
from webapp.services.changes.change import GOVERNING_PROCESS, in_force
from webapp.services.changes.packs import rule_packs
from webapp.services.changes.school_records import require_own_student, require_unlocked
from workflows.decisions import DecisionTable

OF_THE_RECORD = frozenset({RecordField.ETHNICITY, RecordField.NATIVE_PLACE})
OF_THE_PROFILE = frozenset(
    {RecordField.POLITICAL_STATUS, RecordField.HOME_ADDRESS, RecordField.PHONE, RecordField.HEALTH}
)
EDITABLE = tuple(field for field in RecordField if field in OF_THE_RECORD | OF_THE_PROFILE)


class IsKeyData(Refusal):
    """{field} is key data here: apply for its correction, with proof."""

    status = 422


def key_fields(tables: Mapping[str, DecisionTable], packs: Sequence[str]) -> frozenset[RecordField]:
    """Return what only a case may correct under these packs."""
    return frozenset(
        RecordField(str(hit.outputs["field"])) for hit in tables["key_fields"].hits({"packs": tuple(packs)})
    )


def key_fields_of(session: Session, enrolment: Enrolment) -> frozenset[RecordField]:
    """Return what only a case may correct of a student."""
    _, governing = in_force(session, GOVERNING_PROCESS)
    return key_fields(governing.decisions, rule_packs(governing.decisions, enrolment.school))


def political_status_of(session: Session, student_id: int) -> str | None:
    """Return a student's political status."""
    return session.scalar(
        select(StudentProfile.political_status).where(StudentProfile.student_id == student_id)
    )


def present_value(session: Session, student: Student, field: RecordField) -> str | None:
    """Return what stands in an editable field."""
    if field in OF_THE_RECORD:
        value: str | None = getattr(student, field)
        return value
    profile = session.get(StudentProfile, student.id)
    return getattr(profile, field) if profile else None


def edit(
    session: Session, registrar: Person, enrolment: Enrolment, field: RecordField, after: str | None
) -> None:
    """Change a field of the school's own student directly, and keep what it was (K-08; W48); commits.

    Raises NotYourStudent, RecordLocked (K-14), or IsKeyData for what only a case may correct (K-07).
    """
    require_own_student(registrar, enrolment)
    require_unlocked(enrolment)
    if field not in EDITABLE or field in key_fields_of(session, enrolment):
        raise IsKeyData(field=field)
    student = session.get_one(Student, enrolment.student_id, with_for_update={"key_share": True})
    before = present_value(session, student, field)
    if before == after:
        session.rollback()
        return
    if field in OF_THE_RECORD:
        setattr(student, field, after)
    else:
        kept = insert(StudentProfile).values({"student_id": student.id, field.value: after})
        session.execute(kept.on_conflict_do_update(index_elements=["student_id"], set_={field.value: after}))
    edited = RecordEdit(
        student_id=student.id,
        field=field,
        before=before,
        after=after,
        edited_by_id=registrar.account_id,
        edited_at=clock.now(),
    )
    session.add(edited)
    session.commit()


def edits_of(session: Session, student_id: int) -> Sequence[RecordEdit]:
    """Return what was changed directly of a student, the newest first."""
    mine = select(RecordEdit).where(RecordEdit.student_id == student_id)
    return session.scalars(mine.order_by(RecordEdit.edited_at.desc(), RecordEdit.id.desc())).all()
