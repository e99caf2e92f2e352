"""A registry change seen whole before it is applied for: whose record, which rule packs, which diagram, its seats."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, ClassVar, Literal, Self, cast

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased, joinedload

from models import ChangeRequest, Enrolment, Office, ProcessVersion, Student
from models.enums import ChangeKind, RecordField, RegistryState, Seat
from webapp import errors
from webapp.services.changes.packs import rule_packs
from webapp.services.offices.tree import authorities
from webapp.services.processes.versions import definition_in_force
from webapp.services.registry.ciphers import Cipher, Sealed
from workflows.definition import Definition
from workflows.values import Value

EXCEPTION = "exception"  # the form of a step that excepts an application from a rule (特殊情况核准)
Moment = Literal["application", "receiving_school"]

# The diagram whose version also carries the tables that choose the rule packs and the governing diagrams.
GOVERNING_PROCESS = "transfer"


class ChangeNotGoverned(errors.Refusal):
    """No process is in force for this change at these schools. Ask the authority of the school that is to begin it."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """What is filled in to apply for a change of one kind: its fields are what is asked.

    `exception` says why a rule that allows exceptions is not to stand against it (特殊情况); its authority decides.
    """

    exception: str = ""
    kind: ClassVar[ChangeKind]
    sealed: ClassVar[frozenset[str]] = frozenset()  # the answers that are kept encrypted

    @classmethod
    def read(cls, answers: Mapping[str, Any]) -> Self:
        """Return the form with these answers, as JSON holds them."""
        return cast(Self, _answers_of(cls).validate_python(answers))  # type: ignore[arg-type]  # a class can be hashed

    @classmethod
    def of_case(cls, case: ChangeRequest) -> Self:
        """Return the form as a case keeps it."""
        return cls.read(case.form)

    @classmethod
    def filled_in(cls, answers: Mapping[str, Any], cipher: Cipher) -> Self:
        """Return the form as it was filled in, where those answers still stand in clear."""
        clear = {name: answers[name] for name in cls.sealed if isinstance(answers.get(name), str)}
        hidden = {name: Sealed.of(said, cipher) for name, said in clear.items()}
        return cls.read({**answers, **hidden})

    def opened(self, cipher: Cipher) -> dict[str, Any]:
        """Return what was filled in, as a page shows it to whoever filled it in."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: it.opened(cipher) if isinstance(it, Sealed) else it for name, it in said.items()}

    def answers(self) -> dict[str, Any]:
        """Return all answers as JSON holds them."""
        return cast("dict[str, Any]", _answers_of(type(self)).dump_python(self, mode="json"))  # type: ignore[arg-type]

    def stored(self) -> dict[str, Any]:
        """Return the answers that the case keeps as its form; what has a column of its own is left out."""
        return {name: value for name, value in self.answers().items() if name != "exception" or value}

    @property
    def destination_id(self) -> int | None:
        """The school that the student is to go to, a column of its own; none if he stays."""
        return None

    def becomes(self) -> dict[RecordField, Any]:
        """Return what of the record is another once it is approved, and what it is then, as JSON holds it."""
        return {}


@cache
def _answers_of(form: "type[Any]") -> TypeAdapter[ChangeForm]:
    return TypeAdapter(form)


