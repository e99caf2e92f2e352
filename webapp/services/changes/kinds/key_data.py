"""A correction of key data (关键信息变更): what only a case may change of who a student is (domain 3.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Student
from models.enums import ChangeKind, RecordField, Sex
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.profiles import key_fields, political_status_of
from webapp.services.changes.terms import school_year
from webapp.services.context import settings_of
from webapp.services.registry.ciphers import Sealed, blind_index
from webapp.services.registry.identities import cipher_of, has_twin, identity_number_of
from webapp.services.registry.identity import identity_faults
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

# In higher education only these of the eighteen characters may be corrected (S3).
LAST_CHARACTERS = 4

IDENTIFY = """
UPDATE student SET identity_cipher = %(cipher)s, identity_index = %(index)s WHERE id = %(student)s
"""


CORRECTED = frozenset(RecordField)


@dataclass(frozen=True, slots=True)
class KeyDataForm(ChangeForm):
    """What is to be another; what stays is none."""

    kind = ChangeKind.KEY_DATA
    sealed = frozenset({"identity_number"})

    name: str | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    identity_number: Sealed | None = None
    ethnicity: str | None = None
    native_place: str | None = None
    political_status: str | None = None
    note: str = ""

    def answers(self) -> dict[str, Any]:
        """Return what is to be another, and the note."""
        said = super(KeyDataForm, self).answers()
        return {name: value for name, value in said.items() if value is not None}

    def becomes(self) -> dict[RecordField, Any]:
        """Return what is to be another; the registry number stays even if the identity number does not (W06)."""
        return {RecordField(name): value for name, value in self.answers().items() if name in CORRECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDataChange(OneSided):
    """Everything that decides how a correction of key data would go."""

    form: KeyDataForm

    @property
    def without_number(self) -> bool:
        """Whether the student has no identity number yet."""
        return self.student.identity_index is None

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a correction read."""
        becomes = self.form.becomes()
        present = identity_number_of(session, self.student)
        number = self._number(session)
        return {
            **record_facts(session, self, moment, business),
            "fields": tuple(field.value for field in becomes),
            "all_key": set(becomes) <= key_fields(self.definition.decisions, self.side.packs),
            "same_as_before": self._same_as_before(session, present, number),
            "identity_faults": self._identity_faults(session, number or present, changed=number is not None),
            "identity_change": _identity_change(present, number),
            "school_year": school_year(self.on) - school_year(self.enrolment.entered_on) + 1,
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"fields": tuple(field.value for field in self.form.becomes())}

    def _number(self, session: Session) -> str | None:
        sealed = self.form.identity_number
        return sealed.opened(cipher_of(session)) if sealed else None

    def _same_as_before(self, session: Session, present: str | None, number: str | None) -> bool:
        """Whether something that is to be another is that already (KD-P3)."""
        record = {
            **_plain_record(self.student),
            "political_status": political_status_of(session, self.student.id),
        }
        wanted = {name: value for name, value in self.form.answers().items() if name in record}
        return any(record[name] == value for name, value in wanted.items()) or (
            number is not None and number == present
        )

    def _identity_faults(self, session: Session, number: str | None, *, changed: bool) -> tuple[str, ...]:
        """What is wrong with the number as it would be, beside birth date and sex as they would be (KD-P4, KD-P5)."""
        form, student = self.form, self.student
        if number is None or not (changed or form.birth_date or form.sex):
            return ()
        faults = identity_faults(
            number,
            birth_date=form.birth_date or student.birth_date,
            sex=form.sex or student.sex,
            synthetic_allowed=settings_of(session).demo,
        )
        return (*faults, *(["duplicate"] if changed and has_twin(session, student, number) else []))


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return nothing: what is not filled in stays as it is."""
    return {}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The record says the new, and the history of the case what it said before; the number stays (W06, W49)."""
    form = KeyDataForm.read(record.form)
    if form.identity_number is None:
        return written(record, form.becomes())
    cipher = form.identity_number.cipher
    number = form.identity_number.opened(cipher_of(session))
    identified = {
        "student": record.student_id,
        "cipher": bytes.fromhex(cipher),
        "index": blind_index(settings_of(session).index_key, number),
    }
    becomes = {**form.becomes(), RecordField.IDENTITY_NUMBER: cipher}
    return written(record, becomes, (IDENTIFY, identified))


def _plain_record(student: Student) -> dict[str, object]:
    return {
        "name": student.name,
        "sex": student.sex.value,
        "birth_date": student.birth_date.isoformat(),
        "ethnicity": student.ethnicity,
        "native_place": student.native_place,
    }


def _identity_change(present: str | None, number: str | None) -> str:
    """Which characters of the identity number are another: none, only the last four, or others too."""
    if number is None or number == present:
        return "none"
    same = present is not None and present[:-LAST_CHARACTERS] == number[:-LAST_CHARACTERS]
    return "last_four" if same else "others"
