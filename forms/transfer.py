"""What a family, or a school for it, fills in to apply for a transfer (转学申请)."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from forms.base import PostedForm, SearchForm
from forms.majors import major_code, major_name
from forms.text import LONGEST_TEXT, WordsRequired, as_code, plain_text, stripped
from models.enums import PaperKind, Stage, TransferReason

LONGEST_SCHOOL_NAME = 100
LONGEST_NAME = 100
NATIONAL_NUMBER = r"[GLJ][0-9]{17}[0-9X]"


class SchoolSearchForm(SearchForm):
    """Where to look for a school."""

    province = SelectField(_("Province"), validators=[InputRequired()], filters=[stripped])
    stage = SelectField(
        _("Kind of school"), coerce=Stage, validators=[InputRequired()], default=Stage.SENIOR_HIGH
    )
    division = SelectField(
        _("City or county"), validators=[Optional()], choices=[], validate_choice=True, filters=[stripped]
    )
    name = StringField(
        _("Name of the school"),
        validators=[Optional(), Length(max=LONGEST_SCHOOL_NAME), plain_text],
        filters=[stripped],
        render_kw={"type": "search", "autocomplete": "off"},
    )


class TransferDetailsForm(PostedForm):
    """Grade, ground and note; for vocational schools the years, and for whoever comes from a general one the major.

    The others delete these fields.
    """

    grade = SelectField(_("Grade to enter"), coerce=int, validators=[InputRequired(_("Choose the grade."))])
    schooling_years = IntegerField(
        _("Years of schooling there"),
        validators=[
            InputRequired(_("Say how many years the course takes.")),
            NumberRange(1, Stage.VOCATIONAL.most_years),
        ],
        render_kw={"inputmode": "numeric", "min": 1, "max": Stage.VOCATIONAL.most_years},
    )
    major_code = major_code()
    major_name = major_name()
    reason = RadioField(
        _("Why the child changes school"),
        coerce=TransferReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    note = TextAreaField(
        _("Anything the schools should know"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )


class UploadForm(PostedForm):
    """One paper (证明材料); its kind comes with the form that it is chosen in."""

    kind = SelectField(coerce=PaperKind, choices=[*PaperKind], validators=[InputRequired()])
    file = FileField(_("Photo or PDF"), validators=[FileRequired(_("Choose a file first."))])


class WithdrawForm(PostedForm):
    """Takes an application back (撤回), which cannot be undone."""

    confirmed = BooleanField(
        _("Yes, I take this application back"),
        validators=[InputRequired(_("Tick that you take it back: that cannot be undone."))],
    )


class StudentForm(PostedForm):
    """A student's registry number (学籍号) and name, which must both fit."""

    number = StringField(
        _("Registry number"),
        validators=[
            InputRequired(_("Type the registry number.")),
            Regexp(
                rf"({NATIONAL_NUMBER}|[0-9]{{10}})$",
                message=_(
                    "A registry number is G, L or J with 18 characters, or the ten digits of Fujian's vocational "
                    "schools."
                ),
            ),
        ],
        filters=[as_code],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _("Name of the student"),
        validators=[
            WordsRequired(_("Type the student's name.")),
            Length(max=LONGEST_NAME),
            plain_text,
        ],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class FindStudentForm(StudentForm):
    """A student for whom a school begins a transfer: which school of the registrar's, and on what ground."""

    school_id = SelectField(
        _("Your school"), coerce=int, validators=[InputRequired(_("Choose your school."))]
    )
    reason = RadioField(
        _("Why the child changes school"),
        coerce=TransferReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
