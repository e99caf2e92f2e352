"""On which grounds an officer may reject (不通过): the closed list of his seat, by a table of the case's own version.

The releasing side has only those that domain 3.1.5 allows: unpaid fees and the loss of pupils are none, under no name.
Who names another basis (其他依据), on the receiving side, says in his opinion which. What another province answers is
text alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from models import Task
from models.enums import Seat
from webapp import errors
from webapp.services.processes.versions import definition_of
from workflows.definition import Definition

ANSWERS_REMEMBERED = 1_000
LIST = "rejection_reasons"
PACKS = {"receiving": "receiving_packs", "releasing": "releasing_packs", "own": "packs"}


class GroundNotListed(errors.Refusal):
    """Choose on which ground it is rejected: {listed}."""

    status = 422


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground as its table words it, with its legal source; `rule` is the rule that it rests on, if any."""

    code: str
    rule: str
    reason_zh: str
    reason_en: str
    source: str

    def __str__(self) -> str:
        return f"{self.code} {self.reason_en}"


def grounds_of(session: Session, task: Task) -> tuple[Ground, ...]:
    """Return the grounds on which a task may be rejected, in the order of the table."""
    version = task.change_request.process_version
    assert version is not None, "a case with tasks has one"
    definition = definition_of(session, version.id, version.sha256)
    return grounds_at(definition, task.seat, task.change_request.facts)


def grounds_at(definition: Definition, seat: str, facts: Mapping[str, Any]) -> tuple[Ground, ...]:
    """Return the grounds on which a case with these facts may be rejected at a seat."""
    return _grounds(definition, seat, tuple(facts[PACKS[Seat(seat).side]]))


def listed_ground(definition: Definition, seat: str, facts: Mapping[str, Any], code: str | None) -> Ground:
    """Return the ground of this code; GroundNotListed, naming those there are, if the seat has none such."""
    listed = grounds_at(definition, seat, facts)
    found = next((ground for ground in listed if ground.code == code), None)
    if found is None:
        raise GroundNotListed(listed=listed)
    return found


# Few offices stand under other packs than their neighbours.
@lru_cache(maxsize=ANSWERS_REMEMBERED)
def _grounds(definition: Definition, seat: str, packs: tuple[str, ...]) -> tuple[Ground, ...]:
    hits = definition.decisions[LIST].hits({"seat": seat, "packs": packs})
    return tuple(Ground(**{name: str(value) for name, value in hit.outputs.items()}) for hit in hits)
