"""A school lists its new students (新生花名册): each becomes admitted, or it is told why he cannot be (domain 4.4)."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from models import Division, Office, Roster, RosterLine
from models.enums import Role, Stage
from webapp import clock, errors
from webapp.policy import Person, holds_at
from webapp.services.cases.told import kept
from webapp.services.changes.admissions import season_of
from webapp.services.context import settings_of
from webapp.services.offices.tree import city_code
from webapp.services.rosters.admitting import admit
from webapp.services.rosters.rows import HOUSEHOLD, NewStudent, WrongRow, read_row

FIRST_ROW = 2  # the first names the columns


class NotYourSchool(errors.Refusal):
    """Only a school's own registrar lists its new students."""

    status = 403


class RowsWrong(errors.Refusal):
    """{count} rows are not right. Nothing was listed; mend them in the file and choose it again."""

    status = 422

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__(count=len(rows))
        self.rows = rows


class NothingListed(errors.Refusal):
    """There is no student in this list."""

    status = 422


class NoSuchHousehold(errors.Refusal):
    """{column} {said} is no division of GB/T 2260."""


def list_new_students(
    session: Session,
    registrar: Person,
    school: Office,
    entered_on: date,
    rows: Sequence[Mapping[str, str]],
    *,
    grade: int = 1,
) -> Roster:
    """List the new students of a school who entered a grade on that day, and commit.

    Who is somebody else's student, or stands there twice, is told so in his line, and the other record of the same
    identity is flagged as a problem (N-12). Raises NotYourSchool, NothingListed, or RowsWrong with every row that is
    not right: then nothing is listed.
    """
    if not holds_at(registrar, school.id, Role.REGISTRAR):
        raise NotYourSchool
    students = _read(session, school, rows)
    roster = Roster(
        school=school,
        grade=grade,
        season=season_of(entered_on),
        entered_on=entered_on,
        outsiders=_outsiders(session, school, students),
        listed_by_id=registrar.account_id,
        listed_at=clock.now(),
    )
    session.add(roster)
    session.flush()
    for position, student in enumerate(students, 1):
        roster.lines.append(_line(session, registrar, roster, position, student))
        session.flush()
    session.commit()
    return roster


def _read(session: Session, school: Office, rows: Sequence[Mapping[str, str]]) -> list[NewStudent]:
    """Return whom the rows mean; NothingListed or RowsWrong."""
    if not rows:
        raise NothingListed
    assert school.stage is not None, "it is a school"
    synthetic = settings_of(session).demo
    found, wrong = [], []
    for number, row in enumerate(rows, FIRST_ROW):
        read = read_row(
            row,
            most_years=school.stage.most_years,
            vocational=school.stage == Stage.VOCATIONAL,
            synthetic_allowed=synthetic,
        )
        if isinstance(read, NewStudent):
            unknown = read.household is not None and session.get(Division, read.household) is None
            read = [NoSuchHousehold(column=HOUSEHOLD, said=read.household)] if unknown else read
        if isinstance(read, NewStudent):
            found.append(read)
        else:
            wrong.append(WrongRow(number, row.get("姓名", ""), read))
    if wrong:
        raise RowsWrong(wrong)
    return found


def _outsiders(session: Session, school: Office, students: Sequence[NewStudent]) -> int:
    """How many have their household in another city (外地学生): S1A."""
    codes = {student.household for student in students if student.household}
    cities = {code: city_code(session.get_one(Division, code)) for code in codes}
    here = city_code(school.division)
    return sum(cities[student.household] != here for student in students if student.household)


def _line(
    session: Session, registrar: Person, roster: Roster, position: int, student: NewStudent
) -> RosterLine:
    line = RosterLine(
        roster_id=roster.id,
        position=position,
        name=student.name,
        class_name=student.class_name,
        other_roll=student.other_roll,
    )
    try:
        line.student_id = admit(session, registrar, roster, student).id
    except errors.Refusal as refusal:
        line.told = kept(refusal)
    return line
