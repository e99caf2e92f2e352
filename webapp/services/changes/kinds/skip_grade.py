"""A student skips a grade (跳级); in Fujian on the basis of credits (学分制), domain 3.13."""

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
from webapp.services.changes.terms import school_year, semesters_since
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
    """Everything that decides how skipping a grade would go."""

    form: SkipGradeForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of skipping a grade read."""
        enrolment = self.enrolment
        years_since_entry = school_year(self.on) - school_year(enrolment.entered_on)
        return {
            **record_facts(session, self, moment, business),
            "grades_up": self.form.grade - enrolment.grade,
            "years_gained": self.form.grade - 1 - years_since_entry,
            "semesters_not_passed": self._semesters_not_passed(session),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: none of the application."""
        return {}

    def _semesters_not_passed(self, session: Session) -> int | None:
        """How many semesters since his entry are not passed; none if results or terms are not known."""
        passed = studies_of(session, self.enrolment, self.on).semesters_passed
        finished = semesters_since(session, self.enrolment, self.enrolment.entered_on, self.on)
        return None if passed is None or finished is None else max(0, finished - passed)


def prefilled(_session: Session, enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: the next grade."""
    return {"grade": enrolment.grade + 1}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student is in the higher grade."""
    return written(record, SkipGradeForm.read(record.form).becomes())
