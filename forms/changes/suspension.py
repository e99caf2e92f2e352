"""What is asked of whoever applies: 休学、续休."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from forms.changes.fields import DetailsForm, hospital, hospital_name, note
from forms.days import DayField
from models.enums import SuspensionReason

MOST_MONTHS = 120
MOST_HOURS = 2000


class SuspensionForm(DetailsForm):
    """Why, from when until when, and what the hospital says (休学申请)."""

    of_reasons = MappingProxyType(
        {"rest_months": {"illness", "contagion"}, "hours_missed": {"illness", "contagion", "leave"}}
    )

    reason = RadioField(
        _("Why the child has to stop"),
        coerce=SuspensionReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    starts_on = DayField(
        _("First day of the suspension"), validators=[InputRequired(_("Choose the first day."))]
    )
    ends_on = DayField(_("Last day of the suspension"), validators=[InputRequired(_("Choose the last day."))])
    hospital = hospital()
    hospital_name = hospital_name()
    rest_months = IntegerField(
        _("Months of rest that the hospital advises"),
        validators=[Optional(), NumberRange(0, MOST_MONTHS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_MONTHS},
    )
    hours_missed = IntegerField(
        _("Class hours missed this term"),
        validators=[Optional(), NumberRange(0, MOST_HOURS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_HOURS},
    )
    note = note()

    def validate_ends_on(self, field: Field) -> None:
        """Refuse a last day before the first one, if both are asked for."""
        starts_on = self.starts_on.data if "starts_on" in self else None
        if starts_on and field.data and field.data < starts_on:
            raise ValidationError(_("The last day is before the first one."))
