"""The fields that name a major (专业) of the catalogue."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Regexp

from forms.text import WordsRequired, as_code, plain_text, stripped

LONGEST_MAJOR = 60


def major_code() -> StringField:
    """Six digits."""
    return StringField(
        _("Code of the major, as in the catalogue"),
        validators=[
            InputRequired(_("Type the code of the major.")),
            Regexp(r"[0-9]{6}$", message=_("A code of the catalogue has six digits.")),
        ],
        filters=[as_code],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


def major_name() -> StringField:
    """As the catalogue calls it."""
    return StringField(
        _("Name of the major"),
        validators=[WordsRequired(_("Type the name of the major.")), Length(max=LONGEST_MAJOR), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
