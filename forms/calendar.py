"""What an administrator uploads: the working days of a year."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from forms.base import PostedForm


class CalendarYearForm(PostedForm):
    """The file of one year (TOML)."""

    LARGEST = 64 * 1024

    file = FileField(
        _("The year's file"),
        validators=[FileRequired(_("Choose a file first."))],
        render_kw={"accept": ".toml"},
    )

    def validate_file(self, field: FileField) -> None:
        """Refuse what no year's file can be for its size."""
        if len(field.data.read(self.LARGEST + 1)) > self.LARGEST:
            raise ValidationError(_("This file is too large to be the calendar of one year."))
        field.data.seek(0)
