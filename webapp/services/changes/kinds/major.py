"""A change of major (转专业), and the fixing of a direction within a broad category (专业方向分流): domain 3.5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, MajorReason, ProofOfHospital, RecordField
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

# Of the six digits of the catalogue of majors (专业目录) the first two are the broad category (专业大类).
CATEGORY = 2


@dataclass(frozen=True, slots=True)
class MajorForm(ChangeForm):
    """Which major, by its code in the catalogue, and why; of an illness what the hospital says."""

    kind = ChangeKind.MAJOR

    major_code: str
    major_name: str
    reason: MajorReason
    hospital: ProofOfHospital = ProofOfHospital.NONE
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return the major; number and grade stay, and a class is yet to be given."""
        return {RecordField.MAJOR_CODE: self.major_code, RecordField.MAJOR_NAME: self.major_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorChange(OneSided):
    """Everything that decides how a change of major would go."""

    form: MajorForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a change of major read."""
        present, wanted = self.enrolment.major_code, self.form.major_code
        return {
            **record_facts(session, self, moment, business),
            "reason": self.form.reason.value,
            "hospital": self.form.hospital.value,
            "grade": self.enrolment.grade,
            "same_major": present == wanted,
            "same_category": present is not None and present[:CATEGORY] == wanted[:CATEGORY],
            "has_direction": present is None or not is_category(present),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.form.reason.value}


def is_category(code: str) -> bool:
    """Whether a code of the catalogue names a broad category, and no major in it: `74`, `740000`."""
    return not code[CATEGORY:].strip("0")


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in."""
    return {"reason": MajorReason.TALENT, "hospital": ProofOfHospital.NONE}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student has another major; the school recognises credits, the number stays (S1B 第二十二条, 第八条)."""
    return written(record, MajorForm.read(record.form).becomes())
