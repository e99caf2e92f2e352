"""What is asked of whoever applies: 离校."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from forms.changes.fields import DetailsForm, note, text
from models.enums import DepartureReason

LONGEST_NAME = 100


class DepartureForm(DetailsForm):
    """Why the student leaves, and where to (离校)."""

    of_reasons = MappingProxyType({"destination": {"abroad", "other"}, "unnatural": {"deceased"}})

    reason = RadioField(
        _("Why the student leaves"),
        coerce=DepartureReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    destination = text(_("Where the student goes"), LONGEST_NAME)
    unnatural = BooleanField(
        _("Died by an accident or another unnatural cause; the province is told"), validators=[Optional()]
    )
    note = note()
