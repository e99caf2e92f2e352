"""What is asked of whoever applies: 转专业."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.changes.fields import DetailsForm, hospital, note
from forms.majors import major_code, major_name
from models.enums import MajorReason


class MajorForm(DetailsForm):
    """Which major, by its code in the catalogue, and why (转专业申请)."""

    of_reasons = MappingProxyType({"hospital": {"health"}})

    major_code = major_code()
    major_name = major_name()
    reason = RadioField(
        _("Why another major"),
        coerce=MajorReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    hospital = hospital()
    note = note()
