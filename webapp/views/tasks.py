"""One task: what it would change, what speaks for and against it, and the officer's decision."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from forms.decision import ActionForm, DecisionForm, DraftOpinionForm, HandOverForm, ReturnForm
from models.enums import CaseState, Outcome
from webapp.database import db
from webapp.errors import AlreadyDecided, CaseEnded, NothingTicked, ReasonMissing, UnknownOutcome
from webapp.policy import is_officer
from webapp.services.cases import claims, decisions, opinions, recalls, repeats
from webapp.services.cases.claims import NoColleague
from webapp.services.cases.recalls import NextHasActed, OtherProvinceAsked, TimeHasPassed
from webapp.services.cases.rejections import GroundNotListed
from webapp.services.cases.reviews import FieldNotListed, PaperNotListed
from webapp.services.changes.eligibility import NotEligible
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only
from webapp.views.task_page import OVERTAKEN, again, as_it_stands, task_page
from webapp.views.visitor import current_person

bp = Blueprint("tasks", __name__, url_prefix="/tasks/<key:task_id>")
bp.before_request(only(is_officer))

# What an officer reads of a case that is not at its end: by whether he approved, and whether it waits for others.
ON_ITS_WAY = {
    (True, True): _("Approved. The case goes on as soon as all others have decided, too."),
    (True, False): _("Approved. The case went on."),
    (False, True): _("Decided. The case goes on as soon as all others have decided, too."),
    (False, False): _("Decided. The case went on."),
}


@bp.get("")
def task(task_id: int) -> ResponseReturnValue:
    """Show a task to the officer it is addressed to, and to the offices that see its case."""
    return task_page(task_id)


@bp.post("/decide")
def decide(task_id: int) -> ResponseReturnValue:
    """Approve, reject or acknowledge; then back to the list, where the next task waits."""
    form = DecisionForm()
    if not form.validate():
        return task_page(task_id, form), 422
    outcome, opinion, code = form.outcome.data or "", form.opinion.data or "", form.code.data
    try:
        decided = decisions.decide(
            db.session(),
            current_person(),
            task_id,
            outcome=outcome,
            version=form.version.data or 0,
            opinion=opinion,
            code=code,
        )
    except (ReasonMissing, GroundNotListed, NotEligible, UnknownOutcome) as refusal:
        return again(task_id, form, refusal)
    except AlreadyDecided as refusal:
        done = repeats.decided_so(
            db.session(), current_person(), task_id, outcome=outcome, opinion=opinion, code=code
        )
        if done is None:
            return as_it_stands(task_id, form, refusal)
        decided = done
    except OVERTAKEN as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(_told(outcome, decided), "success")
    return redirected("/inbox")


@bp.post("/return")
def send_back(task_id: int) -> ResponseReturnValue:
    """Return the case to the applicant to mend the ticked papers."""
    form = ReturnForm()
    if not form.validate():
        return task_page(task_id, form), 422
    try:
        if is_first():
            decisions.return_to_applicant(
                db.session(),
                current_person(),
                task_id,
                items=form.items.data or (),
                fields=form.fields.data or (),
                reason=form.opinion.data or "",
                version=form.version.data or 0,
            )
    except (ReasonMissing, NothingTicked, PaperNotListed, FieldNotListed) as refusal:
        return again(task_id, form, refusal)
    except OVERTAKEN as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Returned. The clock stands still until the applicant submits it again."), "success")
    return redirected("/inbox")


@bp.post("/opinion")
def save(task_id: int) -> ResponseReturnValue:
    """Keep the opinion so far, for this officer alone."""
    form = DraftOpinionForm()
    if not form.validate():
        return task_page(task_id, form), 422
    opinions.save(
        db.session(),
        current_person(),
        task_id,
        text=form.opinion.data or "",
        items=form.items.data or (),
        fields=form.fields.data or (),
        code=form.code.data or None,
    )
    flash(gettext("Saved for you until the task is decided. Nobody else reads it."), "success")
    return redirected(url_for(".task", task_id=task_id))


@bp.post("/recall")
def recall(task_id: int) -> ResponseReturnValue:
    """Take the officer's own decision back; the task is on his list again."""
    form = ActionForm()
    if not form.validate():
        return task_page(task_id), 422
    try:
        if is_first():
            recalls.recall(
                db.session(),
                current_person(),
                task_id,
                version=form.version.data or 0,
                reason=form.opinion.data or "",
            )
    except (*OVERTAKEN, CaseEnded, NextHasActed, OtherProvinceAsked, TimeHasPassed) as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Taken back. The task is open again."), "success")
    return redirected(url_for(".task", task_id=task_id))


@bp.post("/claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Take the task for oneself."""
    claims.claim(db.session(), current_person(), task_id)
    return redirected(url_for(".task", task_id=task_id))


@bp.post("/release")
def release(task_id: int) -> ResponseReturnValue:
    """Give the task back to all who hold the post."""
    if is_first():
        claims.release(db.session(), current_person(), task_id)
    flash(gettext("Given back to the office."), "success")
    return redirected(url_for(".task", task_id=task_id))


@bp.post("/hand-over")
def hand_over(task_id: int) -> ResponseReturnValue:
    """Hand the task over to a colleague; then back to the list."""
    form = HandOverForm()
    if not form.validate():
        raise NoColleague
    if is_first():
        claims.hand_over(db.session(), current_person(), task_id, form.colleague.data or 0)
    flash(gettext("Handed over. Your colleague is told."), "success")
    return redirected("/inbox")


def _told(outcome: str, decided: decisions.Decided) -> str:
    if outcome == Outcome.ACKNOWLEDGE:
        return str(gettext("Filed."))
    if decided.state == CaseState.COMPLETED:
        return str(gettext("Approved. This was the last decision: it has taken effect."))
    if decided.state == CaseState.REJECTED:
        return str(gettext("Rejected. The family reads your reason."))
    return str(ON_ITS_WAY[outcome == Outcome.APPROVE, decided.waits_for_others])
