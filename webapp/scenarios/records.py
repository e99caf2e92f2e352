"""What is entered of a student without a case: data that are no key data, sanctions, problem records."""

from datetime import date

from models import Enrolment
from models.enums import ProblemType, RecordField, Role, SanctionKind
from webapp import clock
from webapp.policy import Person
from webapp.scenarios.strict import Strict
from webapp.scenarios.world import World
from webapp.services.changes import problems, profiles, sanctions
from webapp.services.changes.sanctions import NewSanction


class Edit(Strict):
    """The registrar of a student's school changes something of him directly."""

    student: str
    field: RecordField
    to: str


class Sanctioned(Strict):
    """The registrar of a student's school enters a sanction, by default decided that day."""

    student: str
    kind: SanctionKind
    decided: date | None = None
    until: date | None = None


class Revoked(Strict):
    """The registrar of a student's school revokes all sanctions of him that stand, by default that day."""

    student: str
    on: date | None = None


class Problem(Strict):
    """The authority of a student's school opens a problem record, or closes the open one."""

    student: str
    opens: ProblemType | None = None


def edit(world: World, wanted: Edit, actor: Person | None) -> None:
    """Change something of a student directly."""
    enrolment = _enrolment(world, wanted.student)
    profiles.edit(world.session, _registrar(world, enrolment, actor), enrolment, wanted.field, wanted.to)


def enter_sanction(world: World, wanted: Sanctioned, actor: Person | None) -> None:
    """Enter a sanction."""
    enrolment = _enrolment(world, wanted.student)
    new = NewSanction(wanted.kind, wanted.decided or clock.today(), "违反校规", wanted.until)
    sanctions.enter_sanction(world.session, _registrar(world, enrolment, actor), enrolment, new)


def revoke_sanctions(world: World, wanted: Revoked, actor: Person | None) -> None:
    """Revoke what stands."""
    enrolment = _enrolment(world, wanted.student)
    registrar = _registrar(world, enrolment, actor)
    for one in sanctions.sanctions_of(world.session, enrolment.student_id):
        if sanctions.may_be_revoked(one):
            on = wanted.on or clock.today()
            sanctions.revoke_sanction(world.session, registrar, enrolment, one.id, on=on, ground="表现良好")


def problem(world: World, wanted: Problem, actor: Person | None) -> None:
    """Open a problem record, or close it."""
    enrolment = _enrolment(world, wanted.student)
    superior_id = enrolment.school.superior_id
    assert superior_id is not None, "a school has an authority"
    officer = actor or world.people.holder(superior_id, Role.HANDLER)
    if wanted.opens:
        problems.open_problem(world.session, officer, enrolment, wanted.opens, "查重发现")
    else:
        problems.close_problem(world.session, officer, enrolment, "已核实")


def _enrolment(world: World, student: str) -> Enrolment:
    return world.student(student).enrolments[-1]


def _registrar(world: World, enrolment: Enrolment, actor: Person | None) -> Person:
    return actor or world.people.holder(enrolment.school_id, Role.REGISTRAR)
