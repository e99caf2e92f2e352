"""`given`: the schools, terms, students, people and earlier business of a scenario, and how they are made."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import select

from models import Division, NumberCounter, Office
from models import Term as StoredTerm
from models.enums import OfficeKind, OfficeLevel, Role
from webapp.scenarios.applying import Apply, open_case
from webapp.scenarios.steps import settle
from webapp.scenarios.strict import DivisionName, Kind, ScenarioError, ServedStage, Strict
from webapp.scenarios.students import Student, bring_up_to_date, make_student
from webapp.scenarios.world import World
from webapp.services.changes.change import GOVERNING_PROCESS
from webapp.services.demo import makers
from webapp.services.processes.versions import definition_in_force


class School(Strict):
    """A school in a division; `places` is the capacity of its grades (学额)."""

    at: DivisionName
    stage: ServedStage
    run_by: OfficeLevel = OfficeLevel.COUNTY
    name: str | None = None
    code: str | None = None
    places: dict[int, int] = Field(default_factory=dict)


class Term(Strict):
    """A term of the whole country, or of one division, with its class hours."""

    opens: date
    closes: date
    hours: int | None = None
    at: DivisionName | None = None


class Post(Strict):
    """A role in a school of the scenario, or in the bureau of a division."""

    office: DivisionName
    role: Role


class Person(Strict):
    """Somebody whom steps name with `as`."""

    holds: tuple[Post, ...] = ()
    guardian_of: tuple[str, ...] = ()


class Business(Strict):
    """Earlier business of a student, in `state` before the first step."""

    kind: Kind
    student: str
    to: str | None = None
    state: Literal["in_review", "withdrawn", "rejected", "completed"]


class Given(Strict):
    """The world before the first step.

    `provinces` are those served here, by default all; `serials` the last serials of series of numbers, as in `issue`.
    """

    provinces: tuple[Annotated[str, Field(pattern=r"^[0-9]{2}$")], ...] = ()
    schools: dict[str, School] = Field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    packs: dict[str, str] = Field(default_factory=dict)
    students: dict[str, Student] = Field(default_factory=dict)
    people: dict[str, Person] = Field(default_factory=dict)
    serials: dict[str, int] = Field(default_factory=dict)
    cases: tuple[Business, ...] = ()


def make(world: World, given: Given) -> None:
    """Make everything that is given; ScenarioError for whatever names something that is not there."""
    for name, school in given.schools.items():
        _make_school(world, name, school, given.packs.get(name))
    if strangers := given.packs.keys() - given.schools.keys():
        raise ScenarioError(f"there is no {min(strangers)} in given.schools")
    for term in given.terms:
        place = _division(world, term.at).code if term.at else None
        world.session.add(
            StoredTerm(
                division_code=place, opens_on=term.opens, closes_on=term.closes, class_hours=term.hours
            )
        )
    for series, last in given.serials.items():
        world.session.add(NumberCounter(series=f"fujian-{series}", last_serial=last))
    for name, student in given.students.items():
        make_student(world, name, student)
    for name, person in given.people.items():
        posts = [(_office(world, post.office), post.role) for post in person.holds]
        world.people.name(name, posts, [world.student(child) for child in person.guardian_of])
    for business in given.cases:
        case = open_case(world, Apply(kind=business.kind, student=business.student, to=business.to), None)
        settle(world, case, business.state)
    for name, student in given.students.items():
        bring_up_to_date(world, name, student)
    world.work()


def _make_school(world: World, name: str, school: School, pack: str | None) -> None:
    if pack is not None:
        _require_pack(world, pack)
    made = makers.a_school(
        world.session,
        _division(world, school.at).code,
        school.stage,
        school.run_by,
        name=school.name or f"{name}校",
        school_code=school.code,
        rule_pack=pack,
    )
    for grade, capacity in school.places.items():
        makers.some_places(world.session, made, grade, capacity)
    world.schools[name] = made


def _require_pack(world: World, pack: str) -> None:
    _, governing = definition_in_force(world.session, GOVERNING_PROCESS)
    if not governing.decisions["pack_lineage"].hits({"pack": pack}):
        raise ScenarioError(f"not served yet: the rule pack {pack}")


def _office(world: World, name: str) -> Office:
    if name in world.schools:
        return world.schools[name]
    code = _division(world, name).code
    return world.session.scalars(
        select(Office).where(Office.division_code == code, Office.kind == OfficeKind.BUREAU)
    ).one()


def _division(world: World, name: str) -> Division:
    either = (Division.code == name) | (Division.name == name)
    found = world.session.scalars(select(Division).where(either).order_by(Division.code)).all()
    if len(found) != 1:
        codes = ", ".join(division.code for division in found)
        raise ScenarioError(f"{name} is {f'several divisions: {codes}' if found else 'no division'}")
    return found[0]
