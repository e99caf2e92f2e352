"""A transfer (转学): two schools, two rule packs, one diagram, and its path (domain 3.1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy.orm import Session

from models import ChangeRequest, Enrolment, Office, Student
from models.enums import ChangeKind, OfficeKind, RecordField, Seat, Stage, TransferReason
from webapp import errors
from webapp.services.changes.change import (
    GOVERNING_PROCESS,
    Change,
    ChangeForm,
    ChangeNotGoverned,
    Moment,
    Side,
    common_packs,
    excepts,
    in_force,
    last_enrolment,
    side_of,
)
from webapp.services.changes.facts import record_facts
from webapp.services.changes.packs import stage_of
from webapp.services.changes.places import free_places
from webapp.services.changes.stages import percent_to_general
from webapp.services.changes.terms import month_and_day, months_to_term_end, semesters_left
from webapp.services.offices.tree import Distance, StageChange, distance, stage_change, transfer_seats
from webapp.services.registry.identity import has_blank
from workflows.decisions import DecisionTable
from workflows.values import Value

INITIATORS = {
    "receiving": (Seat.RECEIVING_SCHOOL,),
    "releasing": (Seat.RELEASING_SCHOOL,),
    "both": (Seat.RECEIVING_SCHOOL, Seat.RELEASING_SCHOOL),
}


class AlreadyAtSchool(errors.Refusal):
    """The child already attends this school. Choose another one."""

    status = 422


class NoSuchGrade(errors.Refusal):
    """A course of {years} years has no grade {grade}. Correct the grade, or the years of schooling."""

    status = 422


@dataclass(frozen=True, slots=True)
class TransferForm(ChangeForm):
    """What the family fills in: where to, into which grade, and why; vocational also for how many years.

    Whoever comes from a general school (普职互转) also names the major.
    """

    kind = ChangeKind.TRANSFER

    to_school_id: int
    grade: int
    reason: TransferReason
    note: str = ""
    schooling_years: int | None = None
    major_code: str = ""
    major_name: str = ""

    @classmethod
    def of_case(cls, case: ChangeRequest) -> Self:
        """Return the form as a case keeps it; NoSuchSchool while the family has not chosen one."""
        if case.to_school_id is None:
            raise errors.NoSuchSchool
        return cls.read(case.form | {"to_school_id": case.to_school_id})

    def becomes(self) -> dict[RecordField, Any]:
        """Return the major of whoever comes to a vocational school from a general one."""
        named = {RecordField.MAJOR_CODE: self.major_code, RecordField.MAJOR_NAME: self.major_name}
        return named if self.major_code else {}

    def stored(self) -> dict[str, Any]:
        """Return the answers that the case keeps; the school is a column of its own."""
        kept = ChangeForm.stored(self)
        return {name: value for name, value in kept.items() if name != "to_school_id"}

    @property
    def destination_id(self) -> int | None:
        """The school that the student is to go to."""
        return self.to_school_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Change):
    """Everything that decides how a transfer would go."""

    form: TransferForm
    receiving: Side
    releasing: Side
    distance: Distance

    @property
    def sides(self) -> Mapping[str, Side]:
        """Both schools."""
        return {"receiving": self.receiving, "releasing": self.releasing}

    @property
    def schools(self) -> Mapping[Seat, Office]:
        """Both schools by their seats."""
        return {
            Seat.RECEIVING_SCHOOL: self.receiving.school,
            Seat.RELEASING_SCHOOL: self.releasing.school,
        }

    @property
    def numbered_at(self) -> str:
        """The receiving school's division, or where that one is elsewhere, the releasing one's."""
        numbering = self.receiving if Seat.RECEIVING_SCHOOL in self.seats else self.releasing
        return numbering.school.division_code

    @property
    def stage_change(self) -> StageChange:
        """Whether it leads from general to vocational education, or back (普职互转)."""
        return stage_change(self.releasing.school.stage, self.receiving.school.stage)

    @property
    def schooling_years(self) -> int:
        """How many years the course takes in which the student is to go on."""
        return _years(self.form, self.receiving.school, self.enrolment)

    @property
    def same_county(self) -> bool:
        """Whether both schools lie in one county (T-P10); a city-run school may lie in its city as a whole."""
        here, there = self.receiving.school.division_code, self.releasing.school.division_code
        return here == there and not here.endswith("00")

    @property
    def agreed_elsewhere(self) -> bool:
        """Whether the releasing school begins it, in another province: it has agreed before (domain 3.1.4 V8)."""
        return self.initiators == INITIATORS["releasing"] and Seat.RELEASING_SCHOOL not in self.seats

    @property
    def may_be_excepted(self) -> bool:
        """Whether its diagram asks the authority of the releasing school, and that one is served here."""
        return Seat.RELEASING_SCHOOL in self.seats and excepts(self.definition)

    def begins_elsewhere(self, partners: Collection[str]) -> Office | None:
        """Return the school elsewhere that only can ask for the child (domain 3.1.1, 3.1.4 V5).

        Who comes here from a school that begins it elsewhere (V8) brings its agreement on paper, unless that province
        is connected: then it asks by message (domain 2.2: a message or by hand).
        """
        if Seat.RECEIVING_SCHOOL not in self.seats and not set(self.initiators) & self.seats.keys():
            return self.receiving.school
        releasing = self.releasing.school
        return releasing if self.agreed_elsewhere and releasing.division_code[:2] in partners else None

    def places_left(self, session: Session) -> int | None:
        """Return the free places of the grade; the student's own, if he was promised one, is free to him."""
        school_id, grade = self.form.to_school_id, self.form.grade
        return free_places(session, school_id, grade, besides_student=self.student.id)

    def facts(self) -> dict[str, Value]:
        """Return what the engine may know of the case: codes and levels, nothing personal."""
        return {
            "process": self.definition.key,
            "stage": stage_of(self.receiving.school),
            "releasing_stage": stage_of(self.releasing.school),
            "distance": self.distance.value,
            "packs": common_packs(self.sides),
            "receiving_packs": self.receiving.packs,
            "releasing_packs": self.releasing.packs,
            "receiving_authority": self.receiving.authority,
            "releasing_authority": self.releasing.authority,
            "receiving_here": Seat.RECEIVING_SCHOOL in self.seats,
            "releasing_here": Seat.RELEASING_SCHOOL in self.seats,
            "exception": self.excepted,
            "seats": tuple(self.seats),
        }

    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that the rule packs of both sides read."""
        enrolment, form = self.enrolment, self.form
        return {
            **record_facts(session, self, moment, business),
            "grade_change": form.grade - enrolment.grade,
            "schooling_years_change": self.schooling_years - enrolment.schooling_years,
            "free_places": self.places_left(session),
            "reason": form.reason.value,
            "same_county": self.same_county,
            "month_and_day": month_and_day(self.on),
            **self._between_stages(session),
            "distance": self.distance.value,
            "identity_check": _identity_check(self.student),
        }

    def _between_stages(self, session: Session) -> dict[str, Value]:
        """Return what is asked of who goes from general to vocational education, and of who goes back."""
        change, enrolment, school = self.stage_change, self.enrolment, self.receiving.school
        facts: dict[str, Value] = {
            "stage_change": change.value,
            "semesters_left": None,
            "months_to_term_end": None,
            "percent_to_general": None,
        }
        if change is StageChange.TO_VOCATIONAL:
            facts["semesters_left"] = semesters_left(
                session, school, self.schooling_years, self.form.grade, self.on
            )
        if change is StageChange.TO_GENERAL:
            facts["months_to_term_end"] = months_to_term_end(session, enrolment, self.on)
            facts["percent_to_general"] = percent_to_general(session, enrolment)
        return facts

    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that the list of papers of each side reads."""
        return {
            "reason": self.form.reason.value,
            "distance": self.distance.value,
            "stage_change": self.stage_change.value,
            "agreed_elsewhere": self.agreed_elsewhere,
        }


