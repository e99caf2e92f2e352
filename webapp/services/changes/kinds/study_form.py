"""A change of the form of study (学习形式变更): full-time, part-time and the others (domain 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, RecordField, StudyForm
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import END_AID
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class StudyFormForm(ChangeForm):
    """How the student wants to study."""

    kind = ChangeKind.STUDY_FORM

    study_form: StudyForm
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return the form of study."""
        return {RecordField.STUDY_FORM: self.study_form.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFormChange(OneSided):
    """Everything that decides how a change of the form of study would go."""

    form: StudyFormForm

    @property
    def to_full_time(self) -> bool:
        """Whether the student wants to study full-time (again)."""
        return self.form.study_form == StudyForm.FULL_TIME

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a change of the form of study read."""
        return {
            **record_facts(session, self, moment, business),
            "same_form": self.form.study_form == self.enrolment.study_form,
            "to_full_time": self.to_full_time,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: none beside those of every kind."""
        return {}


def prefilled(_session: Session, enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: part-time, or full-time again."""
    is_full_time = enrolment.study_form == StudyForm.FULL_TIME
    return {"study_form": StudyForm.PART_TIME if is_full_time else StudyForm.FULL_TIME}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student studies in that form; grants and waivers are for who studies full-time, and end (W42)."""
    form = StudyFormForm.read(record.form)
    ended = (END_AID, {"student": record.student_id, "on": on})
    return written(record, form.becomes(), *([] if form.study_form == StudyForm.FULL_TIME else [ended]))
