"""What an approved change does to the student's record (学籍档案): exactly once, on the record it was made for.

Its statements join the decision's pipeline, so that the last approval waits for the database once more than others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.rows import class_row
from sqlalchemy.orm import Session

from models.enums import RecordField, RegistryState
from models.transitions import check_transition
from webapp.services.context import Statement, connection_of


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


# How each part of the record is written. Whoever comes to another grade has yet to be given a class.
_WRITES: Mapping[RecordField, str] = {
    RecordField.STATE: "UPDATE student SET state = %(to)s WHERE id = %(student)s",
    RecordField.GRADE: """
        UPDATE enrolment SET grade = %(to)s, class_name = CASE WHEN grade = %(to)s THEN class_name END
         WHERE id = %(enrolment)s
    """,
}

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


def written(record: Record, becomes: Mapping[RecordField, Any], *beside: Statement) -> RecordChange:
    """Return the change that makes a record become what it says, and that does what else is written `beside`.

    Raises ForbiddenTransition if its state cannot become that one.
    """
    if state := becomes.get(RecordField.STATE):
        check_transition(RegistryState(record.state), RegistryState(state))
    of_whom = {"student": record.student_id, "enrolment": record.enrolment_id}
    return RecordChange(
        before={field.value: getattr(record, field) for field in becomes},
        after={field.value: value for field, value in becomes.items()},
        statements=[*beside, *((_WRITES[field], {**of_whom, "to": to}) for field, to in becomes.items())],
    )


def lock_as_opened(session: Session, case_id: int) -> Record | None:
    """Lock the record that a case is about; None if it is no longer the one that the case was opened on."""
    with connection_of(session).cursor(row_factory=class_row(Record)) as cursor:
        return cursor.execute(LOCK, {"case": case_id}).fetchone()
