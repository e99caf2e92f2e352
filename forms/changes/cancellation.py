"""What is asked of the school that has a record cancelled: 取消学籍."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, how_heard, note, text
from forms.days import DayField
from models.enums import CancellationReason

LONGEST_CERTIFICATE = 100


class CancellationForm(DetailsForm):
    """What was found, how the family was heard on it, and which certificate is void (取消学籍)."""

    reason = RadioField(
        _("Why the record should not be"),
        coerce=CancellationReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    found_on = DayField(_("Found on"), validators=[InputRequired(_("Choose the day."))])
    heard_on = DayField(_("The family was heard on"), validators=[InputRequired(_("Choose the day."))])
    how_heard = how_heard()
    void_certificate = text(_("Number of a certificate that was given and is void"), LONGEST_CERTIFICATE)
    note = note()
