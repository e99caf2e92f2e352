"""What a family, or a school for it, fills in to apply for a change at one school: suspension, withdrawal …"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from forms.base import PostedForm
from forms.days import DayField
from forms.text import LONGEST_TEXT, WordsRequired, as_code, plain_text, stripped
from models.enums import (
    ChangeKind,
    DepartureReason,
    MajorReason,
    ProofOfHospital,
    Sex,
    StudyForm,
    SuspensionReason,
    WithdrawalReason,
)

LONGEST_HOSPITAL_NAME = 100
LONGEST_NAME, LONGEST_MAJOR, LONGEST_WORD, LONGEST_NUMBER = 100, 60, 20, 30
MOST_MONTHS = 120
MOST_HOURS = 2000


def _text(label: LazyString, longest: int) -> StringField:
    return StringField(
        label,
        validators=[Optional(), Length(max=longest), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


def _sex(word: Any) -> Sex | None:  # noqa: ANN401 - a choice as it was sent, or what is kept
    return Sex(word) if word else None


def _hospital() -> RadioField:
    return RadioField(
        _("Which hospital says so"),
        coerce=ProofOfHospital,
        validators=[InputRequired(_("Choose whose word there is."))],
    )


def _hospital_name() -> StringField:
    return StringField(
        _("Name of the hospital"),
        validators=[Optional(), Length(max=LONGEST_HOSPITAL_NAME), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


def _note() -> TextAreaField:
    return TextAreaField(
        _("Anything the school should know"),
        validators=[Optional(), Length(max=LONGEST_TEXT), plain_text],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )


class DetailsForm(PostedForm):
    """What is asked for a change of one kind.

    `of_reasons` names the fields that are asked for some reasons alone; `corrects`: beside each field the page says
    what the record says now.
    """

    of_reasons: ClassVar[Mapping[str, AbstractSet[str]]] = MappingProxyType({})
    corrects: ClassVar[bool] = False


class SuspensionForm(DetailsForm):
    """Why, from when until when, and what the hospital says (休学申请)."""

    of_reasons = MappingProxyType(
        {"rest_months": {"illness", "contagion"}, "hours_missed": {"illness", "contagion", "leave"}}
    )

    reason = RadioField(
        _("Why the child has to stop"),
        coerce=SuspensionReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    starts_on = DayField(
        _("First day of the suspension"), validators=[InputRequired(_("Choose the first day."))]
    )
    ends_on = DayField(_("Last day of the suspension"), validators=[InputRequired(_("Choose the last day."))])
    hospital = _hospital()
    hospital_name = _hospital_name()
    rest_months = IntegerField(
        _("Months of rest that the hospital advises"),
        validators=[Optional(), NumberRange(0, MOST_MONTHS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_MONTHS},
    )
    hours_missed = IntegerField(
        _("Class hours missed this term"),
        validators=[Optional(), NumberRange(0, MOST_HOURS)],
        render_kw={"inputmode": "numeric", "min": 0, "max": MOST_HOURS},
    )
    note = _note()

    def validate_ends_on(self, field: Field) -> None:
        """Refuse a last day before the first one, if both are asked for."""
        starts_on = self.starts_on.data if "starts_on" in self else None
        if starts_on and field.data and field.data < starts_on:
            raise ValidationError(_("The last day is before the first one."))


class ReadmissionForm(DetailsForm):
    """When the student returns, into which grade, and what the hospital says (复学申请)."""

    returns_on = DayField(_("Day of return"), validators=[InputRequired(_("Choose the day of the return."))])
    grade = SelectField(_("Grade to enter"), coerce=int, validators=[InputRequired(_("Choose the grade."))])
    hospital = _hospital()
    hospital_name = _hospital_name()
    progress_proven = BooleanField(
        _("The school has examined that the child has kept up by own study"), validators=[Optional()]
    )
    note = _note()


class WithdrawalForm(DetailsForm):
    """Why the student withdraws; what belongs to one reason alone stays empty for the others (退学申请)."""

    of_reasons = MappingProxyType(
        {"hospital": {"illness"}, "hospital_name": {"illness"}, "absent_since": {"absence"}}
    )

    reason = RadioField(
        _("Why the student withdraws"),
        coerce=WithdrawalReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    hospital = _hospital()
    hospital_name = _hospital_name()
    absent_since = DayField(_("Away without leave since"), validators=[Optional()])
    note = _note()


class KeyDataForm(DetailsForm):
    """What is to be another of who the student is; what stays as it is, is left empty (关键信息变更)."""

    corrects = True

    name = _text(_("Right name"), LONGEST_NAME)
    sex = SelectField(_("Right sex"), coerce=_sex, validators=[Optional()])
    birth_date = DayField(_("Right date of birth"), validators=[Optional()])
    identity_number = StringField(
        _("Right identity number"),
        validators=[Optional(), Length(max=LONGEST_NUMBER), plain_text],
        filters=[as_code],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )
    ethnicity = _text(_("Right ethnicity"), LONGEST_WORD)
    native_place = _text(_("Right native place"), LONGEST_NAME)
    political_status = _text(_("Right political status"), LONGEST_WORD)
    note = _note()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Refuse an application for nothing."""
        if not super().validate(extra_validators):
            return False
        corrected = [it.data for it in self if it.name not in {"note", "csrf_token"}]
        if not any(corrected):
            self.form_errors.append(_("Fill in what is to be corrected."))
        return any(corrected)


class MajorForm(DetailsForm):
    """Which major, by its code in the catalogue, and why (转专业申请)."""

    of_reasons = MappingProxyType({"hospital": {"health"}})

    major_code = StringField(
        _("Code of the major, as in the catalogue"),
        validators=[
            InputRequired(_("Type the code of the major.")),
            Regexp(r"[0-9]{6}$", message=_("A code of the catalogue has six digits.")),
        ],
        filters=[as_code],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    major_name = StringField(
        _("Name of the major"),
        validators=[WordsRequired(_("Type the name of the major.")), Length(max=LONGEST_MAJOR), plain_text],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    reason = RadioField(
        _("Why another major"),
        coerce=MajorReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    hospital = _hospital()
    note = _note()


class DepartureForm(DetailsForm):
    """Why the student leaves, and where to (离校)."""

    of_reasons = MappingProxyType({"destination": {"abroad", "other"}})

    reason = RadioField(
        _("Why the student leaves"),
        coerce=DepartureReason,
        validators=[InputRequired(_("Choose a reason."))],
    )
    destination = _text(_("Where the student goes"), LONGEST_NAME)
    note = _note()


class StudyFormForm(DetailsForm):
    """How the student wants to study (学习形式变更申请)."""

    study_form = RadioField(
        _("How the student wants to study"),
        coerce=StudyForm,
        validators=[InputRequired(_("Choose the form of study."))],
    )
    note = _note()


DETAILS: Mapping[ChangeKind, type[DetailsForm]] = {
    ChangeKind.SUSPENSION: SuspensionForm,
    ChangeKind.READMISSION: ReadmissionForm,
    ChangeKind.WITHDRAWAL: WithdrawalForm,
    ChangeKind.KEY_DATA: KeyDataForm,
    ChangeKind.MAJOR: MajorForm,
    ChangeKind.STUDY_FORM: StudyFormForm,
    ChangeKind.DEPARTURE: DepartureForm,
}