def transfer_of(session: Session, student_id: int, form: TransferForm, on: date) -> Transfer:
    """Return the transfer that is wanted for a student on the day `on`; raises NoSuchStudent and what `plan` does."""
    return plan(session, last_enrolment(session, student_id), form, on)


def plan(session: Session, enrolment: Enrolment, form: TransferForm, on: date) -> Transfer:
    """Return the transfer of a student that is wanted on the day `on`.

    Raises NoSuchGrade, NoSuchSchool, AlreadyAtSchool, or ChangeNotGoverned if no diagram is in force for them.
    """
    school = _wanted_school(session, form, enrolment)
    _, governing = in_force(session, GOVERNING_PROCESS)
    receiving = side_of(session, school, governing)
    releasing = side_of(session, enrolment.school, governing)
    between = distance(session, school, enrolment.school)
    process, initiator = governed_by(governing.decisions, receiving.packs, releasing.packs, between)
    version, definition = in_force(session, process)
    return Transfer(
        student=enrolment.student,
        enrolment=enrolment,
        form=form,
        receiving=receiving,
        releasing=releasing,
        distance=between,
        seats=transfer_seats(session, school, enrolment.school, on),
        version=version,
        definition=definition,
        initiators=INITIATORS[initiator],
        on=on,
    )


def prefilled(_session: Session, enrolment: Enrolment, _on: date) -> dict[str, Any]:
    """Return what most who apply would fill in: the same grade, and as long a course."""
    return {"grade": enrolment.grade, "schooling_years": enrolment.schooling_years}


def governed_by(
    tables: Mapping[str, DecisionTable],
    receiving_packs: tuple[str, ...],
    releasing_packs: tuple[str, ...],
    between: Distance,
) -> tuple[str, str]:
    """Return the process of a transfer between schools under these packs, and who starts it (domain 3.1.1).

    That is `receiving`, `releasing` or `both`. Raises ChangeNotGoverned.
    """
    chosen = tables["transfer_governing"].decide(
        {"receiving_packs": receiving_packs, "releasing_packs": releasing_packs, "distance": between.value}
    )
    if chosen is None:
        raise ChangeNotGoverned
    return str(chosen["process"]), str(chosen["initiator"])


def years_at(school: Office, enrolment: Enrolment) -> int:
    """Return how many years a course takes as a rule: of the same stage as long as the present one (学制)."""
    if school.stage is None or school.stage == enrolment.school.stage:
        return enrolment.schooling_years
    return school.stage.schooling_years


def _years(form: TransferForm, school: Office, enrolment: Enrolment) -> int:
    """Return how many years the course takes: of vocational ones what was filled in, no other can be chosen."""
    chosen = form.schooling_years if school.stage == Stage.VOCATIONAL else None
    return chosen or years_at(school, enrolment)


def _wanted_school(session: Session, form: TransferForm, enrolment: Enrolment) -> Office:
    school = session.get(Office, form.to_school_id)
    if school is None or school.kind != OfficeKind.SCHOOL:
        raise errors.NoSuchSchool
    if school.id == enrolment.school_id:
        raise AlreadyAtSchool
    years = _years(form, school, enrolment)
    if form.grade > years:
        raise NoSuchGrade(grade=form.grade, years=years)
    return school


def _identity_check(student: Student) -> str:
    """Whether the platform's comparison of name and number, letter by letter, can pass (domain 3.0.2 H3)."""
    if not student.registry_number:
        return "no_number"
    return "blank_in_name" if has_blank(student.name) else "same"
