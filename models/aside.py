"""What officers keep beside a case: copies for information (抄送), and opinions that are not given yet (暂存)."""

from sqlalchemy import ARRAY, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.cases import ChangeRequest, Task
from models.enums import FormField, PaperKind, Role
from models.people import Account


class Copy(Base):
    """A case sent to an officer for information (抄送), in the post by which he sees it, and when he read it."""

    __tablename__ = "copy"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "one_unread_copy_per_case_and_account",
            "account_id",
            "change_request_id",
            unique=True,
            postgresql_where="read_at IS NULL",
        ),
        Index("ix_copy_account_id_id", "account_id", "id"),
        Index("ix_copy_change_request_id", "change_request_id"),
    )

    id: Mapped[Key]
    change_request_id: Mapped[int] = mapped_column(ForeignKey("change_request.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(text_enum(Role))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    word: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    read_at: Mapped[Moment | None]

    change_request: Mapped[ChangeRequest] = relationship()
    sent_by: Mapped[Account] = relationship(foreign_keys=[sent_by_id])


class DraftOpinion(Base):
    """What an officer has written on a task and not decided yet, with what he ticked (暂存).

    `items` and `fields` are what he would have corrected, `code` the ground on which he would reject it.
    """

    __tablename__ = "draft_opinion"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    items: Mapped[list[PaperKind]] = mapped_column(ARRAY(String(32)))
    fields: Mapped[list[FormField]] = mapped_column(ARRAY(String(40)))
    code: Mapped[str | None] = mapped_column(String(64))
    saved_at: Mapped[Moment]

    task: Mapped[Task] = relationship()
