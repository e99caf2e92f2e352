"""What happens to a student at school that rules read: semesters, suspensions, aid, placements (domain 3, 4.1)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import AidKind, Conduct, HowTold, SuspensionReason
from models.offices import Office


class Suspension(Base):
    """A spell of suspension (休学期), from its first day to its last; a renewal (续休) is another one that follows it.

    It is open until the student is back, has left, or is suspended on: then it has `ended_on`, the day before.
    """

    __tablename__ = "suspension"
    __table_args__ = (
        one_of("reason", SuspensionReason),
        CheckConstraint("ends_on >= starts_on", name="a_suspension_ends_after_it_starts"),
        Index(
            "one_open_suspension_per_student", "student_id", unique=True, postgresql_where="ended_on IS NULL"
        ),
        Index("ix_suspension_student_id", "student_id"),
        Index("ix_suspension_ends_on", "ends_on", postgresql_where="ended_on IS NULL"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    reason: Mapped[SuspensionReason] = mapped_column(text_enum(SuspensionReason))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]


class ReturnNotice(Base):
    """The family was told that the suspension ends and that the student has to return or withdraw (复学告知)."""

    __tablename__ = "return_notice"
    __table_args__ = (one_of("how", HowTold), Index("ix_return_notice_suspension_id", "suspension_id"))

    id: Mapped[Key]
    suspension_id: Mapped[int] = mapped_column(ForeignKey("suspension.id"))
    told_on: Mapped[date]
    how: Mapped[HowTold] = mapped_column(text_enum(HowTold))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[Moment]


class SemesterRecord(Base):
    """One semester of a student (学期记录): his registration, attendance, credits, results and conduct.

    What the school has not entered is none. `deferred_until` is the last day of a deferred registration (暂缓注册: S1B
    第九条), `leave_days` are school days of leave (请假), `passed` is whether all his results pass.
    """

    __tablename__ = "semester_record"
    __table_args__ = (
        one_of("conduct", Conduct),
        CheckConstraint("truant_hours >= 0 AND credits >= 0", name="hours_and_credits_are_not_negative"),
        CheckConstraint("leave_days >= 0", name="leave_days_are_not_negative"),
        UniqueConstraint("student_id", "term_id", name="one_record_per_student_and_term"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    registered_on: Mapped[date | None]
    deferred_until: Mapped[date | None]
    leave_days: Mapped[int | None]
    truant_hours: Mapped[int | None]
    credits: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    passed: Mapped[bool | None]
    conduct: Mapped[Conduct | None] = mapped_column(text_enum(Conduct))


class Aid(Base):
    """A grant or waiver (资助) from its first day until it ends; a suspended student's is paused (domain 3.2 SU-13)."""

    __tablename__ = "aid"
    __table_args__ = (
        one_of("kind", AidKind),
        Index(
            "one_running_aid_per_kind", "student_id", "kind", unique=True, postgresql_where="ended_on IS NULL"
        ),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    kind: Mapped[AidKind] = mapped_column(text_enum(AidKind))
    starts_on: Mapped[date]
    paused_on: Mapped[date | None]
    ended_on: Mapped[date | None]


class Placement(Base):
    """A work placement (顶岗实习) that was approved: where, from its first day to its last (domain 3.13; S1A 6).

    `report_due_on` is the last day for the school's report on it (实习总结).
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="a_placement_ends_after_it_starts"),
        UniqueConstraint("change_request_id", name="one_placement_per_case"),
        Index("ix_placement_student_id", "student_id"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    employer: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    report_due_on: Mapped[date]


class GraduationProof(Base):
    """A proof of graduation (毕业证明书) that was issued in place of a lost diploma (domain 3.13; S1B 第三十七条)."""

    __tablename__ = "graduation_proof"
    __table_args__ = (
        UniqueConstraint("change_request_id", name="one_proof_per_case"),
        Index("ix_graduation_proof_student_id", "student_id"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    issued_on: Mapped[date]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("office.id"))

    issued_by: Mapped[Office] = relationship()
