"""A withdrawal (退学): wished by student and family, or deemed (自动退学) and begun by the school (domain 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind, ProofOfHospital, RecordField, RegistryState, WithdrawalReason
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.departures import departed
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.studies import Studies, studies_of, study_facts
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value

# Right of the student, and no punishment: nobody else may wish it for him (S1B 第十五条; W34: no minor is made to).
OWN_WISH = frozenset({WithdrawalReason.VOLUNTARY, WithdrawalReason.ILLNESS})


@dataclass(frozen=True, slots=True)
class WithdrawalForm(ChangeForm):
    """Why, and what the hospital says; of who is away without leave, since when."""

    kind = ChangeKind.WITHDRAWAL

    reason: WithdrawalReason
    hospital: ProofOfHospital = ProofOfHospital.NONE
    hospital_name: str = ""
    absent_since: date | None = None
    note: str = ""

    def becomes(self) -> dict[RecordField, Any]:
        """Return that the student has withdrawn, for ever (S1B 第十六条)."""
        return {RecordField.STATE: RegistryState.WITHDRAWN.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(OneSided):
    """Everything that decides how a withdrawal would go."""

    form: WithdrawalForm
    studies: Studies

    @property
    def certificate(self) -> bool:
        """Whether he has passed what a certificate is given for, by `withdrawal_certificate` (WD-05; S1B 第十六条)."""
        facts = {"packs": self.side.packs, "semesters_passed": self.studies.semesters_passed}
        answer = self.definition.decisions["withdrawal_certificate"].decide(facts)
        return answer is not None and answer["certificate"] is True

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a withdrawal read."""
        return {
            **record_facts(session, self, moment, business),
            **withdrawal_facts(self.form, self.studies, self.on),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads."""
        return {"reason": self.form.reason.value}


def plan(session: Session, enrolment: Enrolment, form: WithdrawalForm, on: date) -> Withdrawal:
    """Return the withdrawal of a student that is wanted on the day `on`; ChangeNotGoverned."""
    studies = studies_of(session, enrolment, on)
    return Withdrawal.plan(session, enrolment, form, on, studies=studies)


def withdrawal_facts(form: WithdrawalForm, studies: Studies, on: date) -> dict[str, Value]:
    """Return what the rules of a withdrawal read beside the record, of any student that day."""
    return {"reason": form.reason.value, "hospital": form.hospital.value} | study_facts(
        studies, form.absent_since, on
    )


def prefilled(_session: Session, _enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: their own wish."""
    return {"reason": WithdrawalReason.VOLUNTARY, "hospital": ProofOfHospital.NONE}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The student leaves the registry on that day, what he is given ends, and he never returns (S1B 第十六条)."""
    return departed(record, WithdrawalForm.read(record.form), on)
