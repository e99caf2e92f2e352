"""What waits for other provinces (外省), and what an officer was told by one of them."""

from datetime import datetime

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.choices import SelectChoice
from forms.letter import LetterForm
from forms.outside import AnswerForm, SettlementForm
from models.enums import Outcome, Role
from webapp import clock
from webapp.database import db
from webapp.errors import NoSuchTask, Refusal
from webapp.formatting import code_text, refusal_text
from webapp.labels import label
from webapp.policy import is_officer
from webapp.services.cases.views import CaseView, task_for
from webapp.services.changes.validation_codes import meanings
from webapp.services.exchange import settling
from webapp.services.exchange.outside import Code, Evidence, answer_by_hand
from webapp.services.exchange.steps import Wait, is_asked_at, wait_at
from webapp.services.exchange.waiting import stuck_messages, waiting_outside
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page, status_of
from webapp.views.visitor import current_person

bp = Blueprint("outside", __name__, url_prefix="/outside")
bp.before_request(only(is_officer))


@bp.get("")
def waiting() -> ResponseReturnValue:
    """Show what other provinces are asked for, the longest awaited first."""
    session, person = db.session(), current_person()
    return page("outside.html", rows=waiting_outside(session, person), stuck=stuck_messages(session, person))


@bp.route("/<key:task_id>", methods=["GET", "POST"])
def told(task_id: int) -> ResponseReturnValue:
    """Take down the answer to one task, and how the officer knows it."""
    task, view = task_for(db.session(), current_person(), task_id)
    if task.role != Role.COUNTERPART:
        if request.method == "POST":
            raise NoSuchTask
        return redirected(url_for("tasks.task", task_id=task_id))
    form = _form(view, task.step)
    if form.validate_on_submit():
        try:
            if is_first():
                _take_down(form, task_id)
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(refusal_text(refusal))
            task, view = task_for(db.session(), current_person(), task_id)
            return page("outside_answer.html", task=task, view=view, form=form), refusal.status
        flash(gettext("Taken down, with your name and where you have it from."), "success")
        return redirected(url_for("cases.case", case_id=view.case.id))
    return page("outside_answer.html", task=task, view=view, form=form), status_of(form)


@bp.route("/messages/<key:message_id>", methods=["GET", "POST"])
def settle(message_id: int) -> ResponseReturnValue:
    """Take down what was agreed about a message that one side takes for wrong."""
    form = SettlementForm(data={"told_at": now_as_typed()})
    if not form.validate_on_submit():
        return _dispute(message_id, form), status_of(form)
    agreed, evidence = form.agreed.data or "", evidence_in(form)
    try:
        if is_first():
            settling.settle(db.session(), current_person(), message_id, agreed=agreed, evidence=evidence)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return _dispute(message_id, form), refusal.status
    flash(gettext("Taken down, with your name and what was agreed. The message is off the list."), "success")
    return redirected(url_for(".waiting"))


def now_as_typed() -> datetime:
    """Return the present minute in the time of China, as a form has it."""
    return clock.now().astimezone(clock.SHANGHAI).replace(tzinfo=None, second=0, microsecond=0)


def evidence_in(form: AnswerForm | LetterForm | SettlementForm) -> Evidence:
    """Return how the officer knows what he took down."""
    told_at: datetime = form.told_at.data.replace(tzinfo=clock.SHANGHAI)  # type: ignore[union-attr]
    return Evidence(form.told_by.data or "", told_at, form.reference.data or "")


def _dispute(message_id: int, form: SettlementForm) -> str:
    dispute = settling.dispute_about(db.session(), current_person(), message_id)
    return page("outside_settle.html", dispute=dispute, message=dispute.message, form=form)


def _form(view: CaseView, step: str) -> AnswerForm:
    form = AnswerForm(data={"version": view.case.version, "told_at": now_as_typed()})
    possible = {
        Outcome.APPROVE: True,
        Outcome.RETURN: is_asked_at(step),
        Outcome.REJECT: wait_at(step) != Wait.VALIDATION,  # it finds faults, and decides nothing
    }
    form.outcome.choices = [
        SelectChoice(outcome.value, label(outcome)) for outcome, may_be in possible.items() if may_be
    ]
    if is_asked_at(step):
        form.codes.choices = [
            SelectChoice(found.code, code_text(found)) for found in meanings(view.definition)
        ]
    else:
        del form.codes
    return form


def _take_down(form: AnswerForm, task_id: int) -> None:
    returned = form.outcome.data == Outcome.RETURN
    answer_by_hand(
        db.session(),
        current_person(),
        task_id,
        outcome=form.outcome.data,
        version=form.version.data or 0,
        evidence=evidence_in(form),
        codes=[Code(code) for code in form.codes.data or ()] if returned else (),
        reason=form.reason.data or "",
    )
