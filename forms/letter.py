"""What a letter of another province says that asks for a pupil (外省来函)."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from forms.elsewhere import division_field, grade_field, province_field, school_field
from forms.outside import reference_field, teller_field, told_at_field
from forms.transfer import StudentForm
from models.enums import TransferReason


class LetterForm(StudentForm):
    """The school that asks, the grade and the ground there; and who wrote it, when, under which number."""

    province = province_field()
    division_code = division_field()
    school = school_field()
    grade = grade_field()
    reason = RadioField(
        _("Why the child changes school"),
        coerce=TransferReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    told_by = teller_field(_("Who wrote it"), _("Say which office wrote it, and who there."))
    told_at = told_at_field(_("When it came"), _("Say when the letter came."))
    reference = reference_field()
