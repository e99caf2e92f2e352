"""The student's registry record (学籍档案) and its history: domain 4."""

from datetime import date

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import (
    IdentityType,
    NumberKind,
    OverlayKind,
    ProblemType,
    RecordField,
    RegistryState,
    Sex,
    StudyForm,
)
from models.offices import Office


class Student(Base):
    """One person's record, of which the enrolments and overlays are part.

    `version` grows with every change of the record, so that a case can tell what it was opened on; the database
    counts. The identity number is stored encrypted (`identity_cipher`) beside a keyed blind index for look-ups.
    `entered_by_id` is whoever entered a child that is at a school elsewhere (外省转入), by word alone.
    """

    __tablename__ = "student"
    __table_args__ = (
        one_of("sex", Sex),
        one_of("identity_type", IdentityType),
        one_of("number_kind", NumberKind),
        one_of("state", RegistryState),
        CheckConstraint(
            r"number_kind <> 'F' OR registry_number ~ '^\d{10}$'",
            name="a_fujian_vocational_number_has_ten_digits",
        ),
        CheckConstraint(
            r"number_kind = 'F' OR registry_number ~ ('^' || number_kind || '\d{17}[0-9X]$')",
            name="a_national_number_is_its_letter_and_eighteen_characters",
        ),
        CheckConstraint("(registry_number IS NULL) = (number_kind IS NULL)", name="a_number_has_a_kind"),
        Index("registry_numbers_are_unique", "registry_number", unique=True),
        Index("identity_numbers_are_unique", "identity_index", unique=True),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(text_enum(Sex))
    birth_date: Mapped[date]
    identity_type: Mapped[IdentityType] = mapped_column(text_enum(IdentityType))
    identity_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_kind: Mapped[NumberKind | None] = mapped_column(text_enum(NumberKind))
    registry_number: Mapped[str | None] = mapped_column(String(19))
    state: Mapped[RegistryState] = mapped_column(text_enum(RegistryState))
    ethnicity: Mapped[str | None] = mapped_column(String(20))
    native_place: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(server_onupdate=FetchedValue())
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Moment]

    enrolments: Mapped[list["Enrolment"]] = relationship(
        back_populates="student", order_by="Enrolment.started_on"
    )
    overlays: Mapped[list["StudentOverlay"]] = relationship()


class StudentProfile(Base):
    """What the school keeps of a student beside his record (非关键信息); its changes do not count as the record's.

    `household_code` is the division of his household (户籍所在地).
    """

    __tablename__ = "student_profile"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    political_status: Mapped[str | None] = mapped_column(String(20))
    home_address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
    health: Mapped[str | None] = mapped_column(String(50))
    household_code: Mapped[str | None] = mapped_column(String(6))


class RecordEdit(Base):
    """A part of a record that the school changed directly (直接修改), what it was and what it is since."""

    __tablename__ = "record_edit"
    __table_args__ = (one_of("field", RecordField), Index("ix_record_edit_student_id", "student_id"))

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    field: Mapped[RecordField] = mapped_column(text_enum(RecordField))
    before: Mapped[str | None] = mapped_column(String(200))
    after: Mapped[str | None] = mapped_column(String(200))
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[Moment]


class Enrolment(Base):
    """A student's time in one school's grade, class and major (就读经历). The open row is the present one."""

    __tablename__ = "enrolment"
    __table_args__ = (
        one_of("study_form", StudyForm),
        one_of("ended_as", RegistryState),
        CheckConstraint("(ended_on IS NULL) = (ended_as IS NULL)", name="an_ended_enrolment_says_as_what"),
        CheckConstraint("grade BETWEEN 1 AND 12", name="a_grade_is_from_1_to_12"),
        Index(
            "one_active_enrolment_per_person", "student_id", unique=True, postgresql_where="ended_on IS NULL"
        ),
        Index("ix_enrolment_student_id", "student_id"),
        Index("ix_enrolment_school_id_grade", "school_id", "grade", postgresql_where="ended_on IS NULL"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    grade: Mapped[int]
    class_name: Mapped[str | None] = mapped_column(String(40))
    major_code: Mapped[str | None] = mapped_column(String(10))
    major_name: Mapped[str | None] = mapped_column(String(60))
    schooling_years: Mapped[int]
    study_form: Mapped[StudyForm] = mapped_column(text_enum(StudyForm))
    entered_on: Mapped[date]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_as: Mapped[RegistryState | None] = mapped_column(text_enum(RegistryState))

    student: Mapped[Student] = relationship(back_populates="enrolments")
    school: Mapped[Office] = relationship()


class StudentOverlay(Base):
    """Something that lies over a record's primary state for a time, such as an open problem (问题学籍).

    A problem that the school's authority opened says of which type it is, who opened it, and once it is closed who
    did so and what came of it; what the system itself finds has neither.
    """

    __tablename__ = "student_overlay"
    __table_args__ = (
        one_of("kind", OverlayKind),
        one_of("problem_type", ProblemType),
        CheckConstraint("problem_type IS NULL OR kind = 'problem'", name="a_problem_alone_has_a_type"),
        Index(
            "one_open_overlay_per_kind",
            "student_id",
            "kind",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    kind: Mapped[OverlayKind] = mapped_column(text_enum(OverlayKind))
    note: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    problem_type: Mapped[ProblemType | None] = mapped_column(text_enum(ProblemType))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_note: Mapped[str | None] = mapped_column(String(200))


class NumberCounter(Base):
    """The last serial given out in one series of numbers; a locked row keeps the series gap-free."""

    __tablename__ = "number_counter"
    __table_args__ = (CheckConstraint("last_serial >= 0", name="a_serial_is_not_negative"),)

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_serial: Mapped[int]
