"""A family enters a child who is at a school of another province; then it applies as for any other child."""

from dataclasses import fields

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.choices import SelectChoice
from forms.newcomer import NewcomerForm, PupilForm
from models.enums import Sex, Stage
from webapp.database import db
from webapp.errors import NotAllowed, Refusal
from webapp.formatting import refusal_text
from webapp.labels import label
from webapp.policy import may_enter_newcomer
from webapp.services.cases.repeats import handed_in_again
from webapp.services.exchange.newcomers import (
    Newcomer,
    NothingToCorrect,
    case_to_correct,
    correct,
    enter,
)
from webapp.services.exchange.schools_elsewhere import divisions_elsewhere
from webapp.views.addresses import redirected
from webapp.views.pages import only, page, status_of, takes_part
from webapp.views.places import asks_for_places, offer_places
from webapp.views.visitor import current_person

bp = Blueprint("newcomers", __name__)
bp.before_request(only(lambda person: may_enter_newcomer(person) or takes_part(person)))


@bp.route("/children/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Take the child's data, and lead on to the choice of a school here."""
    if not may_enter_newcomer(current_person()):
        raise NotAllowed
    form = _form()
    if asks_for_places(form) or not form.validate_on_submit():
        return page("newcomer.html", form=form), status_of(form)
    try:
        student = enter(db.session(), current_person(), _newcomer(form))
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return page("newcomer.html", form=form), refusal.status
    return redirected(url_for("transfers.school", student_id=student.id))


@bp.route("/cases/<key:case_id>/pupil", methods=["GET", "POST"])
def pupil(case_id: int) -> ResponseReturnValue:
    """Take name and number anew that the national platform found wrong (2001), and hand the case in again."""
    try:
        student = case_to_correct(db.session(), current_person(), case_id).student
    except NothingToCorrect:
        if request.method == "POST" and handed_in_again(db.session(), current_person(), case_id):
            _tell_corrected()
        return redirected(url_for("cases.case", case_id=case_id))
    form = PupilForm(data={"name": student.name, "registry_number": student.registry_number})
    if not form.validate_on_submit():
        return page("pupil.html", form=form), status_of(form)
    try:
        correct(
            db.session(), current_person(), case_id, form.name.data or "", form.registry_number.data or ""
        )
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return page("pupil.html", form=form), refusal.status
    _tell_corrected()
    return redirected(url_for("cases.case", case_id=case_id))


def _tell_corrected() -> None:
    flash(gettext("Corrected and submitted again. The platform is asked anew."), "success")


def _form() -> NewcomerForm:
    form = NewcomerForm()
    form.sex.choices = [SelectChoice(sex.value, label(sex)) for sex in Sex]
    form.stage.choices = [SelectChoice(stage.value, label(stage)) for stage in Stage]
    offer_places(form, divisions_elsewhere(db.session()))
    return form


def _newcomer(form: NewcomerForm) -> Newcomer:
    return Newcomer(**{fact.name: form[fact.name].data for fact in fields(Newcomer)})
