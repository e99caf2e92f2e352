"""How a case is said on a page: its title, what its application says, what it changes of the record."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import get_args, get_type_hints

from flask import Flask
from flask_babel import gettext

from models import ChangeRequest, Enrolment, Roster
from models.enums import ChangeKind, FormField, RecordField, RegistryState, Sex, Stage, StudyForm
from webapp.formatting import grade_text
from webapp.labels import label
from webapp.services.changes.planning import KINDS, form_of

# What a page shows of the record before and after, and not as an answer.
SHOWN_AS_CHANGES = {FormField.SCHOOL, FormField.GRADE, FormField.SCHOOLING_YEARS} | {
    field for field in FormField if field.value in set(RecordField)
}


def init_case_formatting(app: Flask) -> None:
    """Let templates say what a case is about."""
    app.add_template_filter(answers_said)
    app.add_template_filter(case_title)
    app.add_template_filter(roster_title)
    app.add_template_global(corrected_text)
    app.add_template_global(changes_said)
    app.add_template_global(present_values)
    app.add_template_global(record_text)


def corrected_text(kind: ChangeKind, field: str, value: str | int | None) -> str:
    """Return what an application of a kind said of a field, or says now."""
    if value in {None, ""}:
        return "—"
    words = _words(kind, field)
    return answer_text(words(str(value)) if words else value)


@cache
def _words(kind: ChangeKind, field: str) -> type[StrEnum] | None:
    """The vocabulary of a field of the form, if it has one."""
    asked = get_type_hints(KINDS[kind].form).get(field)
    options = (asked, *get_args(asked))
    return next((one for one in options if isinstance(one, type) and issubclass(one, StrEnum)), None)


def answer_text(value: object) -> str:
    """Return an answer of an application in words."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, StrEnum):
        return str(label(value))
    return str(value.isoformat() if isinstance(value, date) else value)


def answers_said(case: ChangeRequest) -> list[tuple[str, str]]:
    """Return what an application says, beside what it changes: each field with its answer, in words."""
    form = form_of(case)
    said_of = [(field, getattr(form, field)) for field in FormField if hasattr(form, field)]
    return [
        (str(label(field)), answer_text(value))
        for field, value in said_of
        if field not in SHOWN_AS_CHANGES and value not in {None, ""}
    ]


def case_title(case: ChangeRequest) -> str:
    """Return what an application is for: "Transfer to …", or its kind."""
    if case.to_school is None:
        return str(label(case.kind))
    return str(gettext("Transfer to %(school)s", school=case.to_school.name))


def roster_title(roster: Roster) -> str:
    """Return what a list of new students is called: "New students, autumn 2026"."""
    season = label(roster.season)
    return str(gettext("New students, %(season)s %(year)s", season=season, year=roster.entered_on.year))


def changes_said(case: ChangeRequest, record: Enrolment | None) -> list[tuple[str, str, str]]:
    """Return what a case changes of the record: what it is called, its value before, and after.

    Of one that has ended, or of whom no record is at hand, nothing says what was before: both are the same.
    """
    stage = case.from_school.stage
    assert stage is not None, "it is a school"
    now = {} if record is None or case.ended_at else present_values(record)
    return [
        (str(label(field)), record_text(field, now.get(field, to), stage), record_text(field, to, stage))
        for field, to in form_of(case).becomes().items()
    ]


def record_text(field: str, value: object, stage: Stage) -> str:
    """Return what stands in a field of a record, in words; grades are called by the stage of the school."""
    match RecordField(field):
        case RecordField.STATE:
            return str(label(RegistryState(str(value))))
        case RecordField.GRADE:
            return grade_text(int(str(value)), stage)
        case RecordField.STUDY_FORM:
            return str(label(StudyForm(str(value))))
        case RecordField.SEX:
            return str(label(Sex(str(value))))
        case RecordField.IDENTITY_NUMBER if isinstance(value, Mapping):
            return str(value["shown"])
        case _:
            return str(value or "—")


def present_values(record: Enrolment) -> dict[RecordField, object]:
    """Return what stands in a record, as JSON holds it; of the identity number only that it stands there."""
    student = record.student
    return {
        RecordField.STATE: student.state.value,
        RecordField.GRADE: record.grade,
        RecordField.MAJOR_CODE: record.major_code,
        RecordField.MAJOR_NAME: record.major_name,
        RecordField.STUDY_FORM: record.study_form.value,
        RecordField.NAME: student.name,
        RecordField.SEX: student.sex.value,
        RecordField.BIRTH_DATE: student.birth_date.isoformat(),
        RecordField.IDENTITY_NUMBER: gettext("as in the record"),
        RecordField.ETHNICITY: student.ethnicity,
        RecordField.NATIVE_PLACE: student.native_place,
        RecordField.POLITICAL_STATUS: None,
    }
