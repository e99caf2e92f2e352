"""An admission is kept for a year for a student who is too ill to enter (保留入学资格): domain 3.8.3."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, ProofOfHospital, RecordField, RegistryState
from webapp.services.changes.admissions import A_YEAR
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

RESERVE = """
INSERT INTO reservation (student_id, starts_on, lasts_until) VALUES (%(student)s, %(on)s, %(until)s)
"""


@dataclass(frozen=True, slots=True)
class ReservationForm(ChangeForm):
    """What the hospital says."""

    kind = ChangeKind.RESERVATION

    hospital: ProofOfHospital
    hospital_name: str = ""
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the admission is reserved."""
        return {RecordField.STATE: RegistryState.RESERVED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedAdmission(OneSided):
    """Everything that decides how the reservation of an admission would go."""

    form: ReservationForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a reservation read."""
        return {**record_facts(session, self, moment, business), "hospital": self.form.hospital.value}

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: it is the same for all."""
        return {}


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in."""
    return {"hospital": ProofOfHospital.COUNTY}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The admission is kept for a year, without a number or a place on the roll (S1B 第七条)."""
    kept = {"student": record.student_id, "on": on, "until": on + A_YEAR}
    return written(record, ReservationForm.read(record.form).becomes(), (RESERVE, kept))
