"""A suspension (休学), and its renewal (续休) by one who is suspended already (domain 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, ProofOfHospital, RecordField, RegistryState, SuspensionReason
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.suspensions import (
    A_DAY,
    UNCOUNTED,
    counted_months,
    months_in_a_row,
    months_of,
    open_spell,
    spells_of,
)
from webapp.services.changes.terms import term_at
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

# A renewal begins where the spell before it ends.
END_SPELL = """
UPDATE suspension SET ended_on = ends_on WHERE student_id = %(student)s AND ended_on IS NULL
"""

# Whoever is suspended is given nothing meanwhile (domain 3.2, SU-13; W34).
PAUSE_AID = """
UPDATE aid SET paused_on = %(starts_on)s
 WHERE student_id = %(student)s AND ended_on IS NULL AND paused_on IS NULL
"""

BEGIN_SPELL = """
INSERT INTO suspension (student_id, reason, starts_on, ends_on)
VALUES (%(student)s, %(reason)s, %(starts_on)s, %(ends_on)s)
"""


@dataclass(frozen=True, slots=True)
class SuspensionForm(ChangeForm):
    """Why, from when until when, and what the hospital says.

    `hours_missed` are class hours of this term that the student misses, `rest_months` how long he is to rest.
    """

    kind = ChangeKind.SUSPENSION

    reason: SuspensionReason
    starts_on: date
    ends_on: date
    hospital: ProofOfHospital = ProofOfHospital.NONE
    hospital_name: str = ""
    rest_months: int | None = None
    hours_missed: int | None = None
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the student is suspended; school, grade and number stay (S1B 第十三条)."""
        return {RecordField.STATE: RegistryState.SUSPENDED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionChange(OneSided):
    """Everything that decides how a suspension would go."""

    form: SuspensionForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a suspension read: see `suspension_facts.py`."""
        form, spells = self.form, spells_of(session, self.student.id)
        present, months = open_spell(spells), months_of(form.starts_on, form.ends_on)
        return {
            **record_facts(session, self, moment, business),
            "reason": form.reason.value,
            "months": months,
            "months_in_all": counted_months(spells) + (0 if form.reason in UNCOUNTED else months),
            "months_in_a_row": months_in_a_row(spells, form.starts_on, form.ends_on),
            "days_left": (form.ends_on - self.on).days,
            "days_after_spell": (form.starts_on - present.ends_on).days if present else None,
            "hospital": form.hospital.value,
            "rest_months": form.rest_months,
            "hours_missed": form.hours_missed,
            "thirds_missed": self._thirds_missed(session),
            "years_enrolled": relativedelta(form.starts_on, self.enrolment.entered_on).years,
            "age": relativedelta(form.starts_on, self.student.birth_date).years,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.form.reason.value}

    def _thirds_missed(self, session: Session) -> Decimal | None:
        """How many thirds of the term's class hours are missed; none where one of both is not known."""
        term = term_at(session, self.enrolment, self.on)
        if self.form.hours_missed is None or term is None or term.class_hours is None:
            return None
        return Decimal(3 * self.form.hours_missed) / term.class_hours


def prefilled(session: Session, enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most who apply on that day would fill in: a year from today, or from the end of the present spell."""
    spell = open_spell(spells_of(session, enrolment.student_id))
    starts_on = spell.ends_on + A_DAY if spell else on
    return {
        "reason": spell.reason if spell else SuspensionReason.ILLNESS,
        "starts_on": starts_on,
        "ends_on": starts_on + relativedelta(years=1) - A_DAY,
        "hospital": ProofOfHospital.COUNTY,
    }


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student is suspended, in a spell of its own."""
    form = SuspensionForm.read(record.form)
    values = {
        "student": record.student_id,
        "reason": form.reason.value,
        "starts_on": form.starts_on,
        "ends_on": form.ends_on,
    }
    return written(record, form.becomes(), (END_SPELL, values), (BEGIN_SPELL, values), (PAUSE_AID, values))
