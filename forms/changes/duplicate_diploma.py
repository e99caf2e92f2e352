"""What is asked of whoever applies: 毕业证明书补办."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, note, text
from models.enums import Newspaper

LONGEST_NAME = 100


class DuplicateDiplomaForm(DetailsForm):
    """Where the loss of the diploma was made known (毕业证明书申请)."""

    newspaper = RadioField(
        _("In which newspaper the loss was made known"),
        coerce=Newspaper,
        validators=[InputRequired(_("Choose where the loss was made known."))],
    )
    newspaper_name = text(_("Name of the newspaper, and its day"), LONGEST_NAME)
    note = note()
