"""A day that somebody types: within what the calendar can reckon with."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

FIRST, LAST = date(1990, 1, 1), date(2099, 12, 31)


class DayField(DateField):
    """A day from 1990 to 2099; of another century it is mistyped."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a day of another century."""
        super().pre_validate(form)
        if self.data and not FIRST <= self.data <= LAST:
            raise ValidationError(_("The year is mistyped."))
