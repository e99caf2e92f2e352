"""The tree of divisions and offices (机构), and who sits where.

Source of the tree: domain 2.1; of the division codes: GB/T 2260.
"""

from datetime import date

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Valid, one_of, text_enum
from models.enums import DivisionLevel, OfficeKind, OfficeLevel, Role, Stage


class Division(Base):
    """An administrative division (行政区划): `code` is its six digits of GB/T 2260."""

    __tablename__ = "division"
    __table_args__ = (one_of("level", DivisionLevel),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[DivisionLevel] = mapped_column(text_enum(DivisionLevel))
    superior_code: Mapped[str | None] = mapped_column(ForeignKey("division.code"))


class Office(Valid, Base):
    """A bureau or a school. `path` holds the ids from the top of the tree down to the office itself.

    `rule_pack` puts a school under another rule pack than its region and stage would.
    """

    __tablename__ = "office"
    __table_args__ = (
        one_of("kind", OfficeKind),
        one_of("level", OfficeLevel),
        CheckConstraint(
            "(kind = 'school') = (stage IS NOT NULL)", name="schools_and_only_schools_have_a_stage"
        ),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="an_office_ends_after_it_begins"),
        Index("ix_office_division_code_name", "division_code", "name"),
        Index("ix_office_superior_id", "superior_id"),
        Index(
            "one_bureau_per_division",
            "division_code",
            unique=True,
            postgresql_where="kind = 'bureau' AND valid_to IS NULL",
        ),
    )

    id: Mapped[Key]
    kind: Mapped[OfficeKind] = mapped_column(text_enum(OfficeKind))
    level: Mapped[OfficeLevel] = mapped_column(text_enum(OfficeLevel))
    name: Mapped[str] = mapped_column(String(100))
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"))
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    path: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    stage: Mapped[Stage | None] = mapped_column(text_enum(Stage))
    school_code: Mapped[str | None] = mapped_column(String(10))
    rule_pack: Mapped[str | None] = mapped_column(String(40))

    division: Mapped[Division] = relationship()
    superior: Mapped["Office | None"] = relationship(remote_side="Office.id")


class Membership(Valid, Base):
    """An account holds a role in an office from a day to a day (the last day excluded)."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name="a_membership_ends_after_it_begins"
        ),
        UniqueConstraint(
            "account_id", "office_id", "role", "valid_from", name="one_membership_per_role_and_day"
        ),
        Index("ix_membership_office_id_role", "office_id", "role"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(text_enum(Role))

    office: Mapped[Office] = relationship()


class Term(Base):
    """A school term (学期) of a division's schools; without a division, of the whole country.

    `class_hours` are those of the whole term (总课时), where they are known.
    """

    __tablename__ = "term"
    __table_args__ = (
        CheckConstraint("closes_on > opens_on", name="a_term_closes_after_it_opens"),
        CheckConstraint("class_hours > 0", name="a_term_has_class_hours"),
        UniqueConstraint(
            "division_code",
            "opens_on",
            name="one_term_per_division_and_opening",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Key]
    division_code: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    class_hours: Mapped[int | None]


class SchoolPlaces(Base):
    """How many pupils a school's grade may hold (学额). No row: the school has not published a figure."""

    __tablename__ = "school_places"
    __table_args__ = (CheckConstraint("capacity >= 0", name="places_are_not_negative"),)

    school_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    grade: Mapped[int] = mapped_column(primary_key=True)
    capacity: Mapped[int]
