"""How the made-up province behaves, well or badly, as it is told."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from webapp.services.exchange.messages import FaultCode


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Behaviour:
    """What to do from now on: answers come after `delay` seconds each, and each is sent `copies` times.

    `codes` are found in every request, or else those that its number ends with. In an `outage` everything is answered
    with 503 and nothing is sent. `wrong_signature` and `garbage` spoil what is sent, until they are taken back.
    """

    delay: float = 0
    copies: int = 1
    codes: tuple[FaultCode, ...] = ()
    outcome: Literal["approve", "reject"] = "approve"
    outage: bool = False
    wrong_signature: bool = False
    garbage: bool = False


BEHAVIOUR = TypeAdapter(Behaviour)


class Business:
    """One transfer as the made-up province knows it."""

    def __init__(self, reference: UUID, partner: str, *, began_there: bool) -> None:
        self.reference, self.partner, self.began_there = reference, partner, began_there
        self.refused = False
