"""What is asked of whoever applies: 跳级."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, note


class SkipGradeForm(DetailsForm):
    """Into which grade the student wants to go (跳级申请)."""

    grade = SelectField(_("Grade to skip to"), coerce=int, validators=[InputRequired(_("Choose the grade."))])
    note = note()
