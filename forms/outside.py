"""What an officer was told by another province (外省), by telephone or on paper."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from forms.base import A_VERSION, PostedForm
from forms.text import LONGEST_TEXT, WordsRequired, plain_text, stripped
from models.enums import Outcome

LONGEST_TELLER = 100


def teller_field(label: str, complaint: str) -> StringField:
    """Return the field for whoever told something: an office, and who spoke for it."""
    return StringField(
        label,
        validators=[
            WordsRequired(complaint),
            Length(max=LONGEST_TELLER),
            plain_text,
        ],
        filters=[stripped],
    )


def told_at_field(label: str, complaint: str) -> DateTimeLocalField:
    """Return the field for when it was told, in the time of China."""
    return DateTimeLocalField(label, validators=[InputRequired(complaint)])


def reference_field() -> StringField:
    """Return the field for the number of the paper that says it."""
    return StringField(
        _("Number of the letter or form"),
        validators=[Optional(), Length(max=LONGEST_TELLER), plain_text],
        filters=[stripped],
    )


class AnswerForm(PostedForm):
    """The answer, who gave it, when, and the paper that says so; of a validation also what was found."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), A_VERSION])
    outcome = RadioField(
        _("What the other province answered"),
        coerce=Outcome,
        validators=[InputRequired(_("Choose the answer."))],
    )
    codes = SelectMultipleField(
        _("What the platform found"),
        validators=[Optional()],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    told_by = teller_field(_("Who told you"), _("Say which office told you, and who there."))
    told_at = told_at_field(_("When"), _("Say when you were told."))
    reference = reference_field()
    reason = TextAreaField(
        _("Reason given"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own
        """Ask for at least one code as well when the platform sent the case back."""
        told = bool(super().validate(extra_validators))
        if "codes" in self and self.outcome.data == Outcome.RETURN and not self.codes.data:
            self.codes.errors = [_("Choose what the platform found.")]
            return False
        return told


class SettlementForm(PostedForm):
    """What was agreed about a message that one side takes for wrong, with whom, when, and the paper that says so."""

    agreed = TextAreaField(
        _("What was agreed"),
        validators=[
            WordsRequired(_("Say what was agreed.")),
            Length(max=LONGEST_TEXT),
            plain_text,
        ],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )
    told_by = teller_field(_("Whom you spoke with"), _("Say which office you spoke with, and who there."))
    told_at = told_at_field(_("When it was agreed"), _("Say when you spoke with it."))
    reference = reference_field()
