"""Where somebody wants notices (通知方式)."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, EmailField, TelField
from wtforms.validators import Length, Optional

from forms.base import PostedForm
from forms.text import stripped

LONGEST_ADDRESS = 254


class ContactsForm(PostedForm):
    """An address and a switch for each channel, by its name; the service says which addresses are fit."""

    email = EmailField(
        _("E-mail address"),
        validators=[Optional(), Length(max=LONGEST_ADDRESS)],
        filters=[stripped],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
    email_wanted = BooleanField(_("Send my notices by e-mail"), validators=[Optional()], default=True)
    sms = TelField(
        _("Mobile number"),
        validators=[Optional(), Length(max=LONGEST_ADDRESS)],
        filters=[stripped],
        render_kw={"autocomplete": "tel"},
    )
    sms_wanted = BooleanField(_("Send my notices as text messages"), validators=[Optional()], default=True)
