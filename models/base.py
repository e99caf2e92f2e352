"""The declarative base of all tables, and the column types they share."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    DateTime,
    Enum,
    Identity,
    MetaData,
    and_,
    or_,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Our own typed base, also given to Flask-SQLAlchemy."""

    metadata = MetaData(naming_convention=NAMING)


class Valid:
    """A mixin: what holds from a day on to before another, or until it is ended."""

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    @classmethod
    def valid_on(cls, day: date) -> ColumnElement[bool]:
        """Return the condition that it holds on a day."""
        return and_(cls.valid_from <= day, or_(cls.valid_to.is_(None), cls.valid_to > day))


Key = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def text_enum(kind: type[StrEnum]) -> Enum:
    """A text column that holds one value of `kind`; its check constraint is `one_of`."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """The rule that `column` holds a value of `kind`, named so that its breach reads as the rule."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_is_known")
