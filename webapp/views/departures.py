"""To a school of a province that is not served here: named where our side begins, else told where to apply."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.elsewhere import SchoolElsewhereForm, SchoolNameForm
from models import Enrolment
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.services.cases.families import record_for
from webapp.services.cases.repeats import handed_in_again
from webapp.services.exchange.departures import (
    SchoolNotQuestioned,
    choose_school,
    correct_school,
    misnamed_school_of,
    places_to_go_to,
)
from webapp.views.addresses import redirected
from webapp.views.pages import page, status_of
from webapp.views.places import asks_for_places, offer_places
from webapp.views.visitor import current_person

bp = Blueprint("departures", __name__)


@bp.route("/children/<key:student_id>/transfer/elsewhere", methods=["GET", "POST"])
def school(student_id: int) -> ResponseReturnValue:
    """Take name and place of the school, and lead on to the details; or say where such a transfer begins."""
    record = record_for(db.session(), current_person(), student_id)
    places = places_to_go_to(db.session(), current_person(), record)
    form = SchoolElsewhereForm()
    offer_places(form, places)
    if not asks_for_places(form) and form.validate_on_submit():
        try:
            return redirected(_details_of(record, form))
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(refusal_text(refusal))
    return page("transfer/elsewhere.html", record=record, form=form, places=places), status_of(form)


@bp.route("/cases/<key:case_id>/school", methods=["GET", "POST"])
def name(case_id: int) -> ResponseReturnValue:
    """Take the school's name anew that its province did not find (2001), and hand the case in again."""
    try:
        _, wrong = misnamed_school_of(db.session(), current_person(), case_id)
    except SchoolNotQuestioned:
        if request.method == "POST" and handed_in_again(db.session(), current_person(), case_id):
            _tell_corrected()
        return redirected(url_for("cases.case", case_id=case_id))
    form = SchoolNameForm(data={"school": wrong.name})
    if not form.validate_on_submit():
        return page("school_name.html", form=form, place=wrong.division), status_of(form)
    try:
        correct_school(db.session(), current_person(), case_id, form.school.data or "")
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return page("school_name.html", form=form, place=wrong.division), refusal.status
    _tell_corrected()
    return redirected(url_for("cases.case", case_id=case_id))


def _tell_corrected() -> None:
    flash(gettext("Corrected and submitted again. The other province is asked anew."), "success")


def _details_of(record: Enrolment, form: SchoolElsewhereForm) -> str:
    """Return where to go on with the school that was named."""
    place, name = form.division_code.data, form.school.data or ""
    chosen = choose_school(db.session(), current_person(), record, place, name)
    return url_for("transfers.details", student_id=record.student_id, school_id=chosen.id)
