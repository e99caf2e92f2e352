"""A school begins a transfer for a family that came to it in person, where its side may begin one."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from forms.choices import SelectChoice
from forms.transfer import FindStudentForm
from models.enums import OfficeKind, Role
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.policy import Person, holds, holds_at
from webapp.services.cases.applications import save_draft
from webapp.services.cases.families import find_record
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.views.addresses import redirected
from webapp.views.pages import only, page
from webapp.views.transfers import reason_choices
from webapp.views.visitor import current_person

bp = Blueprint("entry", __name__)
bp.before_request(only(lambda person: holds(person, Role.REGISTRAR)))


@bp.route("/transfers/new", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Find the student by registry number and name, and go on as the family would."""
    form = FindStudentForm()
    form.school_id.choices = _schools(current_person())
    form.reason.choices = reason_choices()
    if not form.validate_on_submit():
        return page("transfer/new.html", form=form), 422 if form.errors else 200
    try:
        return redirected(_begun(form, current_person()))
    except Refusal as refusal:
        form.form_errors.append(refusal_text(refusal))
        return page("transfer/new.html", form=form), refusal.status


def _schools(person: Person) -> list[SelectChoice]:
    return [
        SelectChoice(str(post.office_id), post.office)
        for post in person.posts
        if post.role == Role.REGISTRAR and post.kind == OfficeKind.SCHOOL
    ]


def _begun(form: FindStudentForm, registrar: Person) -> str:
    """The present school goes on with its own student; any other school asks to take the student in itself."""
    record = find_record(db.session(), registrar, form.number.data or "", form.name.data or "")
    if holds_at(registrar, record.school_id, Role.REGISTRAR):
        return url_for("students.student", student_id=record.student_id)
    wish = TransferForm(form.school_id.data, record.grade, form.reason.data)
    save_draft(db.session(), registrar, record.student_id, wish)
    return url_for("transfers.details", student_id=record.student_id, school_id=form.school_id.data)
