"""What is typed to sign in."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import PostedForm

MOST_CHARACTERS = 128


class SignInForm(PostedForm):
    """Login and password. That the length is limited keeps hashing cheap, and says nothing about passwords."""

    login = StringField(
        _("Login"),
        validators=[InputRequired(_("Type your login.")), Length(max=MOST_CHARACTERS)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Type your password.")), Length(max=MOST_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )
