"""What a family enters of a child at a school of another province (外省转入)."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from forms.base import PostedForm
from forms.text import as_code, plain_text, stripped
from forms.transfer import LONGEST_NAME, LONGEST_SCHOOL_NAME, NATIONAL_NUMBER
from models.enums import Sex, Stage

MOST_GRADES = 9


class PupilForm(PostedForm):
    """Name and number as the national roll has them."""

    name = StringField(
        _("Name of the child"),
        validators=[InputRequired(_("Type the child's name.")), Length(max=LONGEST_NAME), plain_text],
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

    birth_date = DateField(_("Date of birth"), validators=[InputRequired(_("Choose the date of birth."))])
    sex = RadioField(_("Sex"), coerce=Sex, validators=[InputRequired(_("Choose the sex."))])
    division_code = SelectField(
        _("City or county of the school"), validators=[InputRequired(_("Choose where the school is."))]
    )
    school = StringField(
        _("Name of the school"),
        validators=[
            InputRequired(_("Type the name of the school.")),
            Length(max=LONGEST_SCHOOL_NAME),
            plain_text,
        ],
        filters=[stripped],
    )
    stage = RadioField(_("Stage"), coerce=Stage, validators=[InputRequired(_("Choose the stage."))])
    grade = IntegerField(
        _("Grade in this stage"),
        validators=[InputRequired(_("Type the grade as a number.")), NumberRange(1, MOST_GRADES)],
        render_kw={"inputmode": "numeric", "min": 1, "max": MOST_GRADES},
    )
    since = DateField(
        _("At this school since"),
        validators=[InputRequired(_("Choose the day on which the child joined it."))],
    )
