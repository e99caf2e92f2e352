"""What the forms of several kinds ask for alike."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import ClassVar

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import PostedForm
from forms.text import LONGEST_TEXT, plain_text, stripped
from models.enums import HowHeard, ProofOfHospital

LONGEST_HOSPITAL_NAME = 100


def text(label: LazyString, longest: int) -> StringField:
    """Return a field for a few words that may be left out."""
    return StringField(
        label,
        validators=[Optional(), Length(max=longest), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


def hospital() -> RadioField:
    """Return the question whose word there is on a student's health."""
    return RadioField(
        _("Which hospital says so"),
        coerce=ProofOfHospital,
        validators=[InputRequired(_("Choose whose word there is."))],
    )


def hospital_name() -> StringField:
    """Return a field for the name of the hospital."""
    return text(_("Name of the hospital"), LONGEST_HOSPITAL_NAME)


def how_heard() -> RadioField:
    """Return the question how a family was heard before a decision against it."""
    return RadioField(
        _("How they were heard"),
        coerce=HowHeard,
        validators=[InputRequired(_("Choose how they were heard."))],
    )


def note() -> TextAreaField:
    """Return a field for what else is to be said."""
    return TextAreaField(
        _("Anything the school should know"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )


class ExceptionForm(PostedForm):
    """Why a rule that allows exceptions is not to stand against an application (特殊情况)."""

    exception = TextAreaField(
        _("Why an exception is needed"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )


class DetailsForm(PostedForm):
    """What is asked for a change of one kind.

    `of_reasons` names the fields that are asked for some reasons alone, `of_states` those that are asked in some states
    of the record alone; `corrects`: beside each field the page says what the record says now.
    """

    of_reasons: ClassVar[Mapping[str, AbstractSet[str]]] = MappingProxyType({})
    of_states: ClassVar[Mapping[str, AbstractSet[str]]] = MappingProxyType({})
    corrects: ClassVar[bool] = False
