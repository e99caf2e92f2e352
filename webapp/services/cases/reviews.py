"""What an officer weighs before he decides: the rules as things stand today, places, papers, and what forbids it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import ChangeRequest, Task
from models.enums import ADVICE, Ask, EventKind, FormField, PaperKind, Role, Seat, TaskState
from webapp import errors
from webapp.policy import (
    Person,
    Taken,
    acting,
    is_close_to,
    is_kept_from_own_application,
    post_for,
    step_that_keeps,
)
from webapp.services.cases.acts import AnswerAwaited, OwnQuestion
from webapp.services.cases.beside import still_asked
from webapp.services.cases.claims import ClaimedByColleague
from webapp.services.cases.history import who_asked
from webapp.services.cases.views import CaseView
from webapp.services.changes.change import Change
from webapp.services.changes.eligibility import (
    RULES_ABOUT_OTHER_BUSINESS,
    FailedRule,
    WantedPaper,
    failed_rules,
    wanted_papers,
)
from webapp.services.changes.planning import change_of_case, form_of
from webapp.services.papers.files import current_papers


class PaperNotListed(errors.Refusal):
    """These papers may not be asked for in this case: {papers}. Tick only what the page lists."""

    status = 422


class FieldNotListed(errors.Refusal):
    """Nobody can correct in this case: {fields}. Reject it, so that it can be applied for anew."""

    status = 422


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
    try:
        change = change_of_case(session, case)
    except errors.Refusal as refusal:
        return Review(not_computable=refusal)
    return Review(
        failed=_broken(session, change, task),
        wanted=wanted_papers(change),
        places_left=change.places_left(session),
    )


def kinds_to_mend(wanted: Iterable[WantedPaper], given: Iterable[PaperKind]) -> list[PaperKind]:
    """Return the papers that an applicant may be asked to mend: of the closed list, or handed in (domain 3.1.3)."""
    return [*dict.fromkeys([*(paper.kind for paper in wanted), *given])]


def fields_to_correct(case: ChangeRequest) -> list[FormField]:
    """Return what of an application the applicant may be asked to correct.

    Of one that went to another province only the note, for that province decides on what it was told. The school that
    applied for a pupil to come to it names no other.
    """
    if Seat.OUTSIDE in case.seats:
        return [FormField.NOTE]
    answers = form_of(case).answers()
    fixed = {
        FormField.SCHOOLING_YEARS: answers.get(FormField.SCHOOLING_YEARS) is None,
        **{field: answers.get(field) == "" for field in (FormField.MAJOR_CODE, FormField.MAJOR_NAME)},
        FormField.EXCEPTION: True,  # another one is another application
        FormField.SCHOOL: case.applicant_office_id == case.to_school_id,
    }
    return [field for field in FormField if field in answers and not fixed.get(field, False)]


def require_correctable(case: ChangeRequest, fields: Iterable[FormField]) -> None:
    """Raise FieldNotListed if one of these fields may not be asked for in this case."""
    correctable = fields_to_correct(case)
    if unlisted := [field for field in fields if field not in correctable]:
        raise FieldNotListed(fields=tuple(unlisted))


def require_mendable(session: Session, case_id: int, items: Iterable[PaperKind]) -> None:
    """Raise PaperNotListed if one of these papers may not be asked for in this case."""
    given = {paper.kind for paper in current_papers(session, case_id)}
    others = [item for item in items if item not in given]
    if not others:  # as most often, so that the list need not be asked for
        return
    try:
        change = change_of_case(session, session.get_one(ChangeRequest, case_id))
        wanted = {paper.kind for paper in wanted_papers(change)}
    except errors.Refusal:  # such as that the student has left: what was handed in may still be asked for
        wanted = set()
    if unlisted := [item for item in others if item not in wanted]:
        raise PaperNotListed(papers=tuple(unlisted))


def hindrance(person: Person, task: Task, view: CaseView) -> errors.Refusal | None:
    """Return why this officer cannot decide an open task that is addressed to a post of his, if so."""
    post = post_for(person, task.office_id, task.role, about=view.case.student_id)
    if task.state != TaskState.OPEN or post is None:
        return None
    if is_close_to(person, post, view.case.student_id):
        return errors.OwnChild()
    accounts = acting(person, post)
    if task.claimed_by is not None and task.claimed_by_id not in accounts:
        return ClaimedByColleague(name=task.claimed_by.name)
    if any(asked.origin == task.key for asked in still_asked(view.events).values()):
        return AnswerAwaited()
    if task.ask in ADVICE:
        return None if accounts.isdisjoint(who_asked(view.events, task.key)) else OwnQuestion()
    return _duties(accounts, task, view)


def _duties(accounts: Collection[int], task: Task, view: CaseView) -> errors.Refusal | None:
    """Return what keeps whoever acts from deciding a task after what he did in the case, if something does."""
    step = view.step_of(task)
    own_step = (step.id,) if task.ask == Ask.COSIGNATURE else ()
    taken = (
        Taken(other.key, other.step, account_id, _decided_for(other))
        for other in view.tasks
        for account_id in (other.ended_by_id, other.ended_for_id)
        if account_id and other.ask not in ADVICE
    )
    if kept_by := step_that_keeps(
        accounts,
        taken,
        key=task.key,
        separate_from=(*step.apart, *own_step),
        deciding_for=_decided_for(task),
    ):
        return errors.DutiesSeparated(step=view.definition.steps[kept_by].name)
    if is_kept_from_own_application(accounts, view.case.applicant_ids, task.seat_role):
        return errors.DutiesSeparated(step=EventKind.OPENED)
    return None


def _decided_for(task: Task) -> int | None:
    return task.seat_office_id if task.blocking and task.role != Role.COUNTERPART else None


def _broken(session: Session, change: Change, task: Task) -> list[FailedRule]:
    of_application = failed_rules(session, change)
    is_school = task.seat == Seat.RECEIVING_SCHOOL
    asked = failed_rules(session, change, "receiving_school") if is_school else ()
    told = {failure.rule for failure in asked}
    return [
        *asked,
        *(failure for failure in of_application if failure.rule not in told | RULES_ABOUT_OTHER_BUSINESS),
    ]
