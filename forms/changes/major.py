"""What is asked of whoever applies: 转专业."""

from types import MappingProxyType

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from forms.changes.fields import DetailsForm, hospital, note
from forms.text import WordsRequired, as_code, plain_text, stripped
from models.enums import MajorReason

LONGEST_MAJOR = 60


class MajorForm(DetailsForm):
    """Which major, by its code in the catalogue, and why (转专业申请)."""

    of_reasons = MappingProxyType({"hospital": {"health"}})

    major_code = StringField(
        _("Code of the major, as in the catalogue"),
        validators=[
            InputRequired(_("Type the code of the major.")),
            Regexp(r"[0-9]{6}$", message=_("A code of the catalogue has six digits.")),
        ],
        filters=[as_code],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    major_name = StringField(
        _("Name of the major"),
        validators=[WordsRequired(_("Type the name of the major.")), Length(max=LONGEST_MAJOR), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    reason = RadioField(
        _("Why another major"),
        coerce=MajorReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    hospital = hospital()
    note = note()
