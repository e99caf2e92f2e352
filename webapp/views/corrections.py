"""Correcting what of an application was ticked (退回补正): its details, or the school that it names."""

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import PostedForm
from forms.changes import DETAILS
from forms.transfer import TransferDetailsForm
from models import ChangeRequest, ReturnRequest
from models.enums import FormField
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.services.cases import fields
from webapp.services.cases.fields import NotAskedFor
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.changes.planning import reasons_for
from webapp.services.changes.school_choice import school_of
from webapp.services.offices.tree import SCHOOLS_SHOWN
from webapp.views.addresses import redirected
from webapp.views.details import NO_ANSWERS, offer, plain
from webapp.views.pages import only, page, status_of, takes_part
from webapp.views.school_search import found_by, search_form
from webapp.views.transfers import offer_details
from webapp.views.visitor import current_person

bp = Blueprint("corrections", __name__, url_prefix="/cases/<key:case_id>/correct")
bp.before_request(only(takes_part))


@bp.errorhandler(NotAskedFor)
def nothing_asked(refusal: NotAskedFor) -> ResponseReturnValue:
    """Lead whoever comes too late, or too early, to the case, which says what is asked for."""
    db.session.rollback()
    flash(refusal_text(refusal), "warning")
    return _back((request.view_args or {})["case_id"])


@bp.route("", methods=["GET", "POST"])
def details(case_id: int) -> ResponseReturnValue:
    """Take what was ticked, filled in anew."""
    case, wanted = fields.correction_of(db.session(), current_person(), case_id)
    form = _details_form(case, wanted)
    asked = [field for field in FormField if field in wanted.fields and field is not FormField.SCHOOL]
    if not asked:
        return _back(case_id)
    if form.validate_on_submit():
        try:
            said: dict[FormField, str | int | None] = {field: plain(form[field].data) for field in asked}
            fields.correct(db.session(), current_person(), case_id, said)
            return _back(case_id)
        except Refusal as refusal:
            db.session.rollback()
            form.form_errors.append(refusal_text(refusal))
            return page("correct.html", case=case, wanted=wanted, form=form), refusal.status
    return page("correct.html", case=case, wanted=wanted, form=form), status_of(form)


@bp.get("/school")
def school(case_id: int) -> ResponseReturnValue:
    """Find the right school."""
    case, wanted = fields.correction_of(db.session(), current_person(), case_id)
    chosen = school_of(db.session(), fields.corrected_form(case, wanted).destination_id or abort(404))
    form = search_form(chosen)
    found = found_by(form, chosen.stage) if request.args and form.validate() else None
    facts = {"form": form, "found": found, "most": SCHOOLS_SHOWN}
    return page("correct_school.html", case=case, chosen=chosen, **facts), status_of(form)


@bp.post("/school")
def choose(case_id: int) -> ResponseReturnValue:
    """Take the school that was chosen."""
    chosen = request.form.get("school", type=int) or abort(400)
    fields.correct(db.session(), current_person(), case_id, {FormField.SCHOOL: chosen})
    return _back(case_id)


def _details_form(case: ChangeRequest, wanted: ReturnRequest) -> PostedForm:
    """The form as it was filled in so far, with the fields that were ticked."""
    wish = fields.corrected_form(case, wanted)
    if isinstance(wish, TransferForm):
        form: PostedForm = TransferDetailsForm(obj=wish)
        to_school = school_of(db.session(), wish.to_school_id)
        years = fields.years_of(db.session(), case, wish)
        offer_details(form, case.student.enrolments[-1], to_school, years)
    else:
        form = DETAILS[case.kind](obj=wish)
        by_school = case.applicant_office_id is not None
        offer(form, case.student.enrolments[-1], reasons_for(db.session(), case.kind, by_school=by_school))
    for name in [field.name for field in form if field.name not in NO_ANSWERS]:
        if name not in wanted.fields:
            del form[name]
    return form


def _back(case_id: int) -> ResponseReturnValue:
    return redirected(url_for("cases.case", case_id=case_id))
