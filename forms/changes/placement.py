"""What is asked of whoever applies: 顶岗实习申报."""

from flask_babel import lazy_gettext as _
from wtforms import Field, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from forms.changes.fields import DetailsForm, note
from forms.days import DayField
from forms.text import WordsRequired, plain_text, stripped

LONGEST_NAME = 100


class PlacementForm(DetailsForm):
    """Where the student is to work, from when until when (顶岗实习申请)."""

    employer = StringField(
        _("Employer"),
        validators=[WordsRequired(_("Name the employer.")), Length(max=LONGEST_NAME), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    place = StringField(
        _("Where the student works"),
        validators=[WordsRequired(_("Say where the student works.")), Length(max=LONGEST_NAME), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    starts_on = DayField(
        _("First day of the placement"), validators=[InputRequired(_("Choose the first day."))]
    )
    ends_on = DayField(_("Last day of the placement"), validators=[InputRequired(_("Choose the last day."))])
    note = note()

    def validate_ends_on(self, field: Field) -> None:
        """Refuse a last day before the first one, if both are asked for."""
        starts_on = self.starts_on.data if "starts_on" in self else None
        if starts_on and field.data and field.data < starts_on:
            raise ValidationError(_("The placement ends before it begins."))
