"""`then`: what holds after the last step of a scenario, looked up where people would see it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy import select

from models import BulkItem, ChangeRequest, Enrolment, StudentOverlay, Task
from models.enums import (
    Ask,
    BulkResult,
    CaseState,
    EventKind,
    NoticeKind,
    RegistryState,
    Role,
    Seat,
    TaskState,
)
from webapp import clock
from webapp.policy import Person
from webapp.scenarios.chains import ChainStep, fits, way_of
from webapp.scenarios.strict import OneOf, Strict, UnexpectedError
from webapp.scenarios.world import World
from webapp.services.cases.inbox import InboxRow, open_tasks
from webapp.services.cases.told import broken_rules
from webapp.services.notices.news import notices_for


class StateIs(Strict):
    """The state of a student's case."""

    student: str | None = None
    is_: CaseState = Field(alias="is")


class InboxHas(Strict):
    """A student's case in the inbox of whoever serves at a seat of that case."""

    at: Seat
    role: Role | None = None
    has: str
    blocking: bool | None = None


class DueOn(Strict):
    """The last day of the latest task at a seat; without one, that of the whole case."""

    at: Seat | None = None
    role: Role | None = None
    on: date
    provisional: bool | None = None
    student: str | None = None


class NoticesHave(Strict):
    """Kinds of notices about a case that came to a seat of it; 申请人 is the applicant."""

    at: Seat
    role: Role | None = None
    has: tuple[NoticeKind, ...] = ()
    lacks: tuple[NoticeKind, ...] = ()
    student: str | None = None


class BulkIs(Strict):
    """What became of a student's task in what was last approved together, and the rules by which it was refused."""

    student: str
    is_: BulkResult = Field(alias="is")
    rules: tuple[str, ...] = ()


class RecordIs(Strict):
    """A student's record as it is now."""

    student: str
    school: str | None = None
    grade: int | None = None
    state: RegistryState | None = None


class NumberIs(Strict):
    """A student's registry number."""

    later = frozenset({"diploma"})

    student: str
    is_: str | None = Field(alias="is")


def _state_alone(given: object) -> object:
    return {"is": given} if isinstance(given, str) else given


class Expectation(OneOf):
    """One thing that holds."""

    later = frozenset({"proposals"})

    state: Annotated[StateIs, BeforeValidator(_state_alone)] | None = None
    refused: tuple[str, ...] | None = None
    chain: tuple[ChainStep, ...] | None = None
    inbox: InboxHas | None = None
    not_inbox: InboxHas | None = None
    due: DueOn | None = None
    notices: NoticesHave | None = None
    bulk: BulkIs | None = None
    asked: tuple[Ask, ...] | None = None
    record: RecordIs | None = None
    number: NumberIs | None = None
    overlays: dict[str, tuple[str, ...]] | None = None
    events: tuple[EventKind, ...] | None = None
    warnings: tuple[str, ...] | None = None


def check(world: World, expectation: Expectation) -> None:
    """UnexpectedError, saying what was found instead, if the expectation does not hold."""
    name, wanted = expectation.chosen
    _CHECKS[name](world, wanted)


def _state(world: World, wanted: StateIs) -> None:
    _compare(world.case(wanted.student).state, wanted.is_)


def _refused(world: World, wanted: Sequence[str]) -> None:
    failed = world.refused.failed if world.refused else ()
    found = [rule.rule for rule in failed if rule.blocks]
    if not found or not set(found).issuperset(wanted):
        raise UnexpectedError(f"found {_listed(found)}")


def _chain(world: World, wanted: Sequence[ChainStep]) -> None:
    way = way_of(world.session, world.case())
    if not fits(way, wanted):
        raise UnexpectedError(f"found {_listed(' '.join((step.seat, *step.roles)) for step in way)}")


def _inbox(world: World, wanted: InboxHas) -> None:
    rows = _inbox_rows(world, wanted)
    if wanted.blocking is not None:
        rows = [row for row in rows if row.blocking == wanted.blocking]
    if not rows:
        case = world.case(wanted.has)
        waiting = (task for task in case.tasks if task.state == TaskState.OPEN)
        raise UnexpectedError(f"it is with {_listed(f'{task.seat} {task.seat_role}' for task in waiting)}")


def _not_inbox(world: World, wanted: InboxHas) -> None:
    if rows := _inbox_rows(world, wanted):
        raise UnexpectedError(f"it is there for {_listed(row.step.name for row in rows)}")


