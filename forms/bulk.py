"""What is approved together (批量审批): the tasks that were ticked, and one opinion."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import PostedForm
from forms.text import LONGEST_TEXT, plain_text, stripped

TICK = re.compile(r"(?P<task>[1-9][0-9]{0,17})-(?P<version>[0-9]{1,9})")


def as_tick(sent: Any) -> tuple[int, int]:  # noqa: ANN401 - whatever was sent
    """Return a ticked task and the version of its case as the list showed it; ValueError for anything else."""
    written = TICK.fullmatch(str(sent))
    if written is None:
        raise ValueError
    return int(written["task"]), int(written["version"])


class BulkForm(PostedForm):
    """The ticked tasks, each with the version of its case, and the opinion that all of them get."""

    task = SelectMultipleField(
        coerce=as_tick,
        validate_choice=False,
        validators=[InputRequired(_("Tick the tasks to approve together."))],
    )
    opinion = TextAreaField(
        _("Opinion"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 2, "maxlength": LONGEST_TEXT},
    )
