"""What a school enters of its own students, and says of what is proposed to it."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import PostedForm
from forms.days import DayField
from forms.text import LONGEST_TEXT, WordsRequired, plain_text, stripped
from models.enums import Conduct, HowTold, RecordField

MOST_HOURS = 2000
MOST_DAYS = 200
MOST_CREDITS = 200
LONGEST_EDIT = 200


def _conduct(word: Any) -> Conduct | None:  # noqa: ANN401 - a choice as it was sent, or what is kept
    return Conduct(word) if word else None


def _yes_or_no(word: Any) -> bool | None:  # noqa: ANN401
    return {"yes": True, "no": False, "": None}.get(word, word)


class ToldForm(PostedForm):
    """When and how a family was told that the student has to return (复学告知)."""

    told_on = DayField(
        _("Day on which the family was told"), validators=[InputRequired(_("Choose the day."))]
    )
    how = RadioField(
        _("How it was told"), coerce=HowTold, validators=[InputRequired(_("Choose how it was told."))]
    )


class SemesterForm(PostedForm):
    """How a student's present semester goes (学期记录); what is not known yet stays empty."""

    registered_on = DayField(_("Registered for the semester on"), validators=[Optional()])
    deferred_until = DayField(_("Registration deferred until"), validators=[Optional()])
    leave_days = IntegerField(
        _("School days of leave"),
        validators=[Optional(), NumberRange(0, MOST_DAYS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_DAYS},
    )
    truant_hours = IntegerField(
        _("Class hours missed without leave"),
        validators=[Optional(), NumberRange(0, MOST_HOURS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_HOURS},
    )
    credits = DecimalField(
        _("Credits"),
        places=1,
        validators=[Optional(), NumberRange(0, MOST_CREDITS)],
        render_kw={"inputmode": "decimal", "min": 0, "max": MOST_CREDITS, "step": "0.5"},
    )
    passed = SelectField(_("All results pass"), coerce=_yes_or_no, validators=[Optional()])
    conduct = SelectField(_("Conduct"), coerce=_conduct, validators=[Optional()])


class EditForm(PostedForm):
    """One field of a student that is no key data, as it is now (直接修改)."""

    field = SelectField(
        _("What has changed"), coerce=RecordField, validators=[InputRequired(_("Choose what has changed."))]
    )
    to = StringField(
        _("As it is now"),
        validators=[Optional(), Length(max=LONGEST_EDIT), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class DismissForm(PostedForm):
    """Why a school does not follow a proposal."""

    note = TextAreaField(
        _("Why it is not begun"),
        validators=[WordsRequired(_("Say why it is not begun.")), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )
