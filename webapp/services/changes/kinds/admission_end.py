"""Somebody who was admitted is not registered: he gives it up, or loses it (放弃、取消入学资格): domain 3.8, 4.2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import AdmissionEndReason, ChangeKind, RecordField, RegistryState
from webapp.services.changes.admissions import admission_of
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import LEAVE_SCHOOL
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.kinds.registration import END_RESERVATION
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class AdmissionEndForm(ChangeForm):
    """Why the student is not registered."""

    kind = ChangeKind.ADMISSION_END

    reason: AdmissionEndReason
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return whether the admission was given up or lost."""
        given_up = self.reason == AdmissionEndReason.ABANDONED
        state = RegistryState.ADMISSION_ABANDONED if given_up else RegistryState.ADMISSION_CANCELLED
        return {RecordField.STATE: state.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionEnd(OneSided):
    """Everything that decides how the end of an admission would go."""

    form: AdmissionEndForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of the end of an admission read."""
        kept_until = admission_of(session, self.student.id).kept_until
        return {
            **record_facts(session, self, moment, business),
            "reason": self.form.reason.value,
            "days_past_reservation": (self.on - kept_until).days if kept_until else None,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.form.reason.value}


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in."""
    return {"reason": AdmissionEndReason.ABANDONED}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The admission ends, and with it whatever was reserved (S1B 第七条)."""
    becomes = AdmissionEndForm.read(record.form).becomes()
    values = {
        "student": record.student_id,
        "enrolment": record.enrolment_id,
        "state": becomes[RecordField.STATE],
        "on": on,
    }
    return written(record, becomes, (LEAVE_SCHOOL, values), (END_RESERVATION, values))
