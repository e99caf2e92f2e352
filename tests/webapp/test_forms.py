"""What every form has in common."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.calendar import CalendarYearForm
from forms.decision import DecisionForm, ReturnForm
from forms.newcomer import NewcomerForm, PupilForm
from forms.outside import AnswerForm
from forms.sign_in import SignInForm
from forms.transfer import (
    FindStudentForm,
    SchoolSearchForm,
    TransferDetailsForm,
    UploadForm,
    WithdrawForm,
)

FORMS = [
    AnswerForm,
    CalendarYearForm,
    DecisionForm,
    FindStudentForm,
    NewcomerForm,
    PupilForm,
    ReturnForm,
    SchoolSearchForm,
    SignInForm,
    TransferDetailsForm,
    UploadForm,
    WithdrawForm,
]


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
        if kind.__module__.startswith("forms.") and kind.__name__ not in ("PostedForm", "ActionForm")
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


def _kinds(kind):
    return [each for sub in kind.__subclasses__() for each in [sub, *_kinds(sub)]]
