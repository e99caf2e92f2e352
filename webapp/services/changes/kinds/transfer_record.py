"""What an approved transfer does to the record: the pupil leaves one school and joins the other (domain 3.1.6)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.enums import RegistryState, Stage
from models.transitions import check_transition
from webapp.services.changes.kinds.transfer import TransferForm
from webapp.services.context import Statement
from webapp.services.registry.new_numbers import fujian_number
from webapp.services.registry.record import Record, RecordChange
from workflows.definition import Definition
from workflows.values import Value

LEAVE_SCHOOL = """
UPDATE enrolment SET ended_on = %(on)s, ended_as = 'transferred_out' WHERE id = %(enrolment)s
"""

JOIN_SCHOOL = """
INSERT INTO enrolment (student_id, school_id, grade, major_code, major_name, schooling_years, study_form,
                       entered_on, started_on)
SELECT student_id, %(school)s, %(grade)s,
       CASE WHEN %(stays)s THEN major_code ELSE %(major_code)s END,
       CASE WHEN %(stays)s THEN major_name ELSE %(major_name)s END,
       coalesce(%(schooling_years)s, CASE WHEN %(stays)s THEN schooling_years ELSE %(years_as_a_rule)s END),
       study_form, entered_on, %(on)s
  FROM enrolment WHERE id = %(enrolment)s
"""

LEAVE_PROVINCE = """
UPDATE student SET state = 'transferred_out' WHERE id = %(student)s
"""

RENUMBER = """
UPDATE student SET number_kind = 'F', registry_number = %(number)s WHERE id = %(student)s
"""


def effect(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The pupil leaves one school as transferred out and is enrolled in the other (domain 3.1.6).

    From general to vocational education he begins the major that he has named; back he has none (V9).

    Where another deployment serves the other school, the record ends here. The rules say whether the registry number
    stays (national: 一人一号,终身不变; Fujian in the province: 第八条).
    """
    # As the school that the pupil leaves sees it.
    check_transition(RegistryState(record.state), RegistryState.TRANSFERRED_OUT)
    values = _values(record, facts, on)
    before = {"school": record.school_id, "grade": record.grade, "class": record.class_name}
    after: dict[str, Any] = {"school": record.to_school_id, "grade": record.form["grade"], "class": None}
    if not facts["receiving_here"]:
        leave = (LEAVE_PROVINCE, {"student": record.student_id})
        return RecordChange(before, after, statements=((LEAVE_SCHOOL, values), leave))
    statements: list[Statement] = [(LEAVE_SCHOOL, values), (JOIN_SCHOOL, values)]
    if _number_rule(definition, facts) == "new":
        after["number"] = fujian_number(session, record.to_school_code, record.entered_on.year)
        statements.append((RENUMBER, {"student": record.student_id, "number": after["number"]}))
    return RecordChange(before, after, statements)


def _values(record: Record, facts: Mapping[str, Value], on: date) -> dict[str, object]:
    """Return where and how he goes on; whoever stays in the stage keeps his major and the length of his course."""
    form = TransferForm.read(record.form | {"to_school_id": record.to_school_id})
    stage = Stage(str(facts["stage"]))
    return {
        "enrolment": record.enrolment_id,
        "school": record.to_school_id,
        "on": on,
        "grade": form.grade,
        "schooling_years": form.schooling_years if stage == Stage.VOCATIONAL else None,
        "stays": facts["stage"] == facts["releasing_stage"],
        "major_code": form.major_code or None,
        "major_name": form.major_name or None,
        "years_as_a_rule": stage.schooling_years,
    }


def _number_rule(definition: Definition, facts: Mapping[str, Value]) -> Value:
    """Return `keep` or `new`; the table answers always, for its last row matches everything."""
    answer = definition.decisions["registry_number"].decide(facts)
    return answer["number_rule"] if answer else "keep"
