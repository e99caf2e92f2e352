"""Applying for a transfer (转学申请): the school, and the details; its papers and the rest are as of every kind."""

from dataclasses import replace

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from forms.choices import SelectChoice
from forms.transfer import TransferDetailsForm
from models import ChangeRequest, Enrolment, Office
from models.enums import ChangeKind, Stage, TransferReason
from webapp.database import db
from webapp.labels import label
from webapp.services.cases import applications
from webapp.services.cases.families import record_for
from webapp.services.changes.kinds.transfer import TransferForm, years_at
from webapp.services.changes.school_choice import school_of
from webapp.services.offices.tree import SCHOOLS_SHOWN, is_served
from webapp.views.addresses import redirected
from webapp.views.details import grades, kept
from webapp.views.pages import page, status_of
from webapp.views.school_search import found_by, search_form
from webapp.views.visitor import current_person

bp = Blueprint("transfers", __name__, url_prefix="/children/<key:student_id>/transfer")


@bp.get("")
def school(student_id: int) -> ResponseReturnValue:
    """Find a school by its name and place."""
    record = _record(student_id)
    form = search_form(record.school)
    found = found_by(form, record.school.stage) if request.args and form.validate() else None
    facts = {"record": record, "form": form, "found": found, "most": SCHOOLS_SHOWN}
    is_from_here = is_served(db.session(), record.school.division_code)
    return page("transfer/school.html", is_from_here=is_from_here, **facts), status_of(form)


@bp.route("/to/<key:school_id>", methods=["GET", "POST"])
def details(student_id: int, school_id: int) -> ResponseReturnValue:
    """Ask for grade, ground and note; keep the draft."""
    record, to_school = _record(student_id), school_of(db.session(), school_id)
    draft = _draft(student_id)
    form = _details_form(record, to_school, draft)
    if form.validate_on_submit() and kept(form, student_id, _wish(form, to_school, draft)):
        return redirected(url_for("changes.papers", student_id=student_id, kind=ChangeKind.TRANSFER))
    return page("transfer/details.html", record=record, school=to_school, form=form), status_of(form)


def offer_details(form: TransferDetailsForm, record: Enrolment, to_school: Office, years: int) -> None:
    """Let a form offer the grades of a school, whose course takes so many years, and the listed grounds."""
    stage = to_school.stage
    assert stage is not None, "it is a school"
    form.grade.choices = grades(stage, years)
    form.reason.choices = reason_choices(between_stages=record.school.stage != stage)
    if stage != Stage.VOCATIONAL:
        del form.schooling_years
    if stage != Stage.VOCATIONAL or record.school.stage == stage:
        del form.major_code, form.major_name


def reason_choices(*, between_stages: bool = False) -> list[SelectChoice]:
    """Return the listed grounds as a form offers them; that it leads to the other stage is one only if it does."""
    others = [reason for reason in TransferReason if reason is not TransferReason.TRACK]
    offered = [TransferReason.TRACK, *others] if between_stages else others
    return [SelectChoice(reason.value, label(reason)) for reason in offered]


def _record(student_id: int) -> Enrolment:
    return record_for(db.session(), current_person(), student_id)


def _draft(student_id: int) -> ChangeRequest | None:
    return applications.draft_of(db.session(), current_person(), student_id, ChangeKind.TRANSFER)


def _details_form(record: Enrolment, to_school: Office, draft: ChangeRequest | None) -> TransferDetailsForm:
    years = years_at(to_school, record)
    kept_so_far = {name: said for name, said in draft.form.items() if said is not None} if draft else {}
    form = TransferDetailsForm(data={"grade": record.grade, "schooling_years": years} | kept_so_far)
    offer_details(form, record, to_school, years)
    return form


def _wish(form: TransferDetailsForm, to_school: Office, draft: ChangeRequest | None) -> TransferForm:
    of_vocational = {
        name: form[name].data for name in ("schooling_years", "major_code", "major_name") if name in form
    }
    wish = TransferForm(
        to_school.id, form.grade.data, form.reason.data, form.note.data or "", **of_vocational
    )
    return replace(wish, exception=draft.form.get("exception", "")) if draft else wish
