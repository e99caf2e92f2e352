"""What expressions and decision tables compute with: values, their types, and how a misfit is refused."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import TypeAlias

Value: TypeAlias = "bool | int | Decimal | str | date | tuple[Value, ...] | None"


class ExpressionError(Exception):
    """The text is not of our language or misfits its facts; the message says what and where."""


class ValueType(StrEnum):
    """What an expression can yield; ANY is a type known only when the expression is evaluated."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    LIST = "list"
    NONE = "none"
    ANY = "any"


TYPES: Mapping[type, ValueType] = {
    bool: ValueType.BOOLEAN,
    int: ValueType.NUMBER,
    Decimal: ValueType.NUMBER,
    str: ValueType.STRING,
    date: ValueType.DATE,
    tuple: ValueType.LIST,
    NoneType: ValueType.NONE,
}


def type_of(value: Value) -> ValueType:
    """Return the type of a value; raise ExpressionError for what is none of ours (a float, a datetime)."""
    known = TYPES.get(type(value))
    if known is None:
        raise ExpressionError(f"a {type(value).__name__} is not a value of this language")
    return known
