"""What every form stands on."""

from functools import cache

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import i18n


class PostedForm(FlaskForm):  # type: ignore[misc]
    """A form that cannot be forged; WTForms' own messages come in the visitor's language, read from disk once."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Flask-WTF would read the catalogue anew for every form."""

        def get_translations(self, _form: FlaskForm) -> object:
            """Return the catalogue of the visitor's language."""
            return _catalogue(str(get_locale()))


@cache
def _catalogue(locale: str) -> object:
    return i18n.get_translations([locale])
