"""A transfer (转学) seen whole before it is applied for: two schools, two rule packs, one diagram, its path."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from models import ChangeRequest, Enrolment, Office, ProcessVersion, Student
from models.enums import OfficeKind, Seat, TransferReason
from webapp import clock, errors
from webapp.services.offices.tree import Distance, authorities, distance, seats
from webapp.services.processes.versions import definition_in_force
from workflows.decisions import DecisionTable
from workflows.definition import Definition
from workflows.values import Value

# The diagram whose version also carries the tables that choose the rule packs and the governing diagram.
GOVERNING_PROCESS = "transfer"


class TransferNotGoverned(errors.Refusal):
    """No process is in force for a transfer between these two schools. Ask the receiving school's authority."""

    status = 422


class AlreadyAtSchool(errors.Refusal):
    """The child already attends this school. Choose another one."""

    status = 422


class NoSuchGrade(errors.Refusal):
    """A course of {years} years has no grade {grade}. Correct the grade, or the years of schooling."""

    status = 422


@dataclass(frozen=True, slots=True)
class TransferForm:
    """What the family fills in: where to, into which grade, and why; vocational also for how many years."""

    to_school_id: int
    grade: int
    reason: TransferReason
    note: str = ""
    schooling_years: int | None = None

    def stored(self) -> dict[str, str | int | None]:
        """Return the answers that the case keeps; the school is a column of its own."""
        return {
            "grade": self.grade,
            "reason": self.reason.value,
            "note": self.note,
            "schooling_years": self.schooling_years,
        }


def form_of(case: ChangeRequest) -> TransferForm:
    """Return the form as a case keeps it; NoSuchSchool while the family has not chosen one."""
    if case.to_school_id is None:
        raise errors.NoSuchSchool
    answers = case.form | {"reason": TransferReason(case.form["reason"])}
    return TransferForm(case.to_school_id, **answers)


