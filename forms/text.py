"""What may be typed into a text field."""

import unicodedata
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

from models.text import UNWRITABLE, says_something

LONGEST_TEXT = 500

# Soft hyphen, zero-width blank, word joiner, byte order mark: they come along from pages and chats, nobody sees them,
# and a name that holds one is no longer the same name. The joiners that scripts and emoji are written with stay.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


class WordsRequired:
    """Demands at least one letter or digit: what shows nothing, or dots alone, is no text."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: LazyString) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop with the message at an empty text."""
        if not says_something(field.data or ""):
            raise StopValidation(str(self.message))


def plain_text(form: Form, field: Field) -> None:
    """Refuse control characters and those that turn text round; line ends and tabs are text."""
    if UNWRITABLE.search(field.data or ""):
        raise ValidationError(_("This holds a character that cannot be written. Type it again."))


def as_code(typed: Any) -> Any:  # noqa: ANN401 - a filter gets whatever came before it
    """Write a number as it is kept, though it was typed in full-width signs, in small letters or with blanks."""
    return stripped(unicodedata.normalize("NFKC", typed)).upper() if isinstance(typed, str) else typed


def stripped(typed: Any) -> Any:  # noqa: ANN401 - a filter gets whatever came before it
    """Drop blanks around what was typed, and signs in it that nobody can see.

    A line ends in one sign: a browser counts one, and sends two.
    """
    return typed.replace("\r\n", "\n").translate(INVISIBLE).strip() if isinstance(typed, str) else typed
