"""What a school enters of a sanction against a student, and of its revocation (处分)."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import PostedForm
from forms.days import DayField
from forms.text import LONGEST_TEXT, WordsRequired, plain_text, stripped
from models.enums import SanctionKind


class SanctionForm(PostedForm):
    """A sanction as it was decided."""

    kind = SelectField(
        _("Sanction"), coerce=SanctionKind, validators=[InputRequired(_("Choose the sanction."))]
    )
    decided_on = DayField(_("Decided on"), validators=[InputRequired(_("Choose the day."))])
    until = DayField(_("Until"), validators=[Optional()])
    ground = TextAreaField(
        _("What it is decided for"),
        validators=[WordsRequired(_("Say what it is decided for.")), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )


class RevocationForm(PostedForm):
    """When and why a sanction was revoked on application."""

    revoked_on = DayField(_("Revoked on"), validators=[InputRequired(_("Choose the day."))])
    revoked_ground = TextAreaField(
        _("Why it is revoked"),
        validators=[WordsRequired(_("Say why it is revoked.")), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )
