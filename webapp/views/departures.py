"""To a school of a province that is not served here: named where our side begins, else told where to apply."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from forms.elsewhere import SchoolElsewhereForm
from models import Enrolment
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.services.cases.families import record_for
from webapp.services.exchange.departures import choose_school, places_to_go_to
from webapp.views.addresses import redirected
from webapp.views.pages import page, status_of
from webapp.views.places import place_choices
from webapp.views.visitor import current_person

bp = Blueprint("departures", __name__, url_prefix="/children/<key:student_id>/transfer/elsewhere")


@bp.route("", methods=["GET", "POST"])
def school(student_id: int) -> ResponseReturnValue:
    """Take name and place of the school, and lead on to the details; or say where such a transfer begins."""
    record = record_for(db.session(), current_person(), student_id)
    places = places_to_go_to(db.session(), current_person(), record)
    form = SchoolElsewhereForm()
    form.division_code.choices = place_choices(places)
    if form.validate_on_submit():
        try:
            return redirected(_details_of(record, form))
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(refusal_text(refusal))
    return page("transfer/elsewhere.html", record=record, form=form, places=places), status_of(form)


def _details_of(record: Enrolment, form: SchoolElsewhereForm) -> str:
    """Return where to go on with the school that was named."""
    place, name = form.division_code.data, form.school.data or ""
    chosen = choose_school(db.session(), current_person(), record, place, name)
    return url_for("transfers.details", student_id=record.student_id, school_id=chosen.id)
