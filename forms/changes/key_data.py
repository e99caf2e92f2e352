"""What is asked of whoever applies: 关键信息变更."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from forms.changes.fields import DetailsForm, note, text
from forms.days import DayField
from forms.text import as_code, plain_text
from models.enums import Sex

LONGEST_NAME = 100
LONGEST_WORD = 20
LONGEST_NUMBER = 30


def _sex_of(word: Any) -> Sex | None:  # noqa: ANN401 - a choice as it was sent, or what is kept
    return Sex(word) if word else None


class KeyDataForm(DetailsForm):
    """What is to be another of who the student is; what stays as it is, is left empty (关键信息变更)."""

    corrects = True

    name = text(_("Right name"), LONGEST_NAME)
    sex = SelectField(_("Right sex"), coerce=_sex_of, validators=[Optional()])
    birth_date = DayField(_("Right date of birth"), validators=[Optional()])
    identity_number = StringField(
        _("Right identity number"),
        validators=[Optional(), Length(max=LONGEST_NUMBER), plain_text],
        filters=[as_code],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )
    ethnicity = text(_("Right ethnicity"), LONGEST_WORD)
    native_place = text(_("Right native place"), LONGEST_NAME)
    political_status = text(_("Right political status"), LONGEST_WORD)
    note = note()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Refuse an application for nothing."""
        if not super().validate(extra_validators):
            return False
        corrected = [it.data for it in self if it.name not in {"note", "csrf_token"}]
        if not any(corrected):
            self.form_errors.append(_("Fill in what is to be corrected."))
        return any(corrected)
