"""A readmission (复学) of a suspended student (domain 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Suspension
from models.enums import ChangeKind, ProofOfHospital, RecordField, RegistryState
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.studies import years_past_course
from webapp.services.changes.suspensions import A_DAY, open_spell, spells_of
from webapp.services.changes.terms import school_year
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

END_SPELL = """
UPDATE suspension SET ended_on = least(ends_on, %(returns_on)s::date - 1)
 WHERE student_id = %(student)s AND ended_on IS NULL
"""


RESTORE_AID = """
UPDATE aid SET paused_on = NULL WHERE student_id = %(student)s AND ended_on IS NULL
"""


@dataclass(frozen=True, slots=True)
class ReadmissionForm(ChangeForm):
    """When the student returns, into which grade, and what the hospital says.

    `progress_proven`: the school recognises that he has kept up by his own study (自学达到同年级水平).
    """

    kind = ChangeKind.READMISSION

    returns_on: date
    grade: int
    hospital: ProofOfHospital = ProofOfHospital.NONE
    hospital_name: str = ""
    progress_proven: bool = False
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the student is in school, in the grade applied for."""
        return {RecordField.STATE: RegistryState.ENROLLED.value, RecordField.GRADE: self.grade}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readmission(OneSided):
    """Everything that decides how a readmission would go."""

    form: ReadmissionForm
    spell: Suspension | None = None

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a readmission read: see `readmission_facts.py`."""
        form, spell = self.form, self.spell
        return {
            **record_facts(session, self, moment, business),
            "reason": spell.reason.value if spell else None,
            "days_early": (spell.ends_on - form.returns_on).days + 1 if spell else None,
            "hospital": form.hospital.value,
            "progress_proven": form.progress_proven,
            "years_past_course": years_past_course(
                self.enrolment.entered_on, self.enrolment.schooling_years, form.returns_on
            ),
            "grade_above_usual": form.grade - usual_grade(self.enrolment, spell, form.returns_on),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.spell.reason.value if self.spell else None}


def plan(session: Session, enrolment: Enrolment, form: ReadmissionForm, on: date) -> Readmission:
    """Return the readmission of a student that is wanted on the day `on`; ChangeNotGoverned."""
    spell = open_spell(spells_of(session, enrolment.student_id))
    return Readmission.plan(session, enrolment, form, on, spell=spell)


def prefilled(session: Session, enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most who apply on that day would fill in: back after the spell, in the usual grade."""
    spell = open_spell(spells_of(session, enrolment.student_id))
    returns_on = max(spell.ends_on + A_DAY, on) if spell else on
    return {
        "returns_on": returns_on,
        "grade": usual_grade(enrolment, spell, returns_on),
        "hospital": ProofOfHospital.COUNTY,
    }


def usual_grade(enrolment: Enrolment, spell: Suspension | None, returns_on: date) -> int:
    """Return the grade in which a student goes on as a rule: that below the one his class has come to, but no lower
    than his own.

    Source: S1B 第十四条 (原则上编入下一年级).
    """
    if spell is None:
        return enrolment.grade
    passed = school_year(returns_on) - school_year(spell.starts_on)
    return max(enrolment.grade, enrolment.grade + passed - 1)


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student is in school again, in the grade applied for; his number stays (S1B 第八条, 第十四条; N-04)."""
    form = ReadmissionForm.read(record.form)
    values = {"student": record.student_id, "returns_on": form.returns_on}
    return written(record, form.becomes(), (END_SPELL, values), (RESTORE_AID, values))
