"""A school's own students: found by number and name, what rules read of them, and what is proposed for them."""

from dataclasses import fields

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Form

from forms.choices import SelectChoice
from forms.sanctions import RevocationForm, SanctionForm
from forms.student import DismissForm, EditForm, SemesterForm, ToldForm
from forms.transfer import StudentForm
from models import Enrolment
from models.enums import Conduct, HowTold, Role, SanctionKind
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.labels import label
from webapp.policy import holds
from webapp.services.cases.families import find_record, record_for
from webapp.services.changes import profiles, school_records
from webapp.services.changes.facts import open_business
from webapp.services.changes.problems import problems_of
from webapp.services.changes.sanctions import sanctions_of
from webapp.services.changes.school_records import Semester
from webapp.services.proposals import settling
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page, status_of
from webapp.views.visitor import current_person

bp = Blueprint("students", __name__, url_prefix="/students")
bp.before_request(only(lambda person: holds(person, Role.REGISTRAR)))


@bp.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Find one of the school's students, and show what is proposed."""
    form = StudentForm()
    if form.validate_on_submit():
        try:
            return redirected(url_for(".student", student_id=_found(form).student_id))
        except Refusal as refusal:
            form.form_errors.append(refusal_text(refusal))
            return _home(form), refusal.status
    return _home(form), status_of(form)


@bp.post("/proposals/<key:proposal_id>/dismiss")
def dismiss(proposal_id: int) -> ResponseReturnValue:
    """Let a proposal rest, and say why."""
    form = DismissForm()
    if not form.validate():
        return _home(StudentForm(formdata=None), form, proposal_id), 422
    if is_first():
        settling.dismiss(db.session(), current_person(), proposal_id, form.note.data or "")
    flash(gettext("The proposal is dismissed. It comes again after a month if it is still so."), "success")
    return redirected(url_for(".find"))


@bp.get("/<key:student_id>")
def student(student_id: int) -> ResponseReturnValue:
    """Show a student with what may be begun for him, and what the school keeps of him."""
    return student_page(own_record(student_id))


@bp.post("/<key:student_id>/told")
def tell(student_id: int) -> ResponseReturnValue:
    """Record that the family was told that the student has to return."""
    record, form = own_record(student_id), _told_form()
    if not form.validate():
        return student_page(record, told=form), 422
    told_on = form.told_on.data
    assert told_on is not None, "the form demands it"
    try:
        if is_first():
            school_records.tell_family(db.session(), current_person(), record, told_on, form.how.data)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return student_page(record, told=form), refusal.status
    flash(gettext("It is recorded that the family was told."), "success")
    return redirected(url_for(".student", student_id=student_id))


@bp.post("/<key:student_id>/semester")
def semester(student_id: int) -> ResponseReturnValue:
    """Keep how the present semester goes."""
    record, form = own_record(student_id), _semester_form()
    if not form.validate():
        return student_page(record, semester=form), 422
    kept = Semester(**{field.name: form[field.name].data for field in fields(Semester)})
    if is_first():
        school_records.keep_semester(db.session(), current_person(), record, kept)
    flash(gettext("The semester is kept."), "success")
    return redirected(url_for(".student", student_id=student_id))


@bp.post("/<key:student_id>/edit")
def edit(student_id: int) -> ResponseReturnValue:
    """Change what is no key data."""
    record = own_record(student_id)
    form = _edit_form(record)
    if not form.validate():
        return student_page(record, edit=form), 422
    if is_first():
        profiles.edit(db.session(), current_person(), record, form.field.data, form.to.data or None)
    flash(gettext("It is changed, and what it was is kept."), "success")
    return redirected(url_for(".student", student_id=student_id))


def _found(form: StudentForm) -> Enrolment:
    record = find_record(
        db.session(), current_person(), form.number.data or "", form.name.data or "", graduates=True
    )
    school_records.require_own_student(current_person(), record)
    return record


def own_record(student_id: int) -> Enrolment:
    """Return a student of the visitor's school; NotYourStudent."""
    record = record_for(db.session(), current_person(), student_id)
    school_records.require_own_student(current_person(), record)
    return record


def _home(form: StudentForm, dismissed: DismissForm | None = None, proposal_id: int | None = None) -> str:
    proposals = settling.open_proposals(db.session(), current_person())
    facts = {"proposals": proposals, "most": settling.SHOWN, "dismissed": proposal_id}
    return page("students.html", form=form, dismiss=dismissed or DismissForm(formdata=None), **facts)


def student_page(record: Enrolment, **sent: Form) -> str:
    """Return the page of a student; a form that was `sent` and refused is shown as it was filled in, by its name."""
    kept = school_records.school_record_of(db.session(), record)
    return page(
        "student.html",
        record=record,
        kept=kept,
        open_case=open_business(db.session(), record.student_id),
        sanctions=sanctions_of(db.session(), record.student_id),
        problems=problems_of(db.session(), record.student_id),
        edited=profiles.edits_of(db.session(), record.student_id),
        values=[
            (field, profiles.present_value(db.session(), record.student, field))
            for field in profiles.EDITABLE
        ],
        **{
            "told": _told_form(),
            "semester": _semester_form(kept),
            "edit": _edit_form(record),
            "sanction": sanction_form(),
            "revocation": RevocationForm(formdata=None),
        }
        | sent,
    )


def sanction_form() -> SanctionForm:
    """Return the form for a sanction, with those that a school enters without a case."""
    form = SanctionForm()
    kinds = (kind for kind in SanctionKind if kind != SanctionKind.EXPULSION)
    form.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in kinds]
    return form


def _edit_form(record: Enrolment) -> EditForm:
    form, key = EditForm(), profiles.key_fields_of(db.session(), record)
    form.field.choices = [
        SelectChoice(field.value, label(field)) for field in profiles.EDITABLE if field not in key
    ]
    return form


def _told_form() -> ToldForm:
    form = ToldForm()
    form.how.choices = [SelectChoice(how.value, label(how)) for how in HowTold]
    return form


def _semester_form(kept: school_records.SchoolRecord | None = None) -> SemesterForm:
    form = SemesterForm(obj=kept.semester if kept else None)
    unknown = SelectChoice("", gettext("not known yet"))
    form.conduct.choices = [unknown, *(SelectChoice(conduct.value, label(conduct)) for conduct in Conduct)]
    form.passed.choices = [unknown, SelectChoice("yes", gettext("yes")), SelectChoice("no", gettext("no"))]
    return form
