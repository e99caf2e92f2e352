"""Whom an officer asks beside his step, and what those answer (退回上一环节, 加签, 委派)."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from forms.base import A_KEY
from forms.decision import ActionForm
from models.enums import Ask, Outcome


class SendBackForm(ActionForm):
    """To which earlier step a case goes for a second look; the opinion says why."""

    to = IntegerField(validators=[InputRequired(_("Choose the step that is to look again.")), A_KEY])


class AskForm(ActionForm):
    """Who is asked (ids of memberships) and for what; the opinion is the question."""

    kind = RadioField(
        coerce=Ask,
        choices=[*Ask],
        validators=[InputRequired(_("Say what you ask for."))],
    )
    of = SelectMultipleField(
        coerce=int, validate_choice=False, validators=[InputRequired(_("Tick whom you ask."))]
    )


class ReplyForm(ActionForm):
    """The answer of somebody who was asked, and what he would decide."""

    proposes = SelectField(
        _("What I would decide"),
        coerce=Outcome,
        choices=[*Outcome],
        validators=[Optional()],
        filters=[lambda outcome: outcome or None],
    )
