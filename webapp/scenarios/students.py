"""The students of a scenario: those given, those registered meanwhile, and their registry numbers."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field
from sqlalchemy import select

import models
from models import Aid, SemesterRecord, Term
from models.enums import (
    AidKind,
    Conduct,
    NumberKind,
    OverlayKind,
    RegistryState,
    Role,
    SanctionKind,
    Sex,
    SuspensionReason,
)
from webapp import clock
from webapp.scenarios.strict import ScenarioError, Strict
from webapp.scenarios.world import World
from webapp.services.demo import makers
from webapp.services.demo.new_students import a_roster
from webapp.services.registry.numbers import next_fujian_number

CENTURY = 2000

# Whoever is in one of these states is enrolled nowhere.
LEFT = frozenset({RegistryState.WITHDRAWN, RegistryState.EXPELLED, RegistryState.GRADUATED})


class Spell(Strict):
    """A spell of suspension, by default still open; `ended` is the day on which it ended.

    `told` is the day on which the family was told that the student has to return.
    """

    later = frozenset({"origin"})

    from_: date = Field(alias="from")
    to: date
    reason: SuspensionReason = SuspensionReason.ILLNESS
    ended: date | None = None
    told: date | None = None


class OldSanction(Strict):
    """A sanction that was decided on a day, perhaps until another; it stands unless it was `revoked` on one."""

    kind: SanctionKind
    decided: date
    until: date | None = None
    revoked: date | None = None


class Semester(Strict):
    """How one of a student's semesters went: that of the term which opens on a day."""

    opens: date
    leave_days: int | None = None
    truant_hours: int | None = None
    passed: bool | None = None
    credits: Decimal | None = None
    conduct: Conduct | None = None


class Student(Strict):
    """A student enrolled in a school; `schooling_years` by default as usual for its stage.

    `suspended` is the spell that he is in, `spells` are earlier ones. `outsiders`: he stands on a list of new students
    with so many from other cities.
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
    major: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    overlays: tuple[OverlayKind, ...] = ()
    suspended: Spell | None = None
    spells: tuple[Spell, ...] = ()
    sanctions: tuple[OldSanction, ...] = ()
    semesters: tuple[Semester, ...] = ()
    aid: tuple[AidKind, ...] = ()
    outsiders: int | None = None


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
    world.students[name].enrolments[-1].major_code = student.major


def bring_up_to_date(world: World, name: str, student: Student) -> None:
    """Put a record into its present state: earlier business began before it, and might be refused by now."""
    made = world.student(name)
    made.state = student.state
    if student.state in LEFT:
        made.enrolments[-1].ended_on, made.enrolments[-1].ended_as = clock.today(), student.state
    for spell in (*student.spells, *([student.suspended] if student.suspended else [])):
        of_spell = makers.a_spell(
            world.session, made, spell.reason, spell.from_, spell.to, ended_on=spell.ended
        )
        if spell.told:
            registrar = world.people.holder(world.school(student.school).id, Role.REGISTRAR)
            makers.a_return_notice(world.session, registrar, of_spell, spell.told)
    for semester in student.semesters:
        _make_semester(world, made, semester)
    for aid in student.aid:
        world.session.add(Aid(student_id=made.id, kind=aid, starts_on=student.entered))
    if student.outsiders is not None:
        a_roster(world.session, made, student.outsiders)
    for kind in student.overlays:
        makers.an_overlay(world.session, made, kind)
    for old in student.sanctions:
        of_days = {"decided_on": old.decided, "until": old.until, "revoked_on": old.revoked}
        makers.a_sanction(world.session, made, old.kind, **of_days)
    world.session.commit()


def _make_semester(world: World, student: models.Student, semester: Semester) -> None:
    terms = select(Term.id).where(Term.opens_on == semester.opens)
    term_id = world.session.scalar(terms)
    if term_id is None:
        raise ScenarioError(f"no term opens on {semester.opens}")
    kept = semester.model_dump(exclude={"opens"})
    world.session.add(SemesterRecord(student_id=student.id, term_id=term_id, **kept))


def issue_number(world: World, issue: Issue) -> None:
    """Give the student the next number of the series; SerialsUsedUp after the last one."""
    year, county, school = issue.series[:2], issue.series[2:4], issue.series[4:]
    student = world.student(issue.student)
    student.registry_number = next_fujian_number(world.session, CENTURY + int(year), county, school)
    student.number_kind = NumberKind.FUJIAN_VOCATIONAL
    world.session.commit()