@dataclass(frozen=True, slots=True)
class Side:
    """One school of a transfer and the rule packs it stands under, the most specific first."""

    school: Office
    packs: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Everything that decides how a transfer would go; computed, nothing of it is stored yet.

    `on` is the day whose place in the term counts (办理时段).
    """

    student: Student
    enrolment: Enrolment
    form: TransferForm
    receiving: Side
    releasing: Side
    distance: Distance
    seats: dict[str, int]
    version: ProcessVersion
    definition: Definition
    initiator: str
    on: date

    @property
    def same_county(self) -> bool:
        """Whether both schools lie in one county (T-P10); a city-run school may lie in its city as a whole."""
        here, there = self.receiving.school.division_code, self.releasing.school.division_code
        return here == there and not here.endswith("00")

    @property
    def agreed_elsewhere(self) -> bool:
        """Whether the releasing school begins it, in another province: it has agreed before (domain 3.1.4 V8)."""
        return self.initiator == "releasing" and Seat.RELEASING_SCHOOL not in self.seats

    def facts(self) -> dict[str, Value]:
        """Return what the engine may know of the case: codes and levels, nothing personal."""
        return {
            "process": self.definition.key,
            "stage": stage_of(self.receiving.school),
            "distance": self.distance.value,
            "receiving_packs": self.receiving.packs,
            "releasing_packs": self.releasing.packs,
            "receiving_authority": self.receiving.authority,
            "releasing_authority": self.releasing.authority,
            "receiving_here": Seat.RECEIVING_SCHOOL in self.seats,
            "releasing_here": Seat.RELEASING_SCHOOL in self.seats,
            "seats": tuple(self.seats),
        }


def transfer_of(session: Session, student_id: int, form: TransferForm, on: date) -> Transfer:
    """Return the transfer that a student's family wants on the day `on`.

    Raises NoSuchStudent, NoSuchGrade, NoSuchSchool, AlreadyAtSchool, or TransferNotGoverned if no diagram is in force
    for them.
    """
    enrolment = _present_enrolment(session, student_id)
    school = _wanted_school(session, form, enrolment)
    _, governing = _in_force(session, GOVERNING_PROCESS)
    receiving = _side(session, school, governing)
    releasing = _side(session, enrolment.school, governing)
    between = distance(session, school, enrolment.school)
    process, initiator = governed_by(governing.decisions, receiving.packs, releasing.packs, between)
    version, definition = _in_force(session, process)
    return Transfer(
        student=enrolment.student,
        enrolment=enrolment,
        form=form,
        receiving=receiving,
        releasing=releasing,
        distance=between,
        seats=seats(session, school, enrolment.school, on),
        version=version,
        definition=definition,
        initiator=initiator,
        on=on,
    )


def transfer_of_case(session: Session, case: ChangeRequest) -> Transfer:
    """Return the transfer of a case as things stand today; once submitted, its windows are those of that day.

    Raises what `transfer_of` does.
    """
    transfer = transfer_of(session, case.student_id, form_of(case), clock.today())
    return replace(transfer, on=clock.day_of(case.submitted_at)) if case.submitted_at else transfer


def _wanted_school(session: Session, form: TransferForm, enrolment: Enrolment) -> Office:
    years = form.schooling_years or enrolment.schooling_years
    if form.grade > years:
        raise NoSuchGrade(grade=form.grade, years=years)
    school = session.get(Office, form.to_school_id)
    if school is None or school.kind != OfficeKind.SCHOOL:
        raise errors.NoSuchSchool
    if school.id == enrolment.school_id:
        raise AlreadyAtSchool
    return school


def _in_force(session: Session, process: str) -> tuple[ProcessVersion, Definition]:
    try:
        return definition_in_force(session, process)
    except NoResultFound:
        raise TransferNotGoverned from None


def _present_enrolment(session: Session, student_id: int) -> Enrolment:
    statement = (
        select(Enrolment)
        .where(Enrolment.student_id == student_id, Enrolment.ended_on.is_(None))
        .options(joinedload(Enrolment.student), joinedload(Enrolment.school))
    )
    # Also when the session has read it before: whoever has locked the record relies on its being the present one.
    enrolment = session.scalar(statement.execution_options(populate_existing=True))
    if enrolment is None:
        raise errors.NoSuchStudent
    return enrolment


def governed_by(
    tables: Mapping[str, DecisionTable],
    receiving_packs: tuple[str, ...],
    releasing_packs: tuple[str, ...],
    between: Distance,
) -> tuple[str, str]:
    """Return the process of a transfer between schools under these packs, and who starts it (domain 3.1.1).

    That is `receiving`, `releasing` or `both`. Raises TransferNotGoverned.
    """
    chosen = tables["transfer_governing"].decide(
        {"receiving_packs": receiving_packs, "releasing_packs": releasing_packs, "distance": between.value}
    )
    if chosen is None:
        raise TransferNotGoverned
    return str(chosen["process"]), str(chosen["initiator"])


def _side(session: Session, school: Office, governing: Definition) -> Side:
    own_authority = authorities(session, school)[0]
    return Side(school, rule_packs(governing.decisions, school), own_authority.level.value)


def rule_packs(tables: Mapping[str, DecisionTable], school: Office) -> tuple[str, ...]:
    """Return the packs that a school stands under, the most specific first: its own, or by region and stage."""
    if school.rule_pack is None:
        return regional_packs(tables, school.division_code[:2], stage_of(school))
    return _lineage(tables, school.rule_pack)


def regional_packs(tables: Mapping[str, DecisionTable], province: str, stage: str) -> tuple[str, ...]:
    """Return the packs of a province's schools of a stage, the most specific first."""
    chosen = tables["rule_pack"].decide({"province": province, "stage": stage}) or {}
    return _lineage(tables, str(chosen["pack"]))


def _lineage(tables: Mapping[str, DecisionTable], pack: str) -> tuple[str, ...]:
    return tuple(str(hit.outputs["member"]) for hit in tables["pack_lineage"].hits({"pack": pack}))


def stage_of(school: Office) -> str:
    """Return a school's stage as the tables name it."""
    if school.stage is None:
        raise errors.NoSuchSchool
    return school.stage.value
