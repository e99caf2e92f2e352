"""The authority of a school opens and closes problem records (问题学籍) of its students."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from forms.base import PostedForm
from forms.choices import SelectChoice
from forms.problems import ClosingForm, ProblemForm
from forms.transfer import StudentForm
from models import Enrolment
from models.enums import ProblemType
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.labels import label
from webapp.policy import serves_a_bureau
from webapp.services.cases.families import find_record
from webapp.services.changes import problems
from webapp.services.changes.sanctions import sanctions_of
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only, page, status_of
from webapp.views.visitor import current_person

bp = Blueprint("problems", __name__, url_prefix="/problems")
bp.before_request(only(serves_a_bureau))


@bp.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """List the open problem records, and find a student of the schools under the office."""
    form = StudentForm()
    if form.validate_on_submit():
        try:
            return redirected(url_for(".student", student_id=_found(form).student_id))
        except Refusal as refusal:
            form.form_errors.append(refusal_text(refusal))
            return _home(form), refusal.status
    return _home(form), status_of(form)


@bp.get("/<key:student_id>")
def student(student_id: int) -> ResponseReturnValue:
    """Show a student's record with its problems and sanctions."""
    return _page(_record(student_id), _problem_form(), ClosingForm())


@bp.post("/<key:student_id>/open")
def begin(student_id: int) -> ResponseReturnValue:
    """Open a problem record."""
    record, form = _record(student_id), _problem_form()
    try:
        if form.validate() and is_first():
            kind, note = form.problem_type.data, form.note.data or ""
            problems.open_problem(db.session(), current_person(), record, kind, note)
    except Refusal as refusal:
        _refused(form, refusal)
    return _answer(student_id, form, ClosingForm(formdata=None), form)


@bp.post("/<key:student_id>/close")
def close(student_id: int) -> ResponseReturnValue:
    """Close the open problem record."""
    record, form = _record(student_id), ClosingForm()
    try:
        if form.validate() and is_first():
            problems.close_problem(db.session(), current_person(), record, form.ended_note.data or "")
    except Refusal as refusal:
        _refused(form, refusal)
    return _answer(student_id, _problem_form(), form, form)


def _refused(form: PostedForm, refusal: Refusal) -> None:
    db.session.rollback()
    form.form_errors.append(refusal_text(refusal))


def _answer(
    student_id: int, problem: ProblemForm, closing: ClosingForm, sent: PostedForm
) -> ResponseReturnValue:
    if sent.errors:
        return _page(_record(student_id), problem, closing), 422
    flash(gettext("It is recorded."), "success")
    return redirected(url_for(".student", student_id=student_id))


def _found(form: StudentForm) -> Enrolment:
    record = find_record(db.session(), current_person(), form.number.data or "", form.name.data or "")
    problems.require_authority(db.session(), current_person(), record)
    return record


def _record(student_id: int) -> Enrolment:
    return problems.record_under(db.session(), current_person(), student_id)


def _home(form: StudentForm) -> str:
    found = problems.open_problems(db.session(), current_person())
    return page("problems.html", form=form, found=found, most=problems.SHOWN)


def _page(record: Enrolment, problem: ProblemForm, closing: ClosingForm) -> str:
    known = problems.problems_of(db.session(), record.student_id)
    sanctions = sanctions_of(db.session(), record.student_id)
    facts = {"record": record, "problems": known, "sanctions": sanctions}
    return page("problem.html", problem=problem, closing=closing, **facts)


def _problem_form() -> ProblemForm:
    form = ProblemForm()
    form.problem_type.choices = [SelectChoice(kind.value, label(kind)) for kind in ProblemType]
    return form
