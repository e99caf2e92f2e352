"""What an officer weighs before he decides: the rules as things stand today, places, papers, and what forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import ChangeRequest, Task
from models.enums import EventKind, Seat, TaskState
from webapp import clock, errors
from webapp.policy import Person, is_own_application, is_own_child, post_for
from webapp.services.cases import CaseView
from webapp.services.eligibility import (
    RULES_ABOUT_OTHER_BUSINESS,
    FailedRule,
    WantedPaper,
    failed_rules,
    wanted_papers,
)
from webapp.services.facts import free_places
from webapp.services.transfers import Transfer, form_of, transfer_of


@dataclass(frozen=True, slots=True)
class Review:
    """What speaks for and against a case today. `places_left` is None where the school published no figure.

    `not_computable` says why the rules cannot be asked any more, such as that the student has left.
    """

    failed: Sequence[FailedRule] = ()
    wanted: Sequence[WantedPaper] = ()
    places_left: int | None = None
    not_computable: errors.Refusal | None = None

    @property
    def no_place(self) -> FailedRule | None:
        """The rule by which the receiving school cannot agree for lack of a place (T-P8)."""
        return next((failure for failure in self.failed if failure.rule == "T-P8" and failure.blocks), None)


def review_of(session: Session, task: Task, case: ChangeRequest) -> Review:
    """Return the rules that an open case breaks today, its closed list of papers, and the places left."""
    form = form_of(case)
    try:
        transfer = transfer_of(session, case.student_id, form, clock.today())
    except errors.Refusal as refusal:
        return Review(not_computable=refusal)
    return Review(
        failed=_broken(session, transfer, task),
        wanted=wanted_papers(transfer),
        places_left=free_places(session, form.to_school_id, form.grade),
    )


def hindrance(person: Person, task: Task, view: CaseView) -> errors.Refusal | None:
    """Return why this officer cannot decide an open task that is addressed to a post of his, if so."""
    if task.state != TaskState.OPEN or post_for(person, task.office_id, task.role) is None:
        return None
    if is_own_child(person, view.case.student_id):
        return errors.OwnChild()
    separate_from = view.step_of(task).separate_from
    for other in view.tasks:
        if other.ended_by_id == person.account_id and other.step in separate_from:
            return errors.DutiesSeparated(step=view.step_of(other).name)
    if separate_from and is_own_application(person, view.case.applicant_id):
        return errors.DutiesSeparated(step=EventKind.OPENED)
    return None


def _broken(session: Session, transfer: Transfer, task: Task) -> list[FailedRule]:
    of_application = failed_rules(session, transfer)
    of_school = failed_rules(session, transfer, "receiving_school")
    asked = of_school if task.seat == Seat.RECEIVING_SCHOOL else ()
    told = {failure.rule for failure in asked}
    return [
        *asked,
        *(failure for failure in of_application if failure.rule not in told | RULES_ABOUT_OTHER_BUSINESS),
    ]
