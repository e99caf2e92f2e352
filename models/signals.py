"""What a case sets off around it: timers, notices (通知), and who looked at it."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.cases import ChangeRequest
from models.enums import CaseTimerKind, NoticeKind, Role, TimerKind


class Timer(Base):
    """When a task next wants attention. Claimed in batches with SKIP LOCKED."""

    __tablename__ = "timer"
    __table_args__ = (one_of("kind", TimerKind), Index("ix_timer_due_at", "due_at"))

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[TimerKind] = mapped_column(text_enum(TimerKind))
    due_at: Mapped[Moment]


class CaseTimer(Base):
    """When a whole case next wants attention. `key` tells the timers of a case apart: its total limit's is empty."""

    __tablename__ = "case_timer"
    __table_args__ = (one_of("kind", CaseTimerKind), Index("ix_case_timer_due_at", "due_at"))

    change_request_id: Mapped[int] = mapped_column(
        ForeignKey("change_request.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[CaseTimerKind] = mapped_column(text_enum(CaseTimerKind))
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
    """One message to one account, to whoever holds a role in an office, or to one of those. Partitioned by year.

    `outbox_id` is the message it was made from, which left the outbox in the same statement: none is sent twice.
    `happened_at` is when it was written there, with what it tells of; of notices of earlier releases nobody knows.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("kind", NoticeKind),
        one_of("role", Role),
        CheckConstraint(
            "(account_id IS NOT NULL OR office_id IS NOT NULL) AND (office_id IS NULL) = (role IS NULL)",
            name="a_notice_is_for_an_account_or_for_a_role_in_an_office",
        ),
        Index("ix_notice_account_id_id", "account_id", "id"),
        Index("ix_notice_office_id_role_id", "office_id", "role", "id"),
        Index("ix_notice_unread_of_role", "office_id", "role", "id", postgresql_where="read_at IS NULL"),
        Index("ix_notice_change_request_id", "change_request_id"),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    id: Mapped[Key]
    outbox_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[NoticeKind] = mapped_column(text_enum(NoticeKind))
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role | None] = mapped_column(text_enum(Role))
    created_at: Mapped[Moment] = mapped_column(primary_key=True)
    happened_at: Mapped[Moment | None]
    read_at: Mapped[Moment | None]

    change_request: Mapped[ChangeRequest] = relationship()


class AccessLog(Base):
    """Who read whose personal data, and when: one student's, or a list of them on one page (`listed_ids`).

    Neither for a look-up that found nobody. Append-only, apart from the cases' history; partitioned by month.
    """

    __tablename__ = "access_log"
    __table_args__ = (
        CheckConstraint(
            "student_id IS NULL OR listed_ids IS NULL", name="a_look_is_at_one_student_or_at_a_list"
        ),
        Index("ix_access_log_student_id_at", "student_id", "at"),
        Index(
            "ix_access_log_listed_ids",
            "listed_ids",
            postgresql_using="gin",
            postgresql_where="listed_ids IS NOT NULL",
        ),
        Index(
            "ix_access_log_change_request_id",
            "change_request_id",
            postgresql_where="change_request_id IS NOT NULL",
        ),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[Key]
    at: Mapped[Moment] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    listed_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    what: Mapped[str] = mapped_column(String(40))
