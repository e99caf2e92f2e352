"""An expulsion (开除学籍), the fifth sanction, after student and guardian were heard (domain 3.13; S1B 27, 28)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import Appeal, ChangeKind, HowHeard, HowTold, RecordField, RegistryState
from webapp.services.calendar.working_days import calendar_of
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import departed
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value

# The fifth sanction stands among the others; whoever handed the case in entered it (S1B 第二十七条).
ENTER_SANCTION = """
INSERT INTO sanction (student_id, kind, decided_on, ground, change_request_id, entered_by_id, entered_at)
SELECT c.student_id, 'expulsion', %(decided_on)s, %(ground)s, c.id, c.applicant_id, now()
  FROM change_request c WHERE c.id = %(case)s
"""


@dataclass(frozen=True, slots=True)
class ExpulsionForm(ChangeForm):
    """What the school decided and why, how it heard student and guardian before, and what came of their appeal."""

    kind = ChangeKind.EXPULSION

    ground: str
    heard_on: date
    how_heard: HowHeard
    decided_on: date
    served_on: date
    how_served: HowTold
    guardian_present: bool = False
    told_of_appeal: bool = False
    appeal: Appeal = Appeal.NONE
    reexamined_on: date | None = None
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the student is expelled."""
        return {RecordField.STATE: RegistryState.EXPELLED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expulsion(OneSided):
    """Everything that decides how an expulsion would go."""

    form: ExpulsionForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of an expulsion read: see `expulsion_facts.py`."""
        form, on, again = self.form, self.on, self.form.reexamined_on
        return {
            **record_facts(session, self, moment, business),
            "age": self._age_when_heard,
            "how_heard": form.how_heard.value,
            "guardian_present": form.guardian_present,
            "days_from_hearing_to_decision": (form.decided_on - form.heard_on).days,
            "days_from_decision_to_service": (form.served_on - form.decided_on).days,
            "days_since_served": (on - form.served_on).days,
            "working_days_since_served": calendar_of(session).working_days_between(form.served_on, on),
            "told_of_appeal": form.told_of_appeal,
            "appeal": form.appeal.value,
            "days_from_service_to_reexamination": (again - form.served_on).days if again else None,
            "days_since_reexamined": (on - again).days if again else None,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"age": self._age_when_heard, "appeal": self.form.appeal.value}

    @property
    def _age_when_heard(self) -> int:
        return relativedelta(self.form.heard_on, self.student.birth_date).years


def prefilled(_session: Session, _enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most schools would fill in: all of it today, and no appeal."""
    days = dict.fromkeys(("heard_on", "decided_on", "served_on"), on)
    return {**days, "how_heard": HowHeard.MEETING, "how_served": HowTold.SIGNED, "appeal": Appeal.NONE}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student leaves the registry on that day, what he is given ends, and the sanction stands in his record."""
    form = ExpulsionForm.read(record.form)
    sanction = {"case": record.case_id, "decided_on": form.decided_on, "ground": form.ground}
    return departed(record, form, on, (ENTER_SANCTION, sanction))
