"""New students before they are registered (新生): lists by which a school registers them, and reserved admissions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, one_of, text_enum
from models.enums import OtherRoll, Season
from models.offices import Office
from models.registry import Student


class Roster(Base):
    """A list of new students (新生花名册) of a school: who enters which grade in a season of a year.

    `outsiders` are those of them whose household lies in another city. Once it is `sent_at`, an application is
    submitted for each line, until none is left (`done_at`). One that was listed by mistake is discarded before.
    """

    __tablename__ = "roster"
    __table_args__ = (
        one_of("season", Season),
        CheckConstraint("sent_at IS NOT NULL OR done_at IS NULL", name="a_roster_is_sent_before_it_is_done"),
        CheckConstraint("sent_at IS NULL OR discarded_at IS NULL", name="what_is_sent_is_not_discarded"),
        Index("ix_roster_school_id", "school_id", "id"),
        Index("ix_roster_waiting", "id", postgresql_where="sent_at IS NOT NULL AND done_at IS NULL"),
    )

    id: Mapped[Key]
    school_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    season: Mapped[Season] = mapped_column(text_enum(Season))
    entered_on: Mapped[date]
    grade: Mapped[int]
    outsiders: Mapped[int]
    listed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    listed_at: Mapped[Moment]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[Moment | None]
    done_at: Mapped[Moment | None]
    discarded_at: Mapped[Moment | None]

    school: Mapped[Office] = relationship()
    lines: Mapped[list["RosterLine"]] = relationship(back_populates="roster", order_by="RosterLine.position")


class RosterLine(Base):
    """One line of a list: a new student, or somebody who could not be listed as one (no `student_id`).

    `told` says why he could not be listed, or why no application could be submitted for him, in both languages: the
    refusal's name and facts. `taken_at` is when a worker last took him, to submit it.
    """

    __tablename__ = "roster_line"
    __table_args__ = (
        CheckConstraint("student_id IS NOT NULL OR told IS NOT NULL", name="who_is_not_listed_is_told_why"),
        one_of("other_roll", OtherRoll),
        UniqueConstraint("roster_id", "position", name="one_line_per_position"),
        Index("ix_roster_line_student_id", "student_id"),
    )

    id: Mapped[Key]
    roster_id: Mapped[int] = mapped_column(ForeignKey("roster.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    class_name: Mapped[str | None] = mapped_column(String(40))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    other_roll: Mapped[OtherRoll] = mapped_column(text_enum(OtherRoll))
    taken_at: Mapped[Moment | None]
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    roster: Mapped[Roster] = relationship(back_populates="lines")
    student: Mapped[Student | None] = relationship()


class Reservation(Base):
    """An admission that is kept for a student who cannot enter yet (保留入学资格), from a day until its last one.

    It ends when he is registered, or loses it.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("lasts_until > starts_on", name="a_reservation_lasts"),
        Index(
            "one_open_reservation_per_student",
            "student_id",
            unique=True,
            postgresql_where="ended_on IS NULL",
        ),
    )

    id: Mapped[Key]
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    starts_on: Mapped[date]
    lasts_until: Mapped[date]
    ended_on: Mapped[date | None]
