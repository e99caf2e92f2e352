"""What every form stands on."""

from functools import cache
from gettext import NullTranslations

from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm
from wtforms import Form, i18n
from wtforms.validators import NumberRange

A_KEY = NumberRange(min=1, max=2**63 - 1)  # of a row
A_VERSION = NumberRange(min=0, max=2**31 - 1)  # of a case

# What WTForms says of a choice that the page did not offer; some of it in a programmer's words.
ABOUT_CHOICES = frozenset(
    {
        "Not a valid choice.",
        "Invalid Choice: could not coerce.",
        "Invalid choice(s): one or more data inputs could not be coerced.",
        "'%(value)s' is not a valid choice for this field.",
    }
)


class InVisitorsLanguage:
    """Flask-WTF would read WTForms' catalogue anew for every form, and WTForms alone speaks English."""

    def get_translations(self, _form: Form) -> "Words":
        """Return what a form says by itself in the visitor's language."""
        return _words(str(get_locale()))


class PostedForm(FlaskForm):  # type: ignore[misc]
    """A form that cannot be forged."""

    class Meta(InVisitorsLanguage, FlaskForm.Meta):  # type: ignore[misc]
        """Says its own messages in the visitor's language."""


class SearchForm(Form):
    """A form sent by GET, so that what it finds can be kept and shared."""

    class Meta(InVisitorsLanguage):
        """Says its own messages in the visitor's language."""


class Words:
    """WTForms' own messages in one language, but for those about choices, which are ours."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        return _choose() if message in ABOUT_CHOICES else self._catalogue.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return a message about so many things in this language."""
        return _choose() if one in ABOUT_CHOICES else self._catalogue.ngettext(one, many, number)


def _choose() -> str:
    return str(gettext("Choose one from the list."))


@cache
def _words(locale: str) -> Words:
    return Words(i18n.get_translations([locale]))
