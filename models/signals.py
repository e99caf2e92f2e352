"""What a case sets off around it: timers, notices (通知), and who looked at it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.cases import ChangeRequest
from models.enums import NoticeKind, Role, TimerKind


class Timer(Base):
    """When a task next wants attention. Claimed in batches with SKIP LOCKED."""

    __tablename__ = "timer"
    __table_args__ = (one_of("kind", TimerKind), Index("ix_timer_due_at", "due_at"))

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[TimerKind] = mapped_column(text_enum(TimerKind))
    due_at: Mapped[Moment]


class Outbox(Base):
    """Something to tell people, written in the transaction that made it true and drained in batches."""

    __tablename__ = "outbox"
    __table_args__ = (one_of("kind", NoticeKind),)

    id: Mapped[Key]
    kind: Mapped[NoticeKind] = mapped_column(text_enum(NoticeKind))
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    created_at: Mapped[Moment]


class Notice(Base):
    """One message to one account, or to whoever holds a role in an office.

    `outbox_id` makes its sending idempotent.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("kind", NoticeKind),
        one_of("role", Role),
        CheckConstraint(
            "(account_id IS NULL) <> (office_id IS NULL) AND (office_id IS NULL) = (role IS NULL)",
            name="a_notice_is_for_an_account_or_for_a_role_in_an_office",
        ),
        UniqueConstraint(
            "outbox_id",
            "account_id",
            "office_id",
            "role",
            name="one_notice_per_message_and_receiver",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_notice_account_id_id", "account_id", "id"),
        Index("ix_notice_office_id_role_id", "office_id", "role", "id"),
    )

    id: Mapped[Key]
    outbox_id: Mapped[int]
    kind: Mapped[NoticeKind] = mapped_column(text_enum(NoticeKind))
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role | None] = mapped_column(text_enum(Role))
    created_at: Mapped[Moment]
    read_at: Mapped[Moment | None]

    change_request: Mapped[ChangeRequest] = relationship()


class AccessLog(Base):
    """Who read whose personal data, and when. Append-only, apart from the cases' history."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_student_id_at", "student_id", "at"),)

    id: Mapped[Key]
    at: Mapped[Moment]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    what: Mapped[str] = mapped_column(String(40))
