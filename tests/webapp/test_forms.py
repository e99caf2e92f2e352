"""What every form has in common."""

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, StringField, TextAreaField

from forms.asks import AskForm, ReplyForm, SendBackForm
from forms.bulk import BulkForm
from forms.calendar import CalendarYearForm
from forms.changes.admission_end import AdmissionEndForm
from forms.changes.cancellation import CancellationForm
from forms.changes.departure import DepartureForm
from forms.changes.duplicate_diploma import DuplicateDiplomaForm
from forms.changes.expulsion import ExpulsionForm
from forms.changes.fields import DetailsForm, ExceptionForm
from forms.changes.key_data import KeyDataForm
from forms.changes.major import MajorForm
from forms.changes.placement import PlacementForm
from forms.changes.readmission import ReadmissionForm
from forms.changes.registration import RegistrationForm
from forms.changes.reservation import ReservationForm
from forms.changes.skip_grade import SkipGradeForm
from forms.changes.study_form import StudyFormForm
from forms.changes.suspension import SuspensionForm
from forms.changes.withdrawal import WithdrawalForm
from forms.contacts import ContactsForm
from forms.decision import (
    CommentForm,
    CopyForm,
    DecisionForm,
    DraftOpinionForm,
    HandOverForm,
    ReturnForm,
    StopForm,
)
from forms.elsewhere import SchoolElsewhereForm, SchoolNameForm
from forms.letter import LetterForm
from forms.newcomer import NewcomerForm, PupilForm
from forms.outside import AnswerForm, SettlementForm
from forms.problems import ClosingForm, ProblemForm
from forms.roster import RosterForm
from forms.sanctions import RevocationForm, SanctionForm
from forms.sign_in import SignInForm
from forms.student import DismissForm, EditForm, SemesterForm, ToldForm
from forms.substitute import SubstituteForm
from forms.text import as_code, stripped
from forms.transfer import (
    FindStudentForm,
    SchoolSearchForm,
    StudentForm,
    TransferDetailsForm,
    UploadForm,
    WithdrawForm,
)

FORMS = [
    AnswerForm,
    AskForm,
    BulkForm,
    CalendarYearForm,
    CancellationForm,
    ClosingForm,
    CommentForm,
    ContactsForm,
    CopyForm,
    DecisionForm,
    AdmissionEndForm,
    RegistrationForm,
    ReservationForm,
    ExceptionForm,
    RosterForm,
    SkipGradeForm,
    DepartureForm,
    DetailsForm,
    DismissForm,
    DraftOpinionForm,
    DuplicateDiplomaForm,
    EditForm,
    ExpulsionForm,
    FindStudentForm,
    HandOverForm,
    KeyDataForm,
    LetterForm,
    MajorForm,
    NewcomerForm,
    ProblemForm,
    PlacementForm,
    PupilForm,
    ReadmissionForm,
    ReplyForm,
    ReturnForm,
    RevocationForm,
    SanctionForm,
    SchoolElsewhereForm,
    SchoolNameForm,
    SchoolSearchForm,
    SemesterForm,
    SendBackForm,
    SettlementForm,
    SignInForm,
    StopForm,
    StudentForm,
    SkipGradeForm,
    StudyFormForm,
    SubstituteForm,
    SuspensionForm,
    ToldForm,
    TransferDetailsForm,
    UploadForm,
    WithdrawForm,
    WithdrawalForm,
]


# More than a number of eight bytes, and the one sign that no text may hold.
WRONG = dict.fromkeys((IntegerField,), str(10**30)) | dict.fromkeys((StringField, TextAreaField), "a\x00b")

CHOOSE = {"en": "Choose one from the list.", "zh_Hans_CN": "请从列表中选择。"}


@pytest.fixture
def filled(pages):
    """Makes a form with the fields of an empty page."""
    with pages.test_request_context(method="POST"):
        yield lambda form: form(MultiDict())


