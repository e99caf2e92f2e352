"""Sanctions (处分) against students, as rules read them while they stand: domain 3.13; S1B 27 to 29."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import SanctionKind

LONGEST_GROUND = 500


class Sanction(Base):
    """A sanction from the day of its decision until it is revoked on application (S1B 第二十九条); rows stay.

    `until` is the last day for which it was decided; it does not end by itself. An expulsion comes of a case alone, and
    is not revoked. Who entered or revoked it is none of what stood in records before sanctions were entered here.
    """

    __tablename__ = "sanction"
    __table_args__ = (
        one_of("kind", SanctionKind),
        CheckConstraint(
            "(kind = 'expulsion') = (change_request_id IS NOT NULL)", name="an_expulsion_comes_of_a_case"
        ),
        CheckConstraint("kind <> 'expulsion' OR revoked_on IS NULL", name="an_expulsion_is_not_revoked"),
        CheckConstraint("until >= decided_on", name="a_sanction_ends_after_its_decision"),
        CheckConstraint("revoked_on >= decided_on", name="a_sanction_is_revoked_after_its_decision"),
        CheckConstraint(
            "num_nulls(revoked_on, revoked_ground, revoked_at) IN (0, 3)",
            name="a_revocation_says_when_and_why",
        ),
        Index("ix_sanction_student_id", "student_id"),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    kind: Mapped[SanctionKind] = mapped_column(text_enum(SanctionKind))
    decided_on: Mapped[date]
    ground: Mapped[str] = mapped_column(String(LONGEST_GROUND))
    until: Mapped[date | None]
    change_request_id: Mapped[int | None] = mapped_column(ForeignKey("change_request.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[Moment]
    revoked_on: Mapped[date | None]
    revoked_ground: Mapped[str | None] = mapped_column(String(LONGEST_GROUND))
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[Moment | None]
