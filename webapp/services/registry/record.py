"""What an approved change does to the student's record (学籍档案): exactly once, on the record it was made for.

Its statements join the decision's pipeline, so that the last approval waits for the database once more than others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models.enums import ChangeKind, RegistryState
from models.transitions import check_transition
from webapp.errors import Refusal
from webapp.services.context import Statement, connection_of
from webapp.services.registry.numbers import next_fujian_number
from workflows.definition import Definition
from workflows.values import Value


@dataclass(frozen=True, slots=True)
class Record:
    """A student's record, locked, beside what an approved case wants of it.

    `told` is the case's history: kind, task key and outcome of each entry, and what a case that began anew had reached.
    """

    student_id: int
    state: str
    enrolment_id: int
    school_id: int
    grade: int
    class_name: str | None
    entered_on: date
    kind: str
    to_school_id: int | None
    to_school_code: str | None
    form: dict[str, Any]
    told: list[tuple[str, str | None, str | None, dict[str, int] | None]]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What changes in a record: school, grade, class and number before and after, and the statements that do it."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    statements: Sequence[Statement]


# A change that came between makes the version differ, and so does a student who has left meanwhile: no row.
LOCK = """
SELECT s.id AS student_id, s.state, e.id AS enrolment_id, e.school_id, e.grade, e.class_name, e.entered_on,
       c.kind, c.to_school_id, o.school_code AS to_school_code, c.form,
       (SELECT jsonb_agg(jsonb_build_array(told.kind, told.task_key, told.outcome, told.payload->'reached')
                         ORDER BY told.seq)
          FROM case_event told WHERE told.change_request_id = c.id) AS told
  FROM change_request c
  JOIN student s ON s.id = c.student_id
  JOIN enrolment e ON e.student_id = s.id AND e.ended_on IS NULL
  LEFT JOIN office o ON o.id = c.to_school_id
 WHERE c.id = %(case)s AND s.version = c.record_version
   FOR NO KEY UPDATE OF s
"""

LEAVE_SCHOOL = """
UPDATE enrolment SET ended_on = %(on)s, ended_as = 'transferred_out' WHERE id = %(enrolment)s
"""

JOIN_SCHOOL = """
INSERT INTO enrolment (student_id, school_id, grade, major_code, major_name, schooling_years, study_form,
                       entered_on, started_on)
SELECT student_id, %(school)s, %(grade)s, major_code, major_name, coalesce(%(schooling_years)s, schooling_years),
       study_form, entered_on, %(on)s
  FROM enrolment WHERE id = %(enrolment)s
"""


LEAVE_PROVINCE = """
UPDATE student SET state = 'transferred_out' WHERE id = %(student)s
"""

RENUMBER = """
UPDATE student SET number_kind = 'F', registry_number = %(number)s WHERE id = %(student)s
"""


class SchoolHasNoCode(Refusal):
    """The receiving school has no code (学校标识码) yet, so no number can be given. Ask its bureau to enter it."""

    status = 409


def lock_as_opened(session: Session, case_id: int) -> Record | None:
    """Lock the record that a case is about; None if it is no longer the one that the case was opened on."""
    with connection_of(session).cursor(row_factory=class_row(Record)) as cursor:
        return cursor.execute(LOCK, {"case": case_id}).fetchone()


def approved_change(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """Return what an approved case changes on a day; ForbiddenTransition where the law has no such way."""
    return _EFFECTS[ChangeKind(record.kind)](session, record, definition, facts, on)


def _transfer(
    session: Session, record: Record, definition: Definition, facts: Mapping[str, Value], on: date
) -> RecordChange:
    """The pupil leaves one school as transferred out and is enrolled in the other (domain 3.1.6).

    Where another deployment serves the other school, the record ends here. The rules say whether the registry number
    stays (national: 一人一号,终身不变; Fujian in the province: 第八条).
    """
    # As the school that the pupil leaves sees it.
    check_transition(RegistryState(record.state), RegistryState.TRANSFERRED_OUT)
    wanted = {name: record.form[name] for name in ("grade", "schooling_years")}
    values = {"enrolment": record.enrolment_id, "school": record.to_school_id, "on": on, **wanted}
    before = {"school": record.school_id, "grade": record.grade, "class": record.class_name}
    after: dict[str, Any] = {"school": record.to_school_id, "grade": record.form["grade"], "class": None}
    if not facts["receiving_here"]:
        leave = (LEAVE_PROVINCE, {"student": record.student_id})
        return RecordChange(before, after, statements=((LEAVE_SCHOOL, values), leave))
    statements: list[Statement] = [(LEAVE_SCHOOL, values), (JOIN_SCHOOL, values)]
    if _number_rule(definition, facts) == "new":
        after["number"] = _new_number(session, record)
        statements.append((RENUMBER, {"student": record.student_id, "number": after["number"]}))
    return RecordChange(before, after, statements)


def _number_rule(definition: Definition, facts: Mapping[str, Value]) -> Value:
    """Return `keep` or `new`; the table answers always, for its last row matches everything."""
    answer = definition.decisions["registry_number"].decide(facts)
    return answer["number_rule"] if answer else "keep"


def _new_number(session: Session, record: Record) -> str:
    """The receiving school's next number in the year of the grade's entry (domain 4.3: S1B 第八条; the year INT)."""
    if record.to_school_code is None:
        raise SchoolHasNoCode
    county, school = record.to_school_code[-4:-2], record.to_school_code[-2:]
    return next_fujian_number(session, record.entered_on.year, county, school)


_EFFECTS = {ChangeKind.TRANSFER: _transfer}
