"""What is asked of whoever applies: 退学."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from forms.changes.fields import DetailsForm, hospital, hospital_name, note
from forms.days import DayField
from models.enums import WithdrawalReason


class WithdrawalForm(DetailsForm):
    """Why the student withdraws; what belongs to one reason alone stays empty for the others (退学申请)."""

    of_reasons = MappingProxyType(
        {"hospital": {"illness"}, "hospital_name": {"illness"}, "absent_since": {"absence"}}
    )

    reason = RadioField(
        _("Why the student withdraws"),
        coerce=WithdrawalReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    hospital = hospital()
    hospital_name = hospital_name()
    absent_since = DayField(_("Away without leave since"), validators=[Optional()])
    note = note()
