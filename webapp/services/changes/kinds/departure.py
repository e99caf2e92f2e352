"""A student leaves the registry otherwise (离校): abroad, missing, dead, or elsewhere (domain 3.13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, DepartureReason, RecordField, RegistryState
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import departed
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value

BECOMES: Mapping[DepartureReason, RegistryState] = {
    DepartureReason.ABROAD: RegistryState.ABROAD,
    DepartureReason.OTHER: RegistryState.OTHER_LEFT,
    DepartureReason.MISSING: RegistryState.MISSING,
    DepartureReason.DECEASED: RegistryState.DECEASED,
}


@dataclass(frozen=True, slots=True)
class DepartureForm(ChangeForm):
    """Why, and where to if that is known; of a death whether it was unnatural (非正常死亡)."""

    kind = ChangeKind.DEPARTURE

    reason: DepartureReason
    destination: str = ""
    unnatural: bool = False
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return how the student has left."""
        return {RecordField.STATE: BECOMES[self.reason].value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure(OneSided):
    """Everything that decides how a departure would go."""

    form: DepartureForm

    @property
    def unnatural_death(self) -> bool:
        """Whether the student died by no natural cause."""
        return self.form.reason is DepartureReason.DECEASED and self.form.unnatural

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a departure read."""
        return {
            **record_facts(session, self, moment, business),
            "reason": self.form.reason.value,
            "has_destination": bool(self.form.destination),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.form.reason.value}


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in."""
    return {"reason": DepartureReason.ABROAD}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student leaves the registry on that day, and what he is given ends (W34)."""
    return departed(record, DepartureForm.read(record.form), on)
