"""What the authority of a school says of a problem record (问题学籍)."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import PostedForm
from forms.text import WordsRequired, plain_text, stripped
from models.enums import ProblemType

LONGEST_NOTE = 200


class ProblemForm(PostedForm):
    """What is wrong with a record."""

    problem_type = RadioField(
        _("What is wrong"), coerce=ProblemType, validators=[InputRequired(_("Choose what is wrong."))]
    )
    note = TextAreaField(
        _("What was found"),
        validators=[WordsRequired(_("Say what was found.")), Length(max=LONGEST_NOTE), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )


class ClosingForm(PostedForm):
    """What has come of it."""

    ended_note = TextAreaField(
        _("What came of it"),
        validators=[WordsRequired(_("Say what came of it.")), Length(max=LONGEST_NOTE), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )
