"""`then`: what can be said to hold after the last step of a scenario."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.enums import (
    AdmissionEndReason,
    Ask,
    BulkResult,
    CaseState,
    EventKind,
    NoticeKind,
    RecordField,
    RegistryState,
    Role,
    Seat,
    WithdrawalReason,
)
from webapp.scenarios.chains import ChainStep
from webapp.scenarios.strict import OneOf, Strict


class StateIs(Strict):
    """The state of a student's case."""

    student: str | None = None
    is_: CaseState = Field(alias="is")


class InboxHas(Strict):
    """A student's case in the inbox of whoever serves at a seat of that case."""

    at: Seat
    role: Role | None = None
    has: str
    blocking: bool | None = None


class DueOn(Strict):
    """The last day of the latest task at a seat; without one, that of the whole case."""

    at: Seat | None = None
    role: Role | None = None
    on: date
    provisional: bool | None = None
    student: str | None = None


class NoticesHave(Strict):
    """Kinds of notices about a case that came to a seat of it; 申请人 is the applicant."""

    at: Seat
    role: Role | None = None
    has: tuple[NoticeKind, ...] = ()
    lacks: tuple[NoticeKind, ...] = ()
    student: str | None = None


class OverdueAre(Strict):
    """How many tasks the inbox of whoever serves at a seat of a case counts as overdue."""

    at: Seat
    role: Role | None = None
    count: int
    student: str | None = None


class BulkIs(Strict):
    """What became of a student's task in what was last approved together, and the rules by which it was refused."""

    student: str
    is_: BulkResult = Field(alias="is")
    rules: tuple[str, ...] = ()


class RecordIs(Strict):
    """A student's record as it is now; `says` what stands in its fields, the identity number in clear."""

    student: str
    school: str | None = None
    grade: int | None = None
    state: RegistryState | None = None
    says: dict[RecordField, str] = Field(default_factory=dict)


class ProposalsAre(Strict):
    """On which grounds the nightly check of that day has a change proposed for a student."""

    student: str
    are: tuple[WithdrawalReason | AdmissionEndReason, ...]


class NumberIs(Strict):
    """A student's registry number."""

    later = frozenset({"diploma"})

    student: str
    is_: str | None = Field(alias="is")


def _state_alone(given: object) -> object:
    return {"is": given} if isinstance(given, str) else given


class Expectation(OneOf):
    """One thing that holds."""

    state: Annotated[StateIs, BeforeValidator(_state_alone)] | None = None
    refused: tuple[str, ...] | None = None
    chain: tuple[ChainStep, ...] | None = None
    inbox: InboxHas | None = None
    not_inbox: InboxHas | None = None
    due: DueOn | None = None
    overdue: OverdueAre | None = None
    notices: NoticesHave | None = None
    bulk: BulkIs | None = None
    asked: tuple[Ask, ...] | None = None
    record: RecordIs | None = None
    number: NumberIs | None = None
    proposals: ProposalsAre | None = None
    roster: dict[str, str | tuple[str, ...]] | None = None
    aid: dict[str, Literal["running", "paused", "none"]] | None = None
    overlays: dict[str, tuple[str, ...]] | None = None
    events: tuple[EventKind, ...] | None = None
    warnings: tuple[str, ...] | None = None
