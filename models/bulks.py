"""Approving together (批量审批): what an officer sent, when it is carried out, and what became of each task."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import BulkResult, Outcome, Role
from models.offices import Office
from models.people import Account


class Bulk(Base):
    """Tasks of one step that an officer decides together with one opinion; nothing is decided before `runs_at`.

    `step` is its name; `office_id` and `role` say in which post, `instead_of_id` who was away, if a substitute sent it
    (代理). It ends when it is undone, or when no task of it waits any more (`done_at`).
    """

    __tablename__ = "bulk"
    __table_args__ = (
        one_of("role", Role),
        one_of("outcome", Outcome),
        CheckConstraint("runs_at > created_at", name="a_bulk_can_be_undone_for_a_while"),
        CheckConstraint("undone_at IS NULL OR done_at IS NULL", name="a_bulk_ends_once"),
        Index("ix_bulk_due", "runs_at", "id", postgresql_where="done_at IS NULL AND undone_at IS NULL"),
        Index("ix_bulk_office_id_id", "office_id", "id"),
        Index("ix_bulk_account_id_id", "account_id", "id"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(text_enum(Role))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    step: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome))
    opinion: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    runs_at: Mapped[Moment]
    undone_at: Mapped[Moment | None]
    done_at: Mapped[Moment | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    instead_of: Mapped[Account | None] = relationship(foreign_keys=[instead_of_id])
    office: Mapped[Office] = relationship()


class BulkItem(Base):
    """One task of a bulk. `version` is the case's as the officer saw it, `record_version` the record's of the student.

    `told` says why it was not decided, in both languages: the refusal's name and facts.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (
        one_of("result", BulkResult),
        CheckConstraint(
            "(result IN ('lapsed', 'refused')) = (told IS NOT NULL)", name="what_is_not_decided_says_why"
        ),
        Index("one_waiting_bulk_per_task", "task_id", unique=True, postgresql_where="result = 'waiting'"),
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk.id"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    version: Mapped[int]
    record_version: Mapped[int]
    result: Mapped[BulkResult] = mapped_column(text_enum(BulkResult))
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    bulk: Mapped[Bulk] = relationship()
