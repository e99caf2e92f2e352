"""Accounts, their sign-ins and the forms they sent, and the guardians of students."""

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key, Moment, Valid, one_of, text_enum
from models.enums import Relation, Role
from models.offices import Membership, Office
from models.registry import Student


class Account(Base):
    """A person who may sign in. `password_hash` is argon2id."""

    __tablename__ = "account"

    id: Mapped[Key]
    login: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str | None] = mapped_column(String(12))
    disabled_at: Mapped[Moment | None]
    created_at: Mapped[Moment]

    memberships: Mapped[list[Membership]] = relationship()
    guardianships: Mapped[list["Guardianship"]] = relationship(back_populates="guardian")


class Guardianship(Valid, Base):
    """An account is a guardian (监护人) of a student from a day to a day (the last day excluded)."""

    __tablename__ = "guardianship"
    __table_args__ = (
        one_of("relation", Relation),
        CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name="a_guardianship_ends_after_it_begins"
        ),
        Index(
            "one_guardianship_per_guardian_and_student",
            "account_id",
            "student_id",
            unique=True,
            postgresql_where="valid_to IS NULL",
        ),
        Index("ix_guardianship_student_id", "student_id"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    relation: Mapped[Relation] = mapped_column(text_enum(Relation))

    guardian: Mapped[Account] = relationship(back_populates="guardianships")
    student: Mapped[Student] = relationship()


class Substitution(Base):
    """While one holder of a post is away, another member of the office acts in it (代理), the last day excluded."""

    __tablename__ = "substitution"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("valid_to > valid_from", name="a_substitution_ends_after_it_begins"),
        CheckConstraint("absent_id <> substitute_id", name="nobody_stands_in_for_himself"),
        Index("ix_substitution_absent_id", "absent_id", "valid_to"),
        Index("ix_substitution_substitute_id", "substitute_id", "valid_to"),
    )

    id: Mapped[Key]
    absent_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(text_enum(Role))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Moment]

    absent: Mapped[Account] = relationship(foreign_keys=[absent_id])
    substitute: Mapped[Account] = relationship(foreign_keys=[substitute_id])
    office: Mapped[Office] = relationship()

    @property
    def last_day(self) -> date:
        """The last day on which the substitute acts."""
        return self.valid_to - timedelta(days=1)


class SignIn(Base):
    """One signed-in browser. Only the SHA-256 of its token is stored; revoking the row ends it everywhere."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_id", "account_id"),)

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]

    account: Mapped[Account] = relationship()


class FormToken(Base):
    """A form that was sent and is not done a second time; `token` is a digest of its token and of what it said."""

    __tablename__ = "form_token"
    __table_args__ = (Index("ix_form_token_created_at", "created_at"),)

    token: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[Moment]


class Throttle(Base):
    """What is counted across processes: failed sign-ins by login or address, look-ups and new schools by account."""

    __tablename__ = "throttle"

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int]
    window_ends_at: Mapped[Moment]
