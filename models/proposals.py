"""Changes that a nightly run proposes to a school (建议): it opens them, and never changes a record itself."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import ChangeKind, ProposalState
from models.offices import Office
from models.registry import Student


class Proposal(Base):
    """A change that the rules now ask for, until the school begins it, says why not, or it is no longer so.

    `reason` is a word of that kind's reasons, `found_on` the day on which the run found it.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        one_of("kind", ChangeKind),
        one_of("state", ProposalState),
        Index(
            "one_open_proposal_per_student",
            "student_id",
            "kind",
            "reason",
            unique=True,
            postgresql_where="state = 'open'",
        ),
        Index("ix_proposal_school_id", "school_id", postgresql_where="state = 'open'"),
        Index("ix_proposal_student_id", "student_id"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind))
    reason: Mapped[str] = mapped_column(String(32))
    found_on: Mapped[date]
    state: Mapped[ProposalState] = mapped_column(text_enum(ProposalState))
    settled_at: Mapped[Moment | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str | None] = mapped_column(String(500))

    student: Mapped[Student] = relationship()
    school: Mapped[Office] = relationship()


class ProposalRun(Base):
    """How far the run of a day has come: whom it has looked at, and how many proposals it opened and let lapse."""

    __tablename__ = "proposal_run"

    day: Mapped[date] = mapped_column(primary_key=True)
    last_student_id: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[int]
    opened: Mapped[int]
    lapsed: Mapped[int]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
