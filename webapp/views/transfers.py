"""Applying for a transfer (转学申请), a few fields at a time: school, details, papers, check and submit."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.choices import SelectChoice
from forms.transfer import TransferDetailsForm, UploadForm
from models import ChangeRequest, Enrolment, Office
from models.enums import ChangeKind, Stage, TransferReason
from webapp.database import db
from webapp.errors import FormIncomplete, Refusal
from webapp.formatting import grade_text, refusal_text
from webapp.labels import label
from webapp.services.cases import applications, drafts
from webapp.services.cases.families import record_for
from webapp.services.cases.previews import given_papers, papers_for, preview_of
from webapp.services.changes.eligibility import NotEligible
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.changes.school_choice import school_of
from webapp.services.offices.tree import SCHOOLS_SHOWN, is_served
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import page, status_of
from webapp.views.papers import WHY_ASKED, receive
from webapp.views.school_search import found_by, search_form
from webapp.views.visitor import current_person

bp = Blueprint("transfers", __name__, url_prefix="/children/<key:student_id>/transfer")

COMPULSORY_GRADES = range(1, Stage.COMPULSORY.most_years + 1)


@bp.get("")
def school(student_id: int) -> ResponseReturnValue:
    """Find a school by its name and place."""
    record = _record(student_id)
    form = search_form(record.school.division_code)
    found = found_by(form, record.school.stage) if request.args and form.validate() else None
    facts = {"record": record, "form": form, "found": found, "most": SCHOOLS_SHOWN}
    is_from_here = is_served(db.session(), record.school.division_code)
    return page("transfer/school.html", is_from_here=is_from_here, **facts), status_of(form)


@bp.route("/to/<key:school_id>", methods=["GET", "POST"])
def details(student_id: int, school_id: int) -> ResponseReturnValue:
    """Ask for grade, ground and note; keep the draft."""
    record, to_school = _record(student_id), school_of(db.session(), school_id)
    form = _details_form(record, to_school, _draft(student_id))
    if form.validate_on_submit() and _save(form, record, to_school):
        return redirected(url_for(".papers", student_id=student_id))
    return page("transfer/details.html", record=record, school=to_school, form=form), status_of(form)


@bp.route("/papers", methods=["GET", "POST"])
def papers(student_id: int) -> ResponseReturnValue:
    """Take the papers of the closed list, one at a time."""
    record, draft = _record(student_id), _draft(student_id)
    if draft is None:
        return redirected(url_for(".school", student_id=student_id))
    form = UploadForm()
    refused = receive(form, draft.id) if form.is_submitted() else None
    if form.is_submitted() and refused is None:
        return redirected(url_for(".papers", student_id=student_id))
    facts = {"wanted": papers_for(db.session(), draft), "given": given_papers(db.session(), draft)}
    shown = page("transfer/papers.html", record=record, draft=draft, form=form, why=WHY_ASKED, **facts)
    return shown, refused or 200


@bp.get("/check")
def check(student_id: int) -> ResponseReturnValue:
    """Show all that would stop the application, and the whole way it would take."""
    record, draft = _record(student_id), _draft(student_id)
    if draft is None:
        return redirected(url_for(".school", student_id=student_id))
    return _check_page(record, draft)


@bp.post("/submit/<key:draft_id>")
def submit(student_id: int, draft_id: int) -> ResponseReturnValue:
    """Submit the draft; sent twice, it is submitted once."""
    try:
        case = applications.submit(db.session(), current_person(), draft_id)
    except (NotEligible, FormIncomplete):
        db.session.rollback()
        draft = db.session.get_one(ChangeRequest, draft_id)
        return _check_page(_record(draft.student_id), draft), 422
    flash(gettext("Your application is submitted. Its number is %(number)s.", number=case.number), "success")
    return redirected(url_for("cases.case", case_id=case.id))


@bp.post("/discard/<key:draft_id>")
def discard(student_id: int, draft_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    if is_first():
        drafts.discard(db.session(), current_person(), draft_id)
    flash(gettext("The draft is discarded."), "success")
    return redirected("/")


def offer_details(form: TransferDetailsForm, to_school: Office, years: int) -> None:
    """Let a form offer the grades of a school, whose course takes so many years, and the listed grounds."""
    stage = to_school.stage
    assert stage is not None, "it is a school"
    grades = COMPULSORY_GRADES if stage == Stage.COMPULSORY else range(1, years + 1)
    form.grade.choices = [SelectChoice(str(grade), grade_text(grade, stage)) for grade in grades]
    form.reason.choices = reason_choices()
    if stage != Stage.VOCATIONAL:
        del form.schooling_years


def reason_choices() -> list[SelectChoice]:
    """Return the listed grounds as a form offers them."""
    return [SelectChoice(reason.value, label(reason)) for reason in TransferReason]


def _check_page(record: Enrolment, draft: ChangeRequest) -> str:
    return page("transfer/check.html", record=record, preview=preview_of(db.session(), draft))


def _record(student_id: int) -> Enrolment:
    return record_for(db.session(), current_person(), student_id)


def _draft(student_id: int) -> ChangeRequest | None:
    return applications.draft_of(db.session(), current_person(), student_id, ChangeKind.TRANSFER)


def _details_form(record: Enrolment, to_school: Office, draft: ChangeRequest | None) -> TransferDetailsForm:
    present = {"grade": record.grade, "schooling_years": record.schooling_years}
    form = TransferDetailsForm(data=draft.form if draft else present)
    offer_details(form, to_school, record.schooling_years)
    return form


def _save(form: TransferDetailsForm, record: Enrolment, to_school: Office) -> bool:
    """Keep the draft, or tell on the form why it cannot be kept."""
    years = form.schooling_years.data if "schooling_years" in form else None
    wish = TransferForm(to_school.id, form.grade.data, form.reason.data, form.note.data or "", years)
    try:
        applications.save_draft(db.session(), current_person(), record.student_id, wish)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
    return not form.form_errors
