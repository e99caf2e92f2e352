"""`student.version` grows with every change of the record, whoever makes it and however."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg import Connection
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from models import Division, Enrolment, Office, Student
from models.enums import (
    DivisionLevel,
    IdentityType,
    NumberKind,
    OfficeKind,
    OfficeLevel,
    RegistryState,
    Sex,
    Stage,
    StudyForm,
)
from webapp.database import sqlalchemy_url

pytestmark = pytest.mark.slow

LONG_AGO = date(2020, 9, 1)
ENTERED = datetime(2020, 9, 1, tzinfo=UTC)

OF_THE_RECORD = {
    "name": "name = '新名'",
    "sex": "sex = 'male'",
    "birth_date": "birth_date = birth_date + 1",
    "identity_type": "identity_type = 'passport'",
    "identity_index": r"identity_index = '\x02'",
    "number_kind": "number_kind = NULL, registry_number = NULL",
    "registry_number": "registry_number = '9876543210'",
    "state": "state = 'suspended'",
}
BESIDE_THE_RECORD = {"id", "identity_cipher", "version", "entered_by_id", "created_at"} | {
    "ethnicity",
    "native_place",
}

JOINS = """
INSERT INTO enrolment (student_id, school_id, grade, schooling_years, study_form, entered_on, started_on, ended_on,
                       ended_as)
SELECT student_id, school_id, 1, 6, study_form, entered_on, started_on, started_on, 'transferred_out'
  FROM enrolment WHERE student_id = %(student)s LIMIT 1
"""
IS_LOCKED = """
INSERT INTO student_overlay (student_id, kind, note, started_at) VALUES (%(student)s, 'verification_lock', '', now())
"""
IS_SANCTIONED = """
INSERT INTO sanction (student_id, kind, decided_on, ground, entered_at)
VALUES (%(student)s, 'warning', now(), '', now())
"""

CHANGES = {
    **{
        f"another {column}": [f"UPDATE student SET {change} WHERE id = %(student)s"]
        for column, change in OF_THE_RECORD.items()
    },
    "another grade": ["UPDATE enrolment SET grade = 4 WHERE student_id = %(student)s"],
    "another class": ["UPDATE enrolment SET class_name = '2班' WHERE student_id = %(student)s"],
    "another school": [
        "UPDATE enrolment SET school_id = (SELECT max(id) FROM office) WHERE student_id = %(student)s"
    ],
    "an enrolment more": [JOINS],
    "an enrolment less": ["DELETE FROM enrolment WHERE student_id = %(student)s"],
    "an overlay begins": [IS_LOCKED],
    "a sanction": [IS_SANCTIONED],
    "a transfer": [
        "UPDATE enrolment SET ended_on = now(), ended_as = 'transferred_out' WHERE student_id = %(student)s",
        JOINS,
        "UPDATE student SET state = 'enrolled' WHERE id = %(student)s",
    ],
    "a change that would not count": ["UPDATE student SET name = '新名', version = 1 WHERE id = %(student)s"],
}


def opened(url: str) -> Session:
    return Session(create_engine(sqlalchemy_url(url), poolclass=NullPool))


@pytest.fixture(scope="module")
def url(new_database: Callable[..., str]) -> str:
    """A database with two schools."""
    url = new_database()
    with opened(url) as session:
        session.add(Division(code="410323", name="新安县", level=DivisionLevel.COUNTY))
        session.flush()
        session.add_all(_a_school() for _ in range(2))
        session.commit()
    return url


@pytest.fixture
def database(url: str) -> Iterator[Connection]:
    """Every statement is a transaction of its own, unless a test says otherwise."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def student(url: str, database: Connection) -> Iterator[int]:
    """A pupil of the first school."""
    with opened(url) as session:
        school = session.query(Office).order_by(Office.id).first()
        student = _a_student()
        student.enrolments.append(_an_enrolment(school))
        session.add(student)
        session.commit()
        student_id = student.id
    yield student_id
    for table in ("enrolment", "student_overlay", "sanction"):
        database.execute(f"DELETE FROM {table}")
    database.execute("DELETE FROM student")


def _a_school() -> Office:
    return Office(
        kind=OfficeKind.SCHOOL,
        level=OfficeLevel.COUNTY,
        name="第一小学",
        division_code="410323",
        path=[],
        stage=Stage.COMPULSORY,
        valid_from=LONG_AGO,
    )


def _a_student() -> Student:
    return Student(
        name="林小禾",
        sex=Sex.FEMALE,
        birth_date=date(2014, 5, 6),
        identity_type=IdentityType.RESIDENT,
        identity_cipher=b"\1",
        identity_index=b"\1",
        number_kind=NumberKind.FUJIAN_VOCATIONAL,
        registry_number="0123456789",
        state=RegistryState.ENROLLED,
        version=1,
        created_at=ENTERED,
    )


