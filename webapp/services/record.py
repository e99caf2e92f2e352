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
from webapp.services.context import Statement, connection_of


@dataclass(frozen=True, slots=True)
class Record:
    """A student's record, locked, beside what an approved case wants of it."""

    version: int
    state: str
    enrolment_id: int
    school_id: int
    grade: int
    class_name: str | None
    kind: str
    to_school_id: int | None
    form: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What changes in a record: its school, grade and class before and after, and the statements that do it."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    statements: Sequence[Statement]


# A change that came between makes the version differ, and so does a student who has left meanwhile: no row.
LOCK = """
SELECT s.version, s.state, e.id AS enrolment_id, e.school_id, e.grade, e.class_name, c.kind, c.to_school_id, c.form
  FROM change_request c
  JOIN student s ON s.id = c.student_id
  JOIN enrolment e ON e.student_id = s.id AND e.ended_on IS NULL
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


def lock_as_opened(session: Session, case_id: int) -> Record | None:
    """Lock the record that a case is about; None if it is no longer the one that the case was opened on."""
    with connection_of(session).cursor(row_factory=class_row(Record)) as cursor:
        return cursor.execute(LOCK, {"case": case_id}).fetchone()


def approved_change(record: Record, on: date) -> RecordChange:
    """Return what an approved case changes on a day; ForbiddenTransition where the law has no such way."""
    return _EFFECTS[ChangeKind(record.kind)](record, on)


def _transfer(record: Record, on: date) -> RecordChange:
    """The pupil leaves one school as transferred out and is enrolled in the other (domain 3.1.6).

    In the province the registry number stays (福建 第八条; national: 一人一号,终身不变).
    """
    check_transition(
        RegistryState(record.state), RegistryState.TRANSFERRED_OUT
    )  # as the school it leaves sees it
    wanted = {name: record.form[name] for name in ("grade", "schooling_years")}
    values = {"enrolment": record.enrolment_id, "school": record.to_school_id, "on": on, **wanted}
    return RecordChange(
        before={"school": record.school_id, "grade": record.grade, "class": record.class_name},
        after={"school": record.to_school_id, "grade": record.form["grade"], "class": None},
        statements=((LEAVE_SCHOOL, values), (JOIN_SCHOOL, values)),
    )


_EFFECTS = {ChangeKind.TRANSFER: _transfer}
