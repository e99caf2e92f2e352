"""The students of a scenario: those given, those registered meanwhile, and their registry numbers."""

from datetime import date
from typing import Annotated

from pydantic import Field

from models.enums import NumberKind, OverlayKind, RegistryState, Sex, SuspensionReason
from webapp.scenarios.strict import Strict
from webapp.scenarios.world import World
from webapp.services.demo import makers
from webapp.services.registry.numbers import next_fujian_number

CENTURY = 2000


class Spell(Strict):
    """A spell of suspension, by default still open; `ended` is the day on which it ended."""

    later = frozenset({"origin"})

    from_: date = Field(alias="from")
    to: date
    reason: SuspensionReason = SuspensionReason.ILLNESS
    ended: date | None = None


class Student(Strict):
    """A student enrolled in a school; `schooling_years` by default as usual for its stage.

    `suspended` is the spell that he is in, `spells` are earlier ones.
    """

    school: str
    entered: date
    grade: int
    name: str | None = None
    born: date = date(2014, 5, 6)
    sex: Sex = Sex.FEMALE
    identity: str | None = None
    number: str | None = None
    state: RegistryState = RegistryState.ENROLLED
    schooling_years: int | None = None
    overlays: tuple[OverlayKind, ...] = ()
    suspended: Spell | None = None
    spells: tuple[Spell, ...] = ()


class Register(Student):
    """A student is entered into the registry (注册), under the name `student` in the scenario."""

    student: str


class Issue(Strict):
    """A student is given the next registry number of a Fujian series: two digits each of year, county, school."""

    student: str
    series: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


def make_student(world: World, name: str, student: Student) -> None:
    """Enter a student into the registry."""
    world.students[name] = makers.a_student(
        world.session,
        world.school(student.school),
        grade=student.grade,
        entered=student.entered,
        name=student.name or f"学生{name}",
        number=student.number,
        identity=student.identity,
        sex=student.sex,
        birth_date=student.born,
        schooling_years=student.schooling_years,
    )


def bring_up_to_date(world: World, name: str, student: Student) -> None:
    """Put a record into its present state: earlier business began before it, and might be refused by now."""
    made = world.student(name)
    made.state = student.state
    for spell in (*student.spells, *([student.suspended] if student.suspended else [])):
        makers.a_spell(world.session, made, spell.reason, spell.from_, spell.to, ended_on=spell.ended)
    for kind in student.overlays:
        makers.an_overlay(world.session, made, kind)
    world.session.commit()


def issue_number(world: World, issue: Issue) -> None:
    """Give the student the next number of the series; SerialsUsedUp after the last one."""
    year, county, school = issue.series[:2], issue.series[2:4], issue.series[4:]
    student = world.student(issue.student)
    student.registry_number = next_fujian_number(world.session, CENTURY + int(year), county, school)
    student.number_kind = NumberKind.FUJIAN_VOCATIONAL
    world.session.commit()
