"""What is asked of the school that expels a student: 开除学籍."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.changes.fields import DetailsForm, how_heard, note
from forms.days import DayField
from forms.text import LONGEST_TEXT, WordsRequired, plain_text, stripped
from models.enums import Appeal, HowTold


class ExpulsionForm(DetailsForm):
    """What was decided and why, how student and guardian were heard before, and what came of their appeal."""

    ground = TextAreaField(
        _("What the student did, and by which school rule it is decided"),
        validators=[WordsRequired(_("Say what it is decided for.")), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )
    heard_on = DayField(
        _("Student and guardian were heard on"), validators=[InputRequired(_("Choose the day."))]
    )
    how_heard = how_heard()
    guardian_present = BooleanField(_("A guardian was present"), validators=[Optional()])
    decided_on = DayField(_("Decided on"), validators=[InputRequired(_("Choose the day."))])
    served_on = DayField(
        _("The decision was served to the family on"), validators=[InputRequired(_("Choose the day."))]
    )
    how_served = RadioField(
        _("How it was served"), coerce=HowTold, validators=[InputRequired(_("Choose how it was served."))]
    )
    told_of_appeal = BooleanField(
        _("The family was told that it may appeal, to whom and until when"), validators=[Optional()]
    )
    appeal = RadioField(
        _("Whether student or family appealed"),
        coerce=Appeal,
        validators=[InputRequired(_("Choose what has come of it."))],
    )
    reexamined_on = DayField(_("After the appeal re-examined by the school on"), validators=[Optional()])
    note = note()
