"""What is asked of whoever applies: 学习形式变更."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, note
from models.enums import StudyForm


class StudyFormForm(DetailsForm):
    """How the student wants to study (学习形式变更申请)."""

    study_form = RadioField(
        _("How the student wants to study"),
        coerce=StudyForm,
        validators=[InputRequired(_("Choose the form of study."))],
    )
    note = note()