def test_every_form_is_tried(filled):
    assert {form.__name__ for form in FORMS} == {
        kind.__name__
        for base in Form.__subclasses__()
        for kind in [base, *_kinds(base)]
        if kind.__module__.startswith("forms.")
        and kind.__name__ not in ("PostedForm", "SearchForm", "ActionForm")
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_field_that_is_not_called_optional_is_asked_for_when_it_is_left_empty(filled, form):
    sent = filled(form)
    for each in sent:
        if each.type == "SelectField" or (hasattr(each, "choices") and each.choices is None):
            each.choices = []
    sent.validate()
    required = {each.name for each in sent if each.flags.required}
    fields = {each.name for each in sent if each.type != "CSRFTokenField"}
    optional = {each.name for each in sent if each.flags.optional}
    assert required | optional == fields
    assert required == {name for name in sent.errors if name in fields}


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form != SignInForm]
)  # it looks for the login, as typed
def test_no_field_takes_what_no_column_holds(pages, form):
    with pages.test_request_context(method="POST"):
        blank = form(MultiDict())
        wrong = {field.name: WRONG[type(field)] for field in blank if type(field) in WRONG}
        sent = form(MultiDict(wrong))
        for each in sent:
            if hasattr(each, "choices"):
                each.choices = each.choices or []
        sent.validate()
    assert wrong.keys() - sent.errors.keys() == set()


@pytest.mark.parametrize("language", CHOOSE)
@pytest.mark.parametrize(
    ("form", "field", "offered"),
    [
        (SchoolSearchForm, "province", ["41"]),
        (SchoolSearchForm, "division", ["410300"]),
        (TransferDetailsForm, "grade", [1]),
        (TransferDetailsForm, "reason", ["other"]),
        (UploadForm, "kind", None),
        (ReturnForm, "items", None),
        (AskForm, "kind", None),
        (ReplyForm, "proposes", None),
        (AnswerForm, "codes", ["2001"]),
    ],
)
def test_a_choice_that_was_not_offered_is_refused_in_the_visitors_language(
    pages, form, field, offered, language
):
    with pages.test_request_context(), force_locale(language):
        sent = form(MultiDict({field: "forged"}))
        if offered:
            sent[field].choices = offered
        assert not sent[field].validate(sent)
        assert [*map(str, sent[field].errors)] == [CHOOSE[language]]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (AnswerForm, "told_by"),
        (FindStudentForm, "name"),
        (LetterForm, "told_by"),
        (NewcomerForm, "name"),
        (NewcomerForm, "school"),
        (PupilForm, "name"),
        (SchoolElsewhereForm, "school"),
    ],
)
@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\u200b", "\u200d", "\ufeff\u2060", "……", "-"])
def test_what_shows_nothing_is_no_text(pages, form, field, typed):
    with pages.test_request_context():
        sent = form(MultiDict({field: typed}))
        assert not sent[field].validate(sent)
        assert len(sent[field].errors) == 1


@pytest.mark.parametrize("typed", ["李", "ئا", "ᠠ", "3"])
def test_one_letter_of_any_script_is_a_text(pages, typed):
    with pages.test_request_context():
        sent = AnswerForm(MultiDict({"told_by": typed}))
        assert sent.told_by.validate(sent)


@pytest.mark.parametrize(
    ("clean", "typed", "kept"),
    [
        (stripped, "\ufeff王\u200b芳 ", "王芳"),
        (stripped, "\u182d\u180e\u1820", "\u182d\u180e\u1820"),
        (stripped, "👨\u200d👩", "👨\u200d👩"),
        (as_code, "\u200bｇ9901 ", "G9901"),
        (as_code, "\u3000g9901", "G9901"),
        (stripped, "第一行\r\n第二行\r\n", "第一行\n第二行"),
        (stripped, None, None),
    ],
)
def test_signs_that_nobody_sees_are_dropped_and_those_that_scripts_need_are_kept(clean, typed, kept):
    assert clean(typed) == kept


def _kinds(kind):
    return [each for sub in kind.__subclasses__() for each in [sub, *_kinds(sub)]]
