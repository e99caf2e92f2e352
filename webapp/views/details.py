"""The details of an application as a form offers them, as it was filled in, and kept as a draft."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from typing import Any, cast

from flask_babel import gettext
from wtforms import Form, RadioField, SelectField

from forms.base import PostedForm
from forms.choices import SelectChoice
from models import Enrolment
from models.enums import Sex, Stage
from webapp.database import db
from webapp.errors import Refusal
from webapp.formatting import grade_text, refusal_text
from webapp.labels import label
from webapp.services.cases.applications import save_draft
from webapp.services.changes.change import ChangeForm
from webapp.services.changes.profiles import EDITABLE, key_fields_of
from webapp.views.visitor import current_person

# What is in every form, and no answer.
NO_ANSWERS = {"csrf_token", "form_token"}


def offer(form: Form, record: Enrolment, may_be: Callable[[str], bool] = lambda _: True) -> None:
    """Let a form offer its words in the visitor's language, and the grades of the present school.

    Of the reasons only those are offered that may be given.
    """
    if getattr(form, "corrects", False):
        _leave_to_the_school(form, record)
    for name, states in getattr(form, "of_states", {}).items():
        if record.student.state not in states:
            del form[name]
    for field in list(form):
        kind = getattr(field, "coerce", None)
        if isinstance(field, RadioField) and isinstance(kind, type) and issubclass(kind, StrEnum):
            words = [word for word in kind if field.name != "reason" or may_be(word.value)]
            field.choices = [SelectChoice(word.value, label(word)) for word in words]
            if field.name == "reason":
                _leave_out(form, {word.value for word in words})
        elif isinstance(field, SelectField) and field.name == "sex":
            field.choices = [
                SelectChoice("", gettext("stays as it is")),
                *(SelectChoice(sex.value, label(sex)) for sex in Sex),
            ]
        elif isinstance(field, SelectField) and field.name == "grade":
            field.choices = grades(record.school.stage, record.schooling_years)


def _leave_out(form: Form, reasons: AbstractSet[str]) -> None:
    """Ask for nothing that belongs to reasons alone which are not offered."""
    for name, needed in getattr(form, "of_reasons", {}).items():
        if name in form and not needed & reasons:
            del form[name]


def _leave_to_the_school(form: Form, record: Enrolment) -> None:
    """Ask for nothing that is no key data there: the school changes that directly."""
    for field in EDITABLE:
        if field in form and field not in key_fields_of(db.session(), record):
            del form[field]


def suggest(form: Form, reason: str | None) -> None:
    """Choose a reason in a form that was not sent yet, if it is one that it offers."""
    field = next((field for field in form if field.name == "reason"), None)
    if isinstance(field, RadioField) and not field.raw_data:
        offered = [value for value, *_ in field.iter_choices()]
        field.data = field.coerce(reason) if reason in offered else field.data


def grades(stage: Stage | None, years: int) -> list[SelectChoice]:
    """Return the grades of a school, whose course takes so many years, as a form offers them."""
    assert stage is not None, "it is a school"
    last = Stage.COMPULSORY.most_years if stage == Stage.COMPULSORY else years
    return [SelectChoice(str(grade), grade_text(grade, stage)) for grade in range(1, last + 1)]


def plain(answer: object) -> str | int | None:
    """Return an answer as JSON holds it."""
    return answer.isoformat() if isinstance(answer, date) else cast("str | int | None", answer)


def kept(form: PostedForm, student_id: int, wish: ChangeForm) -> bool:
    """Keep what is wished as a draft, or tell on the form why it cannot be kept."""
    try:
        save_draft(db.session(), current_person(), student_id, wish)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
    return not form.form_errors


def answers(form: Form) -> dict[str, Any]:
    """Return what was filled in, by field; what was left empty is left out."""
    filled = {field.name: field.data for field in form if field.name not in NO_ANSWERS}
    return {name: value for name, value in filled.items() if value not in {None, ""}}