@dataclass(frozen=True, slots=True)
class Side:
    """One school of a change and the rule packs it stands under, the most specific first."""

    school: Office
    packs: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """Everything that decides how a change would go; computed, nothing of it is stored yet.

    `initiators` are the seats whose registrar may begin it, and `by_family` says whether the family may. `on` is the
    day whose place in the term counts (办理时段). `excepted`: a rule stands against it from which the present school's
    authority is asked to except it (特殊情况).
    """

    student: Student
    enrolment: Enrolment
    form: ChangeForm
    seats: dict[str, int]
    version: ProcessVersion
    definition: Definition
    initiators: tuple[Seat, ...]
    by_family: bool = True
    on: date
    excepted: bool = False

    @property
    def kind(self) -> ChangeKind:
        """The kind of change (异动类别)."""
        return self.form.kind

    @property
    def school(self) -> Office:
        """The school that the student attends."""
        return self.enrolment.school

    @property
    @abstractmethod
    def sides(self) -> Mapping[str, Side]:
        """The schools whose rule packs it stands under, by what the tables call them."""

    @property
    @abstractmethod
    def schools(self) -> Mapping[Seat, Office]:
        """The schools that have a seat in it."""

    @property
    @abstractmethod
    def numbered_at(self) -> str:
        """The code of the division under which its case is numbered."""

    @property
    def may_be_excepted(self) -> bool:
        """Whether its diagram asks the present school's authority for an exception, and that one is served here."""
        return excepts(self.definition)

    def begins_elsewhere(self, partners: Collection[str]) -> Office | None:
        """Return the school that has to ask for it from elsewhere; none if it is begun here.

        `partners` are the provinces with which messages are exchanged, by the first two digits of their codes.
        """
        return None

    def places_left(self, session: Session) -> int | None:
        """Return the free places where it leads; none if it needs none, or the school has published no figure."""
        return None

    @abstractmethod
    def facts(self) -> dict[str, Value]:
        """Return what the engine may know of the case: codes and levels, nothing personal."""

    @abstractmethod
    def rule_facts(
        self, session: Session, moment: Moment, business: ChangeRequest | None
    ) -> dict[str, Value]:
        """Return the facts that its rules read at that moment; `business` is what the student has in progress."""

    @abstractmethod
    def paper_facts(self) -> dict[str, Value]:
        """Return the facts that its list of papers reads."""


def excepts(definition: Definition) -> bool:
    """Whether a diagram has a step that excepts an application from a rule."""
    return any(step.form == EXCEPTION for step in definition.steps.values())


def common_packs(sides: Mapping[str, Side]) -> tuple[str, ...]:
    """Return the packs that all schools of a change stand under, in the order of the first one's."""
    first, *others = (side.packs for side in sides.values())
    return tuple(pack for pack in first if all(pack in packs for packs in others))


def in_force(session: Session, process: str) -> tuple[ProcessVersion, Definition]:
    """Return the version in force of a process and what it compiles to; ChangeNotGoverned if there is none."""
    try:
        return definition_in_force(session, process)
    except NoResultFound:
        raise ChangeNotGoverned from None


def side_of(session: Session, school: Office, governing: Definition) -> Side:
    """Return a school with the packs it stands under, and the level of its authority (主管部门)."""
    own_authority = authorities(session, school)[0]
    return Side(school, rule_packs(governing.decisions, school), own_authority.level.value)


def counts_for_applications() -> ColumnElement[bool]:
    """Whether something may still be applied for by an enrolment: the present one, or of a graduate the last."""
    own = aliased(Enrolment)
    last = (
        select(own.id)
        .where(own.student_id == Enrolment.student_id)
        .order_by(own.ended_on.desc().nulls_first(), own.id.desc())
        .limit(1)
    )
    is_last = Enrolment.id == last.correlate(Enrolment).scalar_subquery()
    return or_(Enrolment.ended_on.is_(None), and_(Enrolment.ended_as == RegistryState.GRADUATED, is_last))


def last_enrolment(session: Session, student_id: int) -> Enrolment:
    """Return where a student is enrolled, as it stands in the database, or was last; NoSuchStudent if he never was."""
    statement = (
        select(Enrolment)
        .where(Enrolment.student_id == student_id)
        .order_by(Enrolment.ended_on.desc().nulls_first(), Enrolment.id.desc())
        .limit(1)
        .options(joinedload(Enrolment.student), joinedload(Enrolment.school))
    )
    # Also when the session has read it before: whoever has locked the record relies on its being the present one.
    enrolment = session.scalar(statement.execution_options(populate_existing=True))
    if enrolment is None:
        raise errors.NoSuchStudent
    return enrolment
