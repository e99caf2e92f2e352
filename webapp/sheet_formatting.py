"""How an approval sheet (审批表) is said: whose it is, and what changes, as it was when it was applied for."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask
from flask_babel import format_date, gettext

from models.enums import RecordField
from webapp import clock
from webapp.case_formatting import present_values, record_text
from webapp.formatting import grade_text, years_text
from webapp.labels import label
from webapp.services.cases.sheets import ApprovalSheet
from webapp.services.changes.planning import form_of
from webapp.services.registry.identity import masked


def init_sheet_formatting(app: Flask) -> None:
    """Let the template of the sheet say what stands on it."""
    app.add_template_filter(student_said)
    app.add_template_filter(changes_applied_for)
    app.add_template_filter(paper_day)


def paper_day(moment: datetime) -> str:
    """Return the day of a moment in China with its year, as it is written on paper: 2025年9月10日."""
    return str(format_date(clock.day_of(moment), "long"))


def student_said(sheet: ApprovalSheet) -> list[tuple[str, str]]:
    """Return what the sheet says of the student (学生基本情况): each part with what stood in it then."""
    student, enrolment = sheet.view.case.student, sheet.enrolment
    number = student.registry_number
    known = [
        _part(sheet, RecordField.NAME, student.name),
        _part(sheet, RecordField.SEX, student.sex.value),
        _part(sheet, RecordField.BIRTH_DATE, student.birth_date.isoformat()),
        (gettext("Registry number"), masked(number) if number else gettext("none yet")),
        (gettext("School"), sheet.view.case.from_school.name),
    ]
    if enrolment is None:
        return known
    return [
        *known,
        _part(sheet, RecordField.GRADE, enrolment.grade),
        (gettext("Class"), enrolment.class_name or "—"),
        _part(sheet, RecordField.MAJOR_NAME, enrolment.major_name),
        (gettext("Years of schooling"), years_text(enrolment.schooling_years)),
        _part(sheet, RecordField.STUDY_FORM, enrolment.study_form.value),
        (gettext("Entered"), f"{enrolment.entered_on:%Y-%m}"),
    ]


def _part(sheet: ApprovalSheet, field: RecordField, now: object) -> tuple[str, str]:
    return str(label(field)), _said(sheet, field, sheet.before.get(field, now))


def changes_applied_for(sheet: ApprovalSheet) -> list[tuple[str, str, str]]:
    """Return what changes (异动事项): what it is called, what it was before, and what is applied for."""
    before = _before(sheet)
    return _move_said(sheet) + [
        (str(label(field)), _said_before(sheet, field, before), _said(sheet, field, to))
        for field, to in form_of(sheet.view.case).becomes().items()
    ]


def _move_said(sheet: ApprovalSheet) -> list[tuple[str, str, str]]:
    """What changes besides with whoever goes to another school."""
    case, then = sheet.view.case, sheet.enrolment
    if case.to_school is None or case.to_school.stage is None:
        return []
    grade = _said(sheet, RecordField.GRADE, sheet.before.get("grade", then.grade)) if then else "—"
    rows = [
        (gettext("School"), case.from_school.name, case.to_school.name),
        (gettext("Grade"), grade, grade_text(case.form["grade"], case.to_school.stage)),
    ]
    if years := case.form.get("schooling_years"):
        rows.append(
            (
                gettext("Years of schooling"),
                years_text(then.schooling_years) if then else "—",
                years_text(years),
            )
        )
    return rows


def _before(sheet: ApprovalSheet) -> Mapping[RecordField, object]:
    """What stands in the record before it is changed; of a case that ended without that, nobody knows it any more."""
    record, case = sheet.view.record, sheet.view.case
    if record is not None and not case.ended_at:
        return present_values(record)
    kept = {RecordField(field): value for field, value in sheet.before.items() if field in set(RecordField)}
    # It was kept encrypted, and is not shown.
    return kept | {RecordField.IDENTITY_NUMBER: gettext("the former number")}


def _said_before(sheet: ApprovalSheet, field: RecordField, before: Mapping[RecordField, object]) -> str:
    return _said(sheet, field, before[field]) if field in before else "—"


def _said(sheet: ApprovalSheet, field: RecordField, value: object) -> str:
    stage = sheet.view.case.from_school.stage
    assert stage is not None, "it is a school"
    return record_text(field, value, stage)
