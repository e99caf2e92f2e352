"""The messages between two provinces, as frozen values and as JSON; `docs/exchange.md` explains each field.

Whatever is read is checked to the letter: a field that is unknown, missing, of another type or too long is refused by
name, as are characters that nobody can see.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass

from models.enums import (
    IdentityType,
    MessageKind,
    NumberKind,
    OfficeLevel,
    Sex,
    Stage,
    StudyForm,
    TransferReason,
)

VERSION: Literal[1] = 1
STRICT = ConfigDict(extra="forbid", strict=True)
LONGEST_COMPLAINT = 500
LONGEST_WORDS = 1000

_VISIBLE = r"\A[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*\z"
_VISIBLE_LINES = r"\A([^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\n)*\z"

Province = Annotated[str, Field(pattern=r"\A[1-6][0-9]\z")]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=_VISIBLE)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=_VISIBLE)]
Words = Annotated[str, Field(max_length=LONGEST_WORDS, pattern=_VISIBLE_LINES)]
Grade = Annotated[int, Field(ge=1, le=12)]
FaultCode = Literal["2001", "2002", "2003"]  # 校验代码
Years = Annotated[int, Field(ge=1, le=12)]


class MalformedError(Exception):
    """What was sent is no message; the text names each field that is wrong, and shows no value."""


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class School:
    """A school (学校): its code (学校标识码) if it has one, and the six digits of the division it lies in."""

    code: Annotated[str, Field(pattern=r"\A[0-9]{10}\z")] | None
    name: Name
    division: Annotated[str, Field(pattern=r"\A[1-6][0-9]{5}\z")]
    stage: Stage
    run_by: OfficeLevel


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Pupil:
    """Whom it is about, as the validation finds him: name and registry number (学籍号)."""

    name: Name
    registry_number: Annotated[str, Field(pattern=r"\A([GLJ][0-9]{17}[0-9X]|[0-9]{10})\z")]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Record:
    """The record (学籍档案) that goes with a pupil whom the releasing side lets go; nothing else is personal here."""

    sex: Sex
    birth_date: date
    identity_type: IdentityType
    identity_number: Annotated[str, Field(min_length=1, max_length=40, pattern=_VISIBLE)] | None
    number_kind: NumberKind
    grade: Grade
    class_name: Annotated[str, Field(min_length=1, max_length=40, pattern=_VISIBLE)] | None
    major_code: Annotated[str, Field(min_length=1, max_length=10, pattern=_VISIBLE)] | None
    major_name: Annotated[str, Field(min_length=1, max_length=60, pattern=_VISIBLE)] | None
    schooling_years: Years
    study_form: StudyForm
    entered_on: date


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Request:
    """The sender's side has agreed and asks for the other's. From the releasing side it comes with the record."""

    number: Number
    pupil: Pupil
    receiving_school: School
    releasing_school: School
    grade: Grade
    reason: TransferReason
    schooling_years: Years | None
    record: Record | None


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Validated:
    """The request was found right, and is a case with this number now."""

    number: Number


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Refused:
    """The request was found wrong: the codes 2001, 2002, 2003 of the national platform, and in words.

    2001 may be `about` the pupil or the school that was named.
    """

    codes: Annotated[tuple[FaultCode, ...], Field(min_length=1, max_length=3)]
    about: Literal["pupil", "school"] | None
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Decided:
    """The sender's side has decided, its last office last. Who releases a pupil and was asked adds the record."""

    outcome: Literal["approve", "reject"]
    reason: Words
    office: Name
    record: Record | None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.outcome == "reject" and not self.reason.strip():
            raise ValueError("reason is needed to reject")
        return self


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Agreed:
    """The sender's school agrees, and its authority decides while the receiver's does (V7)."""

    office: Name


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Pulled:
    """The receiving side has pulled the file (调档): the pupil is theirs from that day."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Ended:
    """The business has ended at the sender's without success."""

    how: Literal["withdrawn", "rejected", "revoked", "terminated"]
    reason: Words


Body = Request | Validated | Refused | Agreed | Decided | Pulled | Ended

BODIES: Mapping[MessageKind, TypeAdapter[Any]] = {
    MessageKind.REQUEST: TypeAdapter(Request),
    MessageKind.VALIDATED: TypeAdapter(Validated),
    MessageKind.REFUSED: TypeAdapter(Refused),
    MessageKind.AGREED: TypeAdapter(Agreed),
    MessageKind.DECIDED: TypeAdapter(Decided),
    MessageKind.PULLED: TypeAdapter(Pulled),
    MessageKind.ENDED: TypeAdapter(Ended),
}


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Envelope:
    """A message whose body is not yet read; `reference` names the business on both sides."""

    id: UUID
    reference: UUID
    kind: MessageKind
    version: Literal[1]
    sender: Province
    receiver: Province
    sent_at: AwareDatetime
    body: dict[str, JsonValue]


_ENVELOPE = TypeAdapter(Envelope)


def read_envelope(data: bytes) -> Envelope:
    """Return the message in JSON, its body checked too; MalformedError."""
    try:
        envelope = _ENVELOPE.validate_json(data)
    except ValidationError as wrong:
        raise MalformedError(complaint(wrong)) from None
    read_body(envelope.kind, envelope.body)
    return envelope


def read_body(kind: MessageKind, body: Mapping[str, JsonValue]) -> Any:  # noqa: ANN401 - the kind says which
    """Return a body of a kind from plain JSON; MalformedError."""
    try:
        return BODIES[kind].validate_json(json.dumps(body))
    except ValidationError as wrong:
        raise MalformedError(complaint(wrong, "body")) from None


def plain(kind: MessageKind, body: Body) -> dict[str, Any]:
    """Return a body as plain JSON."""
    written: dict[str, Any] = BODIES[kind].dump_python(body, mode="json")
    return written


def written(envelope: Envelope) -> bytes:
    """Return a message as JSON, which `read_envelope` reads."""
    return _ENVELOPE.dump_json(envelope)


def said(text: str) -> str:
    """Return what a person wrote as a message may say it: visible, and not too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(filter(str.isprintable, line)) for line in lines)[:LONGEST_WORDS]


def complaint(wrong: ValidationError, *within: str) -> str:
    """Return what is wrong with which field, without any value."""
    errors = wrong.errors(include_url=False, include_context=False, include_input=False)
    told = (".".join(map(str, (*within, *error["loc"]))) + ": " + error["msg"] for error in errors)
    return "; ".join(told)[:LONGEST_COMPLAINT]
