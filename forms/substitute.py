"""Who acts in a post while its holder is away (代理), and for which days."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from forms.base import A_KEY, PostedForm
from forms.days import DayField
from models.enums import Role


class SubstituteForm(PostedForm):
    """Who is away, in which post, the colleague, the first day and the last."""

    absent = IntegerField(widget=HiddenInput(), validators=[InputRequired(), A_KEY])
    office = IntegerField(widget=HiddenInput(), validators=[InputRequired(), A_KEY])
    role = SelectField(coerce=Role, choices=[*Role], validators=[InputRequired()])
    substitute = IntegerField(_("Colleague"), validators=[InputRequired(_("Choose a colleague.")), A_KEY])
    since = DayField(_("First day"), validators=[InputRequired(_("Say from which day on."))])
    until = DayField(_("Last day"), validators=[InputRequired(_("Say until which day."))])
