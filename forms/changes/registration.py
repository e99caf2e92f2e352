"""What is asked of whoever applies: 新生注册."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, hospital, note
from forms.days import DayField
from models.enums import OtherRoll


class RegistrationForm(DetailsForm):
    """When the student entered, whether he is on another roll, and after a reservation what the hospital says."""

    of_states = MappingProxyType({"hospital": {"reserved"}})

    entered_on = DayField(_("Day of entry"), validators=[InputRequired(_("Choose the day of entry."))])
    other_roll = RadioField(
        _("Is the student on another roll?"),
        coerce=OtherRoll,
        validators=[InputRequired(_("Say whether the student is on another roll."))],
    )
    hospital = hospital()
    note = note()
