"""A student skips a grade (跳级): domain 3.13; in Fujian's vocational schools on the basis of credits (S1B 34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, RecordField
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.studies import studies_of
from webapp.services.changes.terms import school_year
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class SkipGradeForm(ChangeForm):
    """Into which grade."""

    kind = ChangeKind.SKIP_GRADE

    grade: int
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return the grade; the number stays, and a class is yet to be given."""
        return {RecordField.GRADE: self.grade}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedGrade(OneSided):
    """Everything that decides how a skipped grade would go."""

    form: SkipGradeForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a skipped grade read."""
        record = record_facts(session, self, moment, business)
        passed, completed = (
            studies_of(session, self.enrolment, self.on).semesters_passed,
            record["semesters_completed"],
        )
        assert isinstance(completed, int), "semesters are counted"
        usual = 1 + school_year(self.on) - school_year(self.enrolment.entered_on)
        return {
            **record,
            "grades_up": self.form.grade - self.enrolment.grade,
            "years_ahead": self.form.grade - usual,
            "semesters_not_passed": None if passed is None else max(0, completed - passed),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: it is the same for all."""
        return {}


def prefilled(_session: Session, enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: the next grade."""
    return {"grade": enrolment.grade + 1}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student is in the next grade from then on."""
    return written(record, SkipGradeForm.read(record.form).becomes())
