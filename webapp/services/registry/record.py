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
    """A student's record, locked, beside what an approved case wants of it; `identity_number` is encrypted (hex).

    `told` is the case's history: kind, task key and outcome of each entry, and what a case that began anew had reached.
    """

    case_id: int
    student_id: int
    state: str
    registry_number: str | None
    name: str
    sex: str
    birth_date: date
    identity_number: str | None
    ethnicity: str | None
    native_place: str | None
    political_status: str | None
    enrolment_id: int
    school_id: int
    grade: int
    class_name: str | None
    major_code: str | None
    major_name: str | None
    study_form: str
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


# How each part of the record is written. Whoever comes to another grade or major has yet to be given a class.
_WRITES: Mapping[RecordField, str] = {
    RecordField.STATE: "UPDATE student SET state = %(to)s WHERE id = %(student)s",
    RecordField.GRADE: """
        UPDATE enrolment SET grade = %(to)s, class_name = CASE WHEN grade = %(to)s THEN class_name END
         WHERE id = %(enrolment)s
    """,
    RecordField.MAJOR_CODE: "UPDATE enrolment SET major_code = %(to)s, class_name = NULL WHERE id = %(enrolment)s",
    RecordField.MAJOR_NAME: "UPDATE enrolment SET major_name = %(to)s WHERE id = %(enrolment)s",
    RecordField.STUDY_FORM: "UPDATE enrolment SET study_form = %(to)s WHERE id = %(enrolment)s",
    RecordField.NAME: "UPDATE student SET name = %(to)s WHERE id = %(student)s",
    RecordField.SEX: "UPDATE student SET sex = %(to)s WHERE id = %(student)s",
    RecordField.BIRTH_DATE: "UPDATE student SET birth_date = %(to)s WHERE id = %(student)s",
    RecordField.ETHNICITY: "UPDATE student SET ethnicity = %(to)s WHERE id = %(student)s",
    RecordField.NATIVE_PLACE: "UPDATE student SET native_place = %(to)s WHERE id = %(student)s",
    RecordField.POLITICAL_STATUS: """
        INSERT INTO student_profile (student_id, political_status) VALUES (%(student)s, %(to)s)
        ON CONFLICT (student_id) DO UPDATE SET political_status = excluded.political_status
    """,
}

# A change that came between makes the version differ, and so does a student who has left meanwhile: no row. Of whoever
# had left before, a graduate, it is his last enrolment.
LOCK = """
SELECT c.id AS case_id, s.id AS student_id, s.state, s.registry_number, s.name, s.sex, s.birth_date,
       encode(s.identity_cipher, 'hex') AS identity_number, s.ethnicity, s.native_place, p.political_status,
       e.id AS enrolment_id, e.school_id, e.grade, e.class_name, e.major_code, e.major_name, e.study_form, e.entered_on,
       c.kind, c.to_school_id, o.school_code AS to_school_code, c.form,
       (SELECT jsonb_agg(jsonb_build_array(told.kind, told.task_key, told.outcome, told.payload->'reached')
                         ORDER BY told.seq)
          FROM case_event told WHERE told.change_request_id = c.id) AS told
  FROM change_request c
  JOIN student s ON s.id = c.student_id
  CROSS JOIN LATERAL (SELECT * FROM enrolment last WHERE last.student_id = s.id
                       ORDER BY last.ended_on DESC NULLS FIRST, last.id DESC LIMIT 1) e
  LEFT JOIN student_profile p ON p.student_id = s.id
  LEFT JOIN office o ON o.id = c.to_school_id
 WHERE c.id = %(case)s AND s.version = c.record_version
   FOR NO KEY UPDATE OF s
"""


def written(record: Record, becomes: Mapping[RecordField, Any], *beside: Statement) -> RecordChange:
    """Return the change that makes a record become what it says, and that does what else is written `beside`.

    The identity number, which this module does not know how to write, is written beside. Raises ForbiddenTransition if
    its state cannot become that one.
    """
    if state := becomes.get(RecordField.STATE):
        check_transition(RegistryState(record.state), RegistryState(state))
    of_whom = {"student": record.student_id, "enrolment": record.enrolment_id}
    return RecordChange(
        before={field.value: _plain(getattr(record, field)) for field in becomes},
        after={field.value: value for field, value in becomes.items()},
        statements=[
            *beside,
            *((_WRITES[field], {**of_whom, "to": to}) for field, to in becomes.items() if field in _WRITES),
        ],
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def lock_as_opened(session: Session, case_id: int) -> Record | None:
    """Lock the record that a case is about; None if it is no longer the one that the case was opened on."""
    with connection_of(session).cursor(row_factory=class_row(Record)) as cursor:
        return cursor.execute(LOCK, {"case": case_id}).fetchone()
