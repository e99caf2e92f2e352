"""How notices (通知) leave the pages: where each account wants them, and each one on its way."""

import uuid

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import Channel, DeliveryState


class Contact(Base):
    """Where an account is reached on a channel, encrypted, and whether it wants its notices there."""

    __tablename__ = "contact"
    __table_args__ = (one_of("channel", Channel),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(text_enum(Channel), primary_key=True)
    address: Mapped[bytes] = mapped_column(LargeBinary)
    wanted: Mapped[bool]


class Delivery(Base):
    """One notice on its way to one account by one channel (送达), until it was taken there, and for a while afterwards.

    `notice_id` and `created_at` are those of the notice, which is partitioned and goes before its time with its part.
    `message_id` stays the same for every attempt, so that whoever takes it twice can tell. `due_at` is when it is
    tried next; `error` says, in technical words and without the address, what went wrong last.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", DeliveryState),
        UniqueConstraint(
            "account_id", "channel", "notice_id", name="one_delivery_per_account_channel_and_notice"
        ),
        CheckConstraint(
            "(state = 'waiting') = (done_at IS NULL)", name="a_delivery_that_waits_no_more_has_its_time"
        ),
        CheckConstraint("state <> 'given_up' OR error IS NOT NULL", name="a_delivery_given_up_says_why"),
        Index("ix_delivery_notice_id", "notice_id"),
        Index("ix_delivery_due_at", "channel", "due_at", postgresql_where="state = 'waiting'"),
        Index("ix_delivery_given_up", "done_at", postgresql_where="state = 'given_up'"),
        Index("ix_delivery_done_at", "done_at", postgresql_where="state <> 'waiting'"),
    )

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    channel: Mapped[Channel] = mapped_column(text_enum(Channel))
    message_id: Mapped[uuid.UUID]
    state: Mapped[DeliveryState] = mapped_column(text_enum(DeliveryState))
    attempts: Mapped[int]
    due_at: Mapped[Moment]
    error: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[Moment | None]
