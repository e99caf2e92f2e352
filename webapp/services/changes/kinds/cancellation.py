"""A cancellation (取消学籍) of a record that should never have been: irregular entry and the like (domain 3.13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import CancellationReason, ChangeKind, HowHeard, RecordField, RegistryState
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import departed
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class CancellationForm(ChangeForm):
    """What was found and when, how the family was heard on it, and which certificate is void (S1B 第三十六条)."""

    kind = ChangeKind.CANCELLATION

    reason: CancellationReason
    found_on: date
    heard_on: date
    how_heard: HowHeard
    void_certificate: str = ""
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the record is cancelled."""
        return {RecordField.STATE: RegistryState.CANCELLED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation(OneSided):
    """Everything that decides how a cancellation would go."""

    form: CancellationForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a cancellation read."""
        form = self.form
        return {
            **record_facts(session, self, moment, business),
            "reason": form.reason.value,
            "days_from_findings_to_hearing": (form.heard_on - form.found_on).days,
            "days_since_heard": (self.on - form.heard_on).days,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        form = self.form
        return {"how_heard": form.how_heard.value, "certificate_is_void": bool(form.void_certificate)}


def prefilled(_session: Session, _enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most schools would fill in: an irregular entry, found and heard today."""
    days = dict.fromkeys(("found_on", "heard_on"), on)
    return {**days, "reason": CancellationReason.IRREGULAR_ENTRY, "how_heard": HowHeard.MEETING}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student leaves the registry on that day, and what he is given ends (S1B 第三十六条; S3)."""
    return departed(record, CancellationForm.read(record.form), on)
