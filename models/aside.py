"""What officers keep beside a case: opinions that are not given yet (暂存)."""

from sqlalchemy import ARRAY, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Moment
from models.cases import Task
from models.enums import PaperKind


class DraftOpinion(Base):
    """What an officer has written on a task and not decided yet, with the papers that he ticked (暂存)."""

    __tablename__ = "draft_opinion"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    items: Mapped[list[PaperKind]] = mapped_column(ARRAY(String(32)))
    saved_at: Mapped[Moment]

    task: Mapped[Task] = relationship()
