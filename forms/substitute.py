"""Who acts in a post while its holder is away (代理), and for which days."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from forms.base import PostedForm
from models.enums import Role


class SubstituteForm(PostedForm):
    """Who is away, in which post, the colleague, the first day and the last."""

    absent = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1)])
    office = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1)])
    role = SelectField(coerce=Role, choices=[*Role], validators=[InputRequired()])
    substitute = IntegerField(
        _("Colleague"), validators=[InputRequired(_("Choose a colleague.")), NumberRange(min=1)]
    )
    since = DateField(_("First day"), validators=[InputRequired(_("Say from which day on."))])
    until = DateField(_("Last day"), validators=[InputRequired(_("Say until which day."))])
