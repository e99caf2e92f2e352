"""A vocational student goes on a work placement (顶岗实习), domain 3.13."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment
from models.enums import ChangeKind
from webapp.services.changes.change import ChangeForm, Moment
from webapp.services.changes.facts import record_facts
from webapp.services.changes.kinds.one_sided import OneSided
from webapp.services.changes.school_records import placements_of
from webapp.services.changes.suspensions import months_of
from webapp.services.changes.terms import SEMESTERS_OF_A_YEAR, semesters_since
from webapp.services.registry.record import Record, RecordChange, written
from workflows.definition import Definition
from workflows.values import Value

USUAL_NOTICE, USUAL_DAYS = timedelta(days=30), timedelta(days=180)

BEGIN_PLACEMENT = """
INSERT INTO placement (student_id, change_request_id, employer, place, starts_on, ends_on, report_due_on)
VALUES (%(student)s, %(case)s, %(employer)s, %(place)s, %(starts_on)s, %(ends_on)s, %(report_due_on)s)
"""


@dataclass(frozen=True, slots=True)
class PlacementForm(ChangeForm):
    """Where the student is to work, from when until when."""

    kind = ChangeKind.PLACEMENT

    employer: str
    place: str
    starts_on: date
    ends_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlacement(OneSided):
    """Everything that decides how the declaration of a placement would go."""

    form: PlacementForm

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rules of a placement read."""
        form, earlier = self.form, placements_of(session, self.student.id)
        months = months_of(form.starts_on, form.ends_on)
        return {
            **record_facts(session, self, moment, business),
            "days_ahead": (form.starts_on - self.on).days,
            "months": months,
            "months_in_all": months + sum(months_of(one.starts_on, one.ends_on) for one in earlier),
            "thirds_of_plan": self._thirds_of_plan(session),
        }

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers reads: none of the application."""
        return {}

    def _thirds_of_plan(self, session: Session) -> Decimal | None:
        """How many thirds of the semesters of his course are finished as he begins; none if terms are not known."""
        entered_on, in_all = self.enrolment.entered_on, self.enrolment.schooling_years * SEMESTERS_OF_A_YEAR
        finished = semesters_since(session, self.enrolment, entered_on, self.form.starts_on)
        return None if finished is None else Decimal(3 * finished) / in_all


def prefilled(_session: Session, _enrolment: Enrolment, on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: half a year, in a month."""
    starts_on = on + USUAL_NOTICE
    return {"starts_on": starts_on, "ends_on": starts_on + USUAL_DAYS}


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The placement is kept beside the record, and when the school has to report on it (S1A 6)."""
    form = PlacementForm.read(record.form)
    report = definition.decisions["placement_report"].decide(facts)
    assert report is not None, "the check proves that it always answers"
    days = report["report_days"]
    assert isinstance(days, int), "days are counted as a whole"
    values = {
        "student": record.student_id,
        "case": record.case_id,
        "employer": form.employer,
        "place": form.place,
        "starts_on": form.starts_on,
        "ends_on": form.ends_on,
        "report_due_on": form.ends_on + timedelta(days=days),
    }
    return written(record, {}, (BEGIN_PLACEMENT, values))
