"""What is asked of whoever applies: 复学."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from forms.changes.fields import DetailsForm, hospital, hospital_name, note
from forms.days import DayField


class ReadmissionForm(DetailsForm):
    """When the student returns, into which grade, and what the hospital says (复学申请)."""

    returns_on = DayField(_("Day of return"), validators=[InputRequired(_("Choose the day of the return."))])
    grade = SelectField(_("Grade to enter"), coerce=int, validators=[InputRequired(_("Choose the grade."))])
    hospital = hospital()
    hospital_name = hospital_name()
    progress_proven = BooleanField(
        _("The school has examined that the child has kept up by own study"), validators=[Optional()]
    )
    note = note()
