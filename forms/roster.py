"""What a registrar hands in to list new students (新生花名册)."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import InputRequired

from forms.base import PostedForm
from forms.days import DayField


class RosterForm(PostedForm):
    """Which school's new students, into which grade and when they entered, and the file with their list."""

    school_id = SelectField(
        _("Your school"), coerce=int, validators=[InputRequired(_("Choose your school."))]
    )
    grade = SelectField(
        _("Grade of the new students"), coerce=int, validators=[InputRequired(_("Choose the grade."))]
    )
    entered_on = DayField(_("Day of entry"), validators=[InputRequired(_("Choose the day of entry."))])
    file = FileField(
        _("The list"),
        validators=[FileRequired(_("Choose a file first."))],
        render_kw={"accept": ".xlsx,.xls,.ods,.csv"},
    )