def _an_enrolment(school: Office) -> Enrolment:
    return Enrolment(
        school_id=school.id,
        grade=3,
        schooling_years=6,
        study_form=StudyForm.FULL_TIME,
        entered_on=LONG_AGO,
        started_on=LONG_AGO,
    )


def version(database: Connection, student: int) -> int:
    return database.execute("SELECT version FROM student WHERE id = %s", [student]).fetchone()[0]


def test_every_column_of_a_student_is_of_the_record_or_beside_it() -> None:
    assert set(Student.__table__.columns.keys()) == OF_THE_RECORD.keys() | BESIDE_THE_RECORD


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_the_record_counts(database: Connection, student: int, change: list[str]) -> None:
    before = version(database, student)
    with database.transaction():
        for statement in change:
            database.execute(statement, {"student": student})
    assert version(database, student) > before


# What is no change of the record, or only written as if it were one, before a change in the same transaction.
ENCRYPTED_ANEW = r"UPDATE student SET identity_cipher = '\x02' WHERE id = %(student)s"
WRITTEN_AS_IT_WAS = "UPDATE student SET name = name WHERE id = %(student)s"


@pytest.mark.parametrize("beside", [ENCRYPTED_ANEW, WRITTEN_AS_IT_WAS], ids=["encrypted", "as it was"])
@pytest.mark.parametrize("change", ["another grade", "an enrolment more", "an overlay begins"])
def test_a_change_counts_beside_whatever_else_its_transaction_does_to_the_student(
    database: Connection, student: int, beside: str, change: str
) -> None:
    before = version(database, student)
    with database.transaction():
        for statement in (beside, *CHANGES[change]):
            database.execute(statement, {"student": student})
    assert version(database, student) > before


def test_a_change_within_a_savepoint_counts_and_one_that_is_undone_does_not(
    database: Connection, student: int
) -> None:
    before = version(database, student)
    grade = "UPDATE enrolment SET grade = %s WHERE student_id = %s"
    with database.transaction(), database.transaction() as undone:
        database.execute(grade, [5, student])
        raise psycopg.Rollback(undone)
    assert version(database, student) == before
    with database.transaction():
        database.execute(ENCRYPTED_ANEW, {"student": student})
        with database.transaction():
            database.execute(grade, [5, student])
    assert version(database, student) > before


def test_a_change_counts_whatever_the_mapped_objects_wrote_before_it(
    url: str, database: Connection, student: int
) -> None:
    before = version(database, student)
    with opened(url) as session:
        mapped = session.get_one(Student, student)
        mapped.identity_cipher = b"\2"
        session.flush()
        mapped.enrolments[0].grade = 4
        session.commit()
        assert mapped.version > before


def test_an_overlay_that_ends_is_another_change(database: Connection, student: int) -> None:
    database.execute(IS_LOCKED, {"student": student})
    locked = version(database, student)
    database.execute("UPDATE student_overlay SET ended_at = now() WHERE student_id = %s", [student])
    assert version(database, student) > locked


def test_a_sanction_that_is_revoked_is_another_change(database: Connection, student: int) -> None:
    database.execute(IS_SANCTIONED, {"student": student})
    sanctioned = version(database, student)
    database.execute(
        "UPDATE sanction SET revoked_on = now(), revoked_ground = '', revoked_at = now() WHERE student_id = %s",
        [student],
    )
    assert version(database, student) > sanctioned


def test_an_enrolment_given_to_another_student_changes_both(database: Connection, student: int) -> None:
    copy = """
        INSERT INTO student (name, sex, birth_date, identity_type, state, version, created_at)
        SELECT name, sex, birth_date, identity_type, state, version, created_at FROM student RETURNING id
    """
    other = database.execute(copy).fetchone()[0]
    before = version(database, student)
    database.execute("UPDATE enrolment SET student_id = %s WHERE student_id = %s", [other, student])
    assert (version(database, student), version(database, other)) == (before + 1, before + 1)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM student JOIN enrolment ON student_id = student.id WHERE student.id = %(student)s FOR UPDATE",
        ENCRYPTED_ANEW,
        WRITTEN_AS_IT_WAS,
        "UPDATE enrolment SET grade = 4 WHERE student_id <> %(student)s",
    ],
    ids=["looked at", "encrypted anew", "written as it was", "somebody else's changed"],
)
def test_a_record_that_stays_as_it_is_keeps_its_version(
    database: Connection, student: int, statement: str
) -> None:
    before = version(database, student)
    database.execute(statement, {"student": student})
    assert version(database, student) == before
