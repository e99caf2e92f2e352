"""The details of an application as a form offers them, and as it was filled in."""

from datetime import date
from enum import StrEnum
from typing import Any, cast

from wtforms import Form, RadioField, SelectField

from forms.choices import SelectChoice
from models import Enrolment
from models.enums import Stage
from webapp.formatting import grade_text
from webapp.labels import label

# What is in every form, and no answer.
NO_ANSWERS = {"csrf_token", "form_token"}


def offer(form: Form, record: Enrolment) -> None:
    """Let a form offer its words in the visitor's language, and the grades of the present school."""
    for field in form:
        kind = getattr(field, "coerce", None)
        if isinstance(field, RadioField) and isinstance(kind, type) and issubclass(kind, StrEnum):
            field.choices = [SelectChoice(word.value, label(word)) for word in kind]
        elif isinstance(field, SelectField) and field.name == "grade":
            field.choices = grades(record.school.stage, record.schooling_years)


def grades(stage: Stage | None, years: int) -> list[SelectChoice]:
    """Return the grades of a school, whose course takes so many years, as a form offers them."""
    assert stage is not None, "it is a school"
    last = Stage.COMPULSORY.most_years if stage == Stage.COMPULSORY else years
    return [SelectChoice(str(grade), grade_text(grade, stage)) for grade in range(1, last + 1)]


def plain(answer: object) -> str | int | None:
    """Return an answer as JSON holds it."""
    return answer.isoformat() if isinstance(answer, date) else cast("str | int | None", answer)


def answers(form: Form) -> dict[str, Any]:
    """Return what was filled in, by field; what was left empty is left out."""
    filled = {field.name: field.data for field in form if field.name not in NO_ANSWERS}
    return {name: value for name, value in filled.items() if value is not None}
