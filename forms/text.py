"""What may be typed into a text field."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError

LONGEST_TEXT = 500

# No keyboard sends these, and PostgreSQL keeps no NUL.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_text(form: Form, field: Field) -> None:
    """Refuse control characters; line ends and tabs are text."""
    if CONTROL_CHARACTERS.search(field.data or ""):
        raise ValidationError(_("This holds a character that cannot be written. Type it again."))


def as_code(typed: Any) -> Any:  # noqa: ANN401 - a filter gets whatever came before it
    """Write a number as it is kept, though it was typed in full-width signs, in small letters or with blanks."""
    return unicodedata.normalize("NFKC", typed).strip().upper() if isinstance(typed, str) else typed


def stripped(typed: Any) -> Any:  # noqa: ANN401 - a filter gets whatever came before it
    """Drop blanks around what was typed."""
    return typed.strip() if isinstance(typed, str) else typed
