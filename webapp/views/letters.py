"""Another province asks for a pupil by letter (外省来函): the registrar of the pupil's school takes it down."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.letter import LetterForm
from models.enums import Role
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import code_text, refusal_text
from webapp.policy import holds
from webapp.services.exchange.letters import Letter, RequestAtFault, connected_provinces, take_down
from webapp.services.exchange.schools_elsewhere import divisions_elsewhere
from webapp.views.addresses import redirected
from webapp.views.outside import evidence_in, now_as_typed
from webapp.views.pages import only, page, status_of
from webapp.views.places import asks_for_places, offer_places
from webapp.views.transfers import reason_choices
from webapp.views.visitor import current_person

bp = Blueprint("letters", __name__, url_prefix="/outside/letters")
bp.before_request(only(lambda person: holds(person, Role.REGISTRAR)))


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Take down whom a letter asks for and for which school, and open the case."""
    form = LetterForm(data={"told_at": now_as_typed()})
    offer_places(form, divisions_elsewhere(db.session()))
    form.reason.choices = reason_choices()
    if asks_for_places(form) or not form.validate_on_submit():
        return _page(form), status_of(form)
    try:
        case = take_down(db.session(), current_person(), _letter(form))
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        if isinstance(refusal, RequestAtFault):
            form.form_errors.extend(code_text(found) for found in refusal.found)
        return _page(form), refusal.status
    flash(
        gettext("The letter is taken down. The case has the number %(number)s.", number=case.number),
        "success",
    )
    return redirected(url_for("cases.case", case_id=case.id))


def _page(form: LetterForm) -> str:
    return page("letter.html", form=form, connected=connected_provinces(db.session()))


def _letter(form: LetterForm) -> Letter:
    return Letter(
        number=form.number.data or "",
        name=form.name.data or "",
        school=form.school.data or "",
        division_code=form.division_code.data,
        grade=form.grade.data or 0,
        reason=form.reason.data,
        evidence=evidence_in(form),
    )
