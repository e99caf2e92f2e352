"""Applying for a transfer (转学申请), a few fields at a time: school, details, papers, check and submit."""

from collections.abc import Sequence

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from forms.choices import SelectChoice
from forms.transfer import SchoolSearchForm, TransferDetailsForm, UploadForm
from models import ChangeRequest, Division, Enrolment, Office
from models.enums import DivisionLevel, Stage, TransferReason
from webapp import clock
from webapp.database import db
from webapp.errors import FormIncomplete, Refusal
from webapp.formatting import grade_text, refusal_text
from webapp.labels import label
from webapp.services.cases import applications, drafts
from webapp.services.cases.families import record_for
from webapp.services.cases.previews import given_papers, papers_for, preview_of
from webapp.services.offices.tree import SCHOOLS_SHOWN, find_schools, is_served
from webapp.services.transfers.eligibility import NotEligible
from webapp.services.transfers.school_choice import divisions_of_province, provinces_here, school_of
from webapp.services.transfers.transfer import TransferForm
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import page, status_of
from webapp.views.papers import WHY_ASKED, receive
from webapp.views.visitor import current_person

bp = Blueprint("transfers", __name__, url_prefix="/children/<key:student_id>/transfer")

COMPULSORY_GRADES = range(1, Stage.COMPULSORY.most_years + 1)


@bp.get("")
def school(student_id: int) -> ResponseReturnValue:
    """Find a school by its name and place."""
    record = _record(student_id)
    form = _search_form(record)
    found = _found(form, record) if request.args and form.validate() else None
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


def reason_choices() -> list[SelectChoice]:
    """Return the listed grounds as a form offers them."""
    return [SelectChoice(reason.value, label(reason)) for reason in TransferReason]


def _check_page(record: Enrolment, draft: ChangeRequest) -> str:
    return page("transfer/check.html", record=record, preview=preview_of(db.session(), draft))


def _record(student_id: int) -> Enrolment:
    return record_for(db.session(), current_person(), student_id)


def _draft(student_id: int) -> ChangeRequest | None:
    return applications.draft_of(db.session(), current_person(), student_id)


def _search_form(record: Enrolment) -> SchoolSearchForm:
    """Of another province than the one searched in before, the places are not known to the form yet."""
    provinces = provinces_here(db.session())
    codes = [province.code for province in provinces]
    present = record.school.division_code[:2] + "0000"
    asked = MultiDict(request.args)
    asked.setdefault("province", present if present in codes else codes[0])
    form = SchoolSearchForm(asked)
    chosen = form.province.data if form.province.data in codes else codes[0]
    form.province.choices = [SelectChoice(province.code, province.name) for province in provinces]
    places = divisions_of_province(db.session(), chosen)
    form.division.choices = [
        SelectChoice("", gettext("Anywhere in the province")),
        *_division_choices(places),
    ]
    if "province" in request.args and (form.division.data or "")[:2] != chosen[:2]:
        form.division.data = ""
    return form


def _division_choices(divisions: Sequence[Division]) -> list[SelectChoice]:
    """Each city above its counties, and the counties without a city under their province."""
    cities = {place.code: place.name for place in divisions if place.level == DivisionLevel.CITY}
    return [
        SelectChoice(place.code, place.name, optgroup=cities.get(place.superior_code or "", place.name))
        if place.level == DivisionLevel.COUNTY
        else SelectChoice(place.code, gettext("All of %(city)s", city=place.name), optgroup=place.name)
        for place in divisions
    ]


def _found(form: SchoolSearchForm, record: Enrolment) -> Sequence[Office]:
    return find_schools(
        db.session(),
        form.name.data or "",
        clock.today(),
        division_code=form.division.data or form.province.data,
        stage=record.school.stage,
    )


def _details_form(record: Enrolment, to_school: Office, draft: ChangeRequest | None) -> TransferDetailsForm:
    assert to_school.stage is not None  # it is a school
    present = {"grade": record.grade, "schooling_years": record.schooling_years}
    form = TransferDetailsForm(data=draft.form if draft else present)
    form.grade.choices = [
        SelectChoice(str(grade), grade_text(grade, to_school.stage)) for grade in _grades(record, to_school)
    ]
    form.reason.choices = reason_choices()
    if to_school.stage != Stage.VOCATIONAL:
        del form.schooling_years
    return form


def _grades(record: Enrolment, to_school: Office) -> range:
    if to_school.stage == Stage.COMPULSORY:
        return COMPULSORY_GRADES
    return range(1, record.schooling_years + 1)


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
