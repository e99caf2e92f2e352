"""What a family enters of a child at a school of another province (外省转入)."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from forms.base import PostedForm
from forms.days import DayField
from forms.elsewhere import division_field, grade_field, province_field, school_field
from forms.text import WordsRequired, as_code, plain_text, stripped
from forms.transfer import LONGEST_NAME, NATIONAL_NUMBER
from models.enums import Sex, Stage


class PupilForm(PostedForm):
    """Name and number as the national roll has them."""

    name = StringField(
        _("Name of the child"),
        validators=[WordsRequired(_("Type the child's name.")), Length(max=LONGEST_NAME), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    registry_number = StringField(
        _("Registry number"),
        validators=[
            InputRequired(_("Type the registry number.")),
            Regexp(
                f"{NATIONAL_NUMBER}$",
                message=_("A national registry number is G, L or J with 18 characters."),
            ),
        ],
        filters=[as_code],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )


class NewcomerForm(PupilForm):
    """The child besides, and the school as it is called today."""

    birth_date = DayField(_("Date of birth"), validators=[InputRequired(_("Choose the date of birth."))])
    sex = RadioField(_("Sex"), coerce=Sex, validators=[InputRequired(_("Choose the sex."))])
    province = province_field()
    division_code = division_field()
    school = school_field()
    stage = RadioField(_("Stage"), coerce=Stage, validators=[InputRequired(_("Choose the stage."))])
    grade = grade_field()
    since = DayField(
        _("At this school since"),
        validators=[InputRequired(_("Choose the day on which the child joined it."))],
    )
