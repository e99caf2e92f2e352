"""A new student is registered (新生注册): from being admitted to being on the roll, with a number (domain 3.8.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Office
from models.enums import ChangeKind, NumberKind, OtherRoll, ProofOfHospital, RecordField, RegistryState
from webapp.services.calendar.working_days import calendar_of
from webapp.services.changes.admissions import admission_of, season_of
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.terms import month_and_day
from webapp.services.registry.new_numbers import new_number
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

ENTER = """
UPDATE enrolment SET entered_on = %(entered_on)s, started_on = %(entered_on)s WHERE id = %(enrolment)s
"""
NUMBER = """
UPDATE student SET number_kind = %(kind)s, registry_number = %(number)s WHERE id = %(student)s
"""
END_RESERVATION = """
UPDATE reservation SET ended_on = %(on)s WHERE student_id = %(student)s AND ended_on IS NULL
"""


@dataclass(frozen=True, slots=True)
class RegistrationForm(ChangeForm):
    """When the student entered, on which other roll he is, and of a reserved admission what the hospital says."""

    kind = ChangeKind.REGISTRATION

    entered_on: date
    other_roll: OtherRoll = OtherRoll.NONE
    hospital: ProofOfHospital = ProofOfHospital.NONE
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the student is on the roll."""
        return {RecordField.STATE: RegistryState.ENROLLED.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(OneSided):
    """Everything that decides how the registration of a new student would go."""

    form: RegistrationForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a registration read."""
        admission, entered_on = admission_of(session, self.student.id), self.form.entered_on
        return {
            **record_facts(session, self, moment, business),
            "season": season_of(entered_on).value,
            "month_and_day": month_and_day(self.on),
            "years_since_entry": self.on.year - entered_on.year,
            "working_days_since_entry": calendar_of(session).working_days_between(entered_on, self.on),
            "other_roll": self.form.other_roll.value,
            "hospital": self.form.hospital.value,
            "days_past_reservation": (self.on - admission.kept_until).days if admission.kept_until else None,
            "outsiders_on_list": admission.outsiders,
            "school_has_code": self.school.school_code is not None,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"state": self.student.state.value}


def prefilled(_session: Session, enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most who apply would fill in; who comes after a reservation enters now."""
    is_reserved = enrolment.student.state == RegistryState.RESERVED
    return {
        "entered_on": on if is_reserved else enrolment.entered_on,
        "other_roll": OtherRoll.NONE,
        "hospital": ProofOfHospital.NONE,
    }


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student is on the roll and gets the number that the rules say (domain 4.3); a reservation has ended."""
    form = RegistrationForm.read(record.form)
    values = {
        "student": record.student_id,
        "enrolment": record.enrolment_id,
        "entered_on": form.entered_on,
        "on": on,
    }
    change = written(record, form.becomes(), (ENTER, values), (END_RESERVATION, values))
    rule = definition.decisions["new_student_number"].decide(facts)
    kind = NumberKind(str(rule["number_kind"])) if rule else None
    if record.registry_number is not None and kind is not NumberKind.FUJIAN_VOCATIONAL:
        return change  # 一人一号，终身不变
    school = session.get_one(Office, record.school_id)
    given, number = new_number(session, record, school, form.entered_on.year, kind)
    numbered = {**values, "kind": given.value, "number": number}
    return replace(
        change,
        after={**change.after, "number": number},
        statements=[*change.statements, (NUMBER, numbered)],
    )
