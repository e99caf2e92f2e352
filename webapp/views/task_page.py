"""The page of one task, as it stands, or with what was wrong with what was just tried."""

from collections.abc import Iterable, Sequence

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.decision import ActionForm, DecisionForm, DraftOpinionForm, ReturnForm
from models import DraftOpinion
from models.enums import Seat
from webapp.database import db
from webapp.errors import (
    AlreadyDecided,
    CaseChanged,
    CaseReturned,
    RecordChanged,
    Refusal,
)
from webapp.formatting import refusal_text
from webapp.policy import is_own_child
from webapp.services.cases import claims, opinions, recalls
from webapp.services.cases.acts import AnswerAwaited
from webapp.services.cases.answers import NothingAsked
from webapp.services.cases.asking import asking_of
from webapp.services.cases.claims import ClaimedByColleague
from webapp.services.cases.closings import TaskClosed, told_closed
from webapp.services.cases.previews import given_papers
from webapp.services.cases.rejections import Ground, grounds_of
from webapp.services.cases.reviews import Review, fields_to_correct, hindrance, kinds_to_mend, review_of
from webapp.services.cases.views import may_decide, task_for
from webapp.services.cases.weighing import waiting_in
from webapp.services.exchange.records import received_record
from webapp.views.copies import copying_facts
from webapp.views.pages import drawings_of, page
from webapp.views.visitor import current_person

OVERTAKEN = (
    AlreadyDecided,
    AnswerAwaited,
    CaseChanged,
    CaseReturned,
    ClaimedByColleague,
    NothingAsked,
    RecordChanged,
    TaskClosed,
)


def again(task_id: int, form: ActionForm, refusal: Refusal) -> ResponseReturnValue:
    """Show the task anew with what was typed and why it was not taken."""
    db.session.rollback()
    form.opinion.errors = [refusal_text(refusal)]
    return task_page(task_id, form), refusal.status


def as_it_stands(task_id: int, form: ActionForm, refusal: Refusal) -> ResponseReturnValue:
    """Show whoever came too late how the task stands now; who decided or closed it, and when, is on its page."""
    db.session.rollback()
    if not isinstance(refusal, AlreadyDecided | TaskClosed):
        flash(refusal_text(refusal), "warning")
    return task_page(task_id, opinion=form.opinion.data or ""), refusal.status


def task_page(task_id: int, form: ActionForm | None = None, opinion: str = "") -> str:
    """Show a task; with a form that was tried as it was filled in."""
    person = current_person()
    task, view = task_for(db.session(), person, task_id)
    review = review_of(db.session(), task, view.case) if view.case.state.is_open else Review()
    given = given_papers(db.session(), view.case)
    forbidden = hindrance(person, task, view)
    draft = opinions.opinion_of(db.session(), person, task, view.events)
    saved = draft if form is None and not opinion else None
    grounds = grounds_of(db.session(), task) if task.blocking else ()
    return page(
        "task.html",
        task=task,
        view=view,
        is_family=is_own_child(person, view.case.student_id),
        review=review,
        came=received_record(db.session(), view.case.id) if Seat.OUTSIDE in view.case.seats else None,
        kinds_to_mend=kinds_to_mend(review.wanted, given),
        diagrams=drawings_of(view),
        may_decide=may_decide(person, task, view.case) and forbidden is None,
        asking=asking_of(db.session(), person, task, view),
        say=claims.say_of(db.session(), person, task, view.case.student_id),
        may_recall=recalls.may_recall(person, task, view),
        closed=refusal_text(told_closed(view.events, view.tasks, task.ended_at)),
        waiting=waiting_in(db.session(), [task.id]).get(task.id),
        forbidden=forbidden and refusal_text(forbidden),
        form=form or _fresh_form(view.case.version, review, saved.text if saved else opinion),
        fields_to_correct=fields_to_correct(view.case),
        ticked=_ticked(form, saved),
        grounds=grounds,
        chosen=_chosen(form, saved, grounds, review),
        saved=saved,
        **copying_facts(person, view),
    )


def _ticked(form: ActionForm | None, saved: DraftOpinion | None) -> Sequence[str]:
    """What has to be corrected as far as it was ticked, papers and fields."""
    if isinstance(form, ReturnForm):
        return [*(form.items.data or ()), *(form.fields.data or ())]
    return [*saved.items, *saved.fields] if saved else ()


def _chosen(
    form: ActionForm | None, saved: DraftOpinion | None, grounds: Iterable[Ground], review: Review
) -> str | None:
    """The ground that was chosen, or else the first whose rule stands against the case today."""
    if isinstance(form, DecisionForm | DraftOpinionForm):
        return str(form.code.data or "")
    if saved and saved.code:
        return saved.code
    broken = {failure.rule for failure in review.failed if failure.blocks}
    return next((ground.code for ground in grounds if ground.rule in broken), None)


def _fresh_form(version: int, review: Review, opinion: str) -> ActionForm:
    proposed = gettext("No free place") if review.no_place else ""
    return ActionForm(formdata=None, data={"version": version, "opinion": opinion or proposed})
