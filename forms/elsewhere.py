"""A school of a province that is not served here (外省学校), as several forms ask for it."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from forms.base import PostedForm
from forms.text import WordsRequired, plain_text, stripped
from forms.transfer import LONGEST_SCHOOL_NAME
from models.enums import Stage

MOST_GRADES = max(stage.most_years for stage in Stage)


def province_field() -> SelectField:
    """Return the field for its province; the page knows the choices."""
    return SelectField(
        _("Province of the school"), validators=[InputRequired(_("Choose the province of the school."))]
    )


def division_field() -> SelectField:
    """Return the field for its city or county, one of the province that was chosen; the page knows the choices."""
    return SelectField(
        _("City or county of the school"), validators=[InputRequired(_("Choose where the school is."))]
    )


def school_field() -> StringField:
    """Return the field for its name."""
    return StringField(
        _("Name of the school"),
        validators=[
            WordsRequired(_("Type the name of the school.")),
            Length(max=LONGEST_SCHOOL_NAME),
            plain_text,
        ],
        filters=[stripped],
    )


def grade_field() -> IntegerField:
    """Return the field for a grade, counted in its stage."""
    return IntegerField(
        _("Grade in this stage"),
        validators=[InputRequired(_("Type the grade as a number.")), NumberRange(1, MOST_GRADES)],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_GRADES},
    )


class SchoolNameForm(PostedForm):
    """The name of a school whose place is known."""

    school = school_field()


class SchoolElsewhereForm(PostedForm):
    """Where a pupil wants to go, of the same stage as the present school."""

    province = province_field()
    division_code = division_field()
    school = school_field()
