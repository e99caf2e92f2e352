"""Mappings of a scenario file without unknown keys, and the errors a scenario ends with."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from models.enums import ChangeKind, Stage

NOT_SERVED = "not_served"


class ScenarioError(Exception):
    """The scenario cannot be run as it is written; the text says where and why."""


class UnexpectedError(Exception):
    """Something else happened than the scenario says; the text says what was found."""


class Strict(BaseModel):
    """A mapping without unknown keys; those in `later` belong to the format but are not served yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    later: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _is_served(cls, given: object) -> object:
        if isinstance(given, dict) and (asked := cls.later & given.keys()):
            raise not_served(", ".join(sorted(asked)))
        return given


class OneOf(Strict):
    """A mapping with exactly one key beside those in `beside`."""

    beside: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _names_exactly_one(self) -> Self:
        if len(self.model_fields_set - self.beside) != 1:
            raise ValueError(f"one of these, and one only: {', '.join(sorted(self._names()))}")
        return self

    @property
    def chosen(self) -> tuple[str, Any]:
        """The one key, and its value."""
        (field,) = self.model_fields_set - self.beside
        return type(self).model_fields[field].alias or field, getattr(self, field)

    def _names(self) -> list[str]:
        fields = type(self).model_fields
        return [field.alias or name for name, field in fields.items() if name not in self.beside]


def not_served(what: str) -> PydanticCustomError:
    """Return the error for something that the format knows and that is not served yet."""
    return PydanticCustomError(NOT_SERVED, "{what}", {"what": what})


def _served_kind(given: object) -> object:
    if given not in {*ChangeKind}:
        raise not_served(str(given))
    return given


def _served_stage(given: object) -> object:
    if given == "technician":  # 技工学校: a roll of its own, which the others are to be compared with
        raise not_served("technician")
    return given


Kind = Annotated[ChangeKind, BeforeValidator(_served_kind)]
ServedStage = Annotated[Stage, BeforeValidator(_served_stage)]
DivisionName = Annotated[str, BeforeValidator(str)]
"""A division's code or name; YAML reads a code without quotes as a number."""
