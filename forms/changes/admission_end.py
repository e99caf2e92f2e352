"""What is asked of whoever applies: 放弃、取消入学资格."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, note
from models.enums import AdmissionEndReason


class AdmissionEndForm(DetailsForm):
    """Why the student is not registered."""

    reason = RadioField(
        _("Why the student is not registered"),
        coerce=AdmissionEndReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    note = note()
