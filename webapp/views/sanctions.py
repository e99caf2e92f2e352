"""A school enters the sanctions of its students on their page, and revokes them there (处分)."""

from collections.abc import Callable

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Form

from forms.base import PostedForm
from forms.sanctions import RevocationForm
from models import Enrolment
from models.enums import Role
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import refusal_text
from webapp.policy import holds
from webapp.services.changes.sanctions import NewSanction, enter_sanction, revoke_sanction
from webapp.views.addresses import redirected
from webapp.views.once import is_first
from webapp.views.pages import only
from webapp.views.students import own_record, sanction_form, student_page
from webapp.views.visitor import current_person

bp = Blueprint("sanctions", __name__, url_prefix="/students/<key:student_id>/sanctions")
bp.before_request(only(lambda person: holds(person, Role.REGISTRAR)))


@bp.post("")
def enter(student_id: int) -> ResponseReturnValue:
    """Enter a sanction as it was decided."""
    record, form = own_record(student_id), sanction_form()

    def done() -> None:
        decided_on = form.decided_on.data
        assert decided_on is not None, "the form demands it"
        new = NewSanction(form.kind.data, decided_on, form.ground.data or "", form.until.data)
        enter_sanction(db.session(), current_person(), record, new)

    return _answer(record, form, done, gettext("The sanction is entered."), sanction=form)


@bp.post("/<key:sanction_id>/revoke")
def revoke(student_id: int, sanction_id: int) -> ResponseReturnValue:
    """Revoke a sanction on the student's application."""
    record, form = own_record(student_id), RevocationForm()

    def done() -> None:
        on, ground = form.revoked_on.data, form.revoked_ground.data or ""
        assert on is not None, "the form demands it"
        revoke_sanction(db.session(), current_person(), record, sanction_id, on=on, ground=ground)

    return _answer(record, form, done, gettext("The sanction is revoked."), revocation=form)


def _answer(
    record: Enrolment, form: PostedForm, done: Callable[[], None], told: str, **shown: Form
) -> ResponseReturnValue:
    """Do what a form asks for once, and tell it; or show the student's page with what is wrong with it."""
    if not form.validate():
        return student_page(record, **shown), 422
    student_id = record.student_id
    try:
        if is_first():
            done()
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        return student_page(own_record(student_id), **shown), refusal.status
    flash(told, "success")
    return redirected(url_for("students.student", student_id=student_id))
