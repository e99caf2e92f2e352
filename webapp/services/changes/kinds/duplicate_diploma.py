"""A graduate who has lost the diploma is issued a proof of graduation (毕业证明书), domain 3.13."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Office
from models.enums import ChangeKind, Newspaper
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.school_records import proofs_of
from webapp.services.offices.tree import authorities
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

ISSUE_PROOF = """
INSERT INTO graduation_proof (student_id, change_request_id, issued_on, issued_by_id)
VALUES (%(student)s, %(case)s, %(on)s, %(authority)s)
"""


@dataclass(frozen=True, slots=True)
class DuplicateDiplomaForm(ChangeForm):
    """Where the loss was made known."""

    kind = ChangeKind.DUPLICATE_DIPLOMA

    newspaper: Newspaper
    newspaper_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDiploma(OneSided):
    """Everything that decides how a proof of graduation would be issued."""

    form: DuplicateDiplomaForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a proof of graduation read."""
        return {
            **record_facts(session, self, moment, business),
            "newspaper": self.form.newspaper.value,
            "proofs_issued": len(proofs_of(session, self.student.id)),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: none of the application."""
        return {}


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: a newspaper of the county."""
    return {"newspaper": Newspaper.COUNTY}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The school's authority issues the proof on that day; state and record stay as they are (S1B 第三十七条)."""
    authority = authorities(session, session.get_one(Office, record.school_id), on)[0]
    values = {
        "student": record.student_id,
        "case": record.case_id,
        "on": on,
        "authority": authority.office_id,
    }
    return written(record, {}, (ISSUE_PROOF, values))