def _due(world: World, wanted: DueOn) -> None:
    case = world.case(wanted.student)
    limited = [case] if wanted.at is None else world.tasks(case, wanted.at, wanted.role)
    if not limited:
        raise UnexpectedError("the case never came there")
    _compare(limited[-1].due_on, wanted.on)
    if wanted.provisional is not None:
        _compare(limited[-1].due_provisional, wanted.provisional)


def _notices(world: World, wanted: NoticesHave) -> None:
    case = world.case(wanted.student)
    people = _people_at(world, case, wanted.at, wanted.role)
    notices = [notice for person in people for notice in notices_for(world.session, person).notices]
    found = sorted(notice.kind for notice in notices if notice.change_request_id == case.id)
    if not set(found).issuperset(wanted.has) or not set(found).isdisjoint(wanted.lacks):
        raise UnexpectedError(f"found {_listed(found)}")


def _bulk(world: World, wanted: BulkIs) -> None:
    case = world.case(wanted.student)
    mine = select(BulkItem).join(Task).where(BulkItem.bulk_id == world.bulk_id)
    item = world.session.scalar(mine.where(Task.change_request_id == case.id))
    if item is None:
        raise UnexpectedError("it was not among them")
    _compare(item.result, wanted.is_)
    _compare(tuple(rule.rule for rule in broken_rules(item.told)) if item.told else (), wanted.rules)


def _asked(world: World, wanted: Sequence[Ask]) -> None:
    waiting = [task.ask for task in world.case().tasks if task.state == TaskState.OPEN and task.ask]
    if sorted(waiting) != sorted(wanted):
        raise UnexpectedError(f"found {_listed(waiting)}")


def _record(world: World, wanted: RecordIs) -> None:
    student = world.student(wanted.student)
    if wanted.state is not None:
        _compare(student.state, wanted.state)
    present = world.session.scalars(
        select(Enrolment).where(Enrolment.student_id == student.id, Enrolment.ended_on.is_(None))
    ).one()
    if wanted.school is not None and present.school_id != world.school(wanted.school).id:
        raise UnexpectedError(f"found {present.school.name}")
    if wanted.grade is not None:
        _compare(present.grade, wanted.grade)


def _number(world: World, wanted: NumberIs) -> None:
    _compare(world.student(wanted.student).registry_number, wanted.is_)


def _overlays(world: World, wanted: Mapping[str, Sequence[str]]) -> None:
    for name, overlays in wanted.items():
        found = _case_overlays(world.case()) if name == "case" else _record_overlays(world, name)
        if found != set(overlays):
            raise UnexpectedError(f"{name} has {_listed(sorted(found))}")


def _events(world: World, wanted: Sequence[EventKind]) -> None:
    found = [event.kind for event in world.case().events]
    if found != [*wanted]:
        raise UnexpectedError(f"found {_listed(found)}")


def _warnings(world: World, wanted: Sequence[str]) -> None:
    found = [rule.rule for rule in world.warned]
    if set(found) != set(wanted):
        raise UnexpectedError(f"found {_listed(found)}")


_CHECKS: Mapping[str, Callable[[World, Any], None]] = {
    "state": _state,
    "refused": _refused,
    "chain": _chain,
    "inbox": _inbox,
    "not_inbox": _not_inbox,
    "due": _due,
    "notices": _notices,
    "bulk": _bulk,
    "asked": _asked,
    "record": _record,
    "number": _number,
    "overlays": _overlays,
    "events": _events,
    "warnings": _warnings,
}


def _inbox_rows(world: World, wanted: InboxHas) -> list[InboxRow]:
    case = world.case(wanted.has)
    people = _people_at(world, case, wanted.at, wanted.role)
    rows = [row for person in people for row in open_tasks(world.session, person).rows]
    return [row for row in rows if row.number == case.number]


def _people_at(world: World, case: ChangeRequest, seat: Seat, role: Role | None) -> list[Person]:
    if seat == Seat.APPLICANT:
        return [world.people.of(case.applicant)]
    return world.people.serving(case.seats[seat], role) if seat in case.seats else []


def _case_overlays(case: ChangeRequest) -> set[str]:
    today = clock.today()
    late = any(task.state == TaskState.OPEN and task.due_on < today for task in case.tasks)
    return {"overdue"} if late else set()


def _record_overlays(world: World, student: str) -> set[str]:
    statement = select(StudentOverlay.kind).where(
        StudentOverlay.student_id == world.student(student).id, StudentOverlay.ended_at.is_(None)
    )
    return set(world.session.scalars(statement))


def _compare(found: object, wanted: object) -> None:
    if found != wanted:
        raise UnexpectedError(f"found {found}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"
