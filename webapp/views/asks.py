"""Asking others beside a step: sending it back, asking for advice or a signature, answering, taking a question back."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.asks import AskForm, ReplyForm, SendBackForm
from forms.decision import ActionForm
from webapp.database import db
from webapp.errors import CaseEnded, ReasonMissing
from webapp.policy import is_officer
from webapp.services.cases import answers, asks
from webapp.services.cases.asks import AsksNobody, NobodyAsked, NoEarlierStep
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only
from webapp.views.task_page import OVERTAKEN, again, as_it_stands, task_page
from webapp.views.visitor import current_person

bp = Blueprint("asks", __name__, url_prefix="/tasks/<key:task_id>")
bp.before_request(only(is_officer))


@bp.post("/send-back")
def send_back(task_id: int) -> ResponseReturnValue:
    """Send the case to an earlier step for a second look."""
    form = SendBackForm()
    if not form.validate():
        return task_page(task_id, form), 422
    try:
        if is_first():
            asks.send_back_to(
                db.session(),
                current_person(),
                task_id,
                to_task_id=form.to.data or 0,
                reason=form.opinion.data or "",
                version=form.version.data or 0,
            )
    except (ReasonMissing, NoEarlierStep, AsksNobody) as refusal:
        return again(task_id, form, refusal)
    except OVERTAKEN as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Sent back for a second look. Your clock stands still until the answer."), "success")
    return redirected("/inbox")


@bp.post("/ask")
def ask(task_id: int) -> ResponseReturnValue:
    """Ask for an opinion, for a draft, or for a signature after one's own."""
    form = AskForm()
    if not form.validate():
        return task_page(task_id, form), 422
    try:
        if is_first():
            asks.ask(
                db.session(),
                current_person(),
                task_id,
                kind=form.kind.data,
                of=form.of.data or (),
                question=form.opinion.data or "",
                version=form.version.data or 0,
            )
    except (ReasonMissing, NobodyAsked, AsksNobody) as refusal:
        return again(task_id, form, refusal)
    except OVERTAKEN as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Asked. The answer will be in the history, and you are told."), "success")
    return redirected(url_for("tasks.task", task_id=task_id))


@bp.post("/answer")
def answer(task_id: int) -> ResponseReturnValue:
    """Answer what one was asked; then back to the list."""
    form = ReplyForm()
    if not form.validate():
        return task_page(task_id, form), 422
    try:
        if is_first():
            answers.answer(
                db.session(),
                current_person(),
                task_id,
                opinion=form.opinion.data or "",
                proposes=form.proposes.data,
                version=form.version.data or 0,
            )
    except ReasonMissing as refusal:
        return again(task_id, form, refusal)
    except OVERTAKEN as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Answered. Whoever asked is told."), "success")
    return redirected("/inbox")


@bp.post("/take-question-back")
def take_question_back(task_id: int) -> ResponseReturnValue:
    """Take back what was asked from the task."""
    form = ActionForm()
    if not form.validate():
        return task_page(task_id), 422
    try:
        if is_first():
            answers.take_question_back(
                db.session(), current_person(), task_id, version=form.version.data or 0
            )
    except (*OVERTAKEN, CaseEnded) as refusal:
        return as_it_stands(task_id, form, refusal)
    flash(gettext("Taken back. The task is yours again."), "success")
    return redirected(url_for("tasks.task", task_id=task_id))
