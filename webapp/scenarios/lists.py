"""`import`: a school lists its new students (新生花名册), as its spreadsheet would say; and what became of each."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from models import ChangeRequest, RosterLine
from models.enums import CaseState, OtherRoll, Role, Sex
from webapp.policy import Person
from webapp.scenarios.strict import ScenarioError, Strict, UnexpectedError
from webapp.scenarios.world import World
from webapp.services.changes.kinds.registration import RegistrationForm
from webapp.services.changes.planning import planned
from webapp.services.demo.new_students import next_identity
from webapp.services.rosters import rows
from webapp.services.rosters.listing import list_new_students
from webapp.services.rosters.sending import send

SEXES = {sex: word for word, sex in rows.SEXES.items()}
ROLLS = {roll: word for word, roll in rows.OTHER_ROLLS.items()}


class NewStudent(Strict):
    """A row of the list; without `identity` he has a made-up number, and with `identity: ""` none."""

    name: str | None = None
    identity: str | None = None
    sex: Sex = Sex.FEMALE
    born: date = date(2010, 5, 6)
    years: int | None = None
    major: Annotated[str, Field(pattern=r"^[0-9]{6}$")] = "710201"
    household: str | None = None
    other_roll: OtherRoll = OtherRoll.NONE


class Import(Strict):
    """A school lists students who entered on a day, by their names in the scenario, and sends the list."""

    school: str
    entered: date
    students: dict[str, NewStudent]


def import_list(world: World, wanted: Import, actor: Person | None) -> None:
    """List the students, let everybody hold the posts that are asked, and submit an application for each."""
    school = world.school(wanted.school)
    registrar = actor or world.people.holder(school.id, Role.REGISTRAR)
    said = [_row(name, student) for name, student in wanted.students.items()]
    roster = list_new_students(world.session, registrar, school, wanted.entered, said)
    world.lines |= dict(zip(wanted.students, [line.id for line in roster.lines], strict=True))
    for name, line in zip(wanted.students, roster.lines, strict=True):
        if line.student is not None:
            world.students[name] = line.student
            form = RegistrationForm(wanted.entered, line.other_roll)
            world.people.take_posts(planned(world.session, line.student.id, form, wanted.entered))
    send(world.session, registrar, roster.id)
    world.work()
    for name, line_id in world.lines.items():
        if case := _case_of(world, line_id):
            world.add_case(name, case)


def check_lines(world: World, wanted: Mapping[str, str | tuple[str, ...]]) -> None:
    """UnexpectedError unless of each student that became which is said: `submitted`, a refusal, or broken rules."""
    for name, said in wanted.items():
        if name not in world.lines:
            raise ScenarioError(f"no list has {name}")
        found = _became(world, world.lines[name])
        if found != said:
            raise UnexpectedError(f"of {name}, found {found}")


def _row(name: str, student: NewStudent) -> dict[str, str]:
    identity = next_identity(student.born, student.sex) if student.identity is None else student.identity
    return {
        rows.NAME: student.name or f"学生{name}",
        rows.SEX: SEXES[student.sex],
        rows.BIRTH_DATE: student.born.isoformat(),
        rows.IDENTITY: identity,
        rows.CLASS: "1班",
        rows.MAJOR_CODE: student.major,
        rows.MAJOR_NAME: "某专业",
        rows.YEARS: str(student.years or ""),
        rows.HOUSEHOLD: student.household or "",
        rows.OTHER_ROLL: ROLLS[student.other_roll],
    }


def _became(world: World, line_id: int) -> str | tuple[str, ...]:
    line = world.session.get_one(RosterLine, line_id, populate_existing=True)
    if line.told is None:
        return "submitted" if _case_of(world, line_id) else "listed"
    blocking = [rule["rule"] for rule in line.told["rules"] if rule["severity"] != "warn"]
    return tuple(blocking) if blocking else str(line.told["name"])


def _case_of(world: World, line_id: int) -> ChangeRequest | None:
    line = world.session.get_one(RosterLine, line_id)
    submitted = select(ChangeRequest).where(
        ChangeRequest.roster_id == line.roster_id,
        ChangeRequest.student_id == line.student_id,
        ChangeRequest.state != CaseState.DRAFT,
    )
    return world.session.scalar(submitted)
