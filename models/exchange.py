"""What is exchanged with the other provinces (外省): messages out and in, and which cases they are about."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.cases import ChangeRequest
from models.enums import MessageDirection, MessageKind, Trouble


class ExchangeMessage(Base):
    """One message to or from another province, until it is taken there or done with here, and afterwards.

    `partner` is the other province and `province` the one of ours that it is from or to, by the first two digits of
    their codes; `reference` names the business on both sides. An identity number in `body` is encrypted.
    `due_at` is when it is tried next. `trouble` says what went wrong last, `error` the same in technical words; of a
    message that is done, `error` says why it had no effect. `refused`: one side takes it for wrong. `settlement`:
    what both sides agreed on otherwise, with whom, when, and who took it down.
    """

    __tablename__ = "exchange_message"
    __table_args__ = (
        one_of("direction", MessageDirection),
        one_of("kind", MessageKind),
        one_of("trouble", Trouble),
        CheckConstraint("(attempts = 0) = (tried_at IS NULL)", name="a_tried_message_has_its_time"),
        CheckConstraint(
            "done_at IS NOT NULL OR (trouble IS NULL) = (error IS NULL)",
            name="a_message_that_waits_says_its_trouble",
        ),
        CheckConstraint("settlement IS NULL OR done_at IS NOT NULL", name="a_settled_message_is_done"),
        CheckConstraint("NOT refused OR error IS NOT NULL", name="a_refused_message_says_why"),
        UniqueConstraint("direction", "partner", "message_id", name="a_message_is_taken_once"),
        Index("ix_exchange_message_due_at", "due_at", postgresql_where="done_at IS NULL"),
        Index(
            "ix_exchange_message_waiting", "partner", "reference", "id", postgresql_where="done_at IS NULL"
        ),
        Index("ix_exchange_message_change_request_id", "change_request_id"),
    )

    id: Mapped[Key]
    direction: Mapped[MessageDirection] = mapped_column(text_enum(MessageDirection))
    partner: Mapped[str] = mapped_column(String(2))
    province: Mapped[str] = mapped_column(String(2))
    message_id: Mapped[uuid.UUID]
    reference: Mapped[uuid.UUID]
    kind: Mapped[MessageKind] = mapped_column(text_enum(MessageKind))
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[Moment]
    created_at: Mapped[Moment]
    due_at: Mapped[Moment]
    attempts: Mapped[int]
    tried_at: Mapped[Moment | None]
    refused: Mapped[bool]
    trouble: Mapped[Trouble | None] = mapped_column(text_enum(Trouble))
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[Moment | None]
    settlement: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class OutsideCase(Base):
    """A case whose other side another deployment serves, and what it is called there.

    `reference` is shared by both; `their_number` is the case's number there, once it is known. `began_here` says
    which of the two asks the other.
    """

    __tablename__ = "outside_case"
    __table_args__ = (UniqueConstraint("partner", "reference", name="one_case_per_reference"),)

    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"), primary_key=True)
    partner: Mapped[str] = mapped_column(String(2))
    reference: Mapped[uuid.UUID]
    their_number: Mapped[str | None] = mapped_column(String(40))
    began_here: Mapped[bool]

    case: Mapped[ChangeRequest] = relationship()
