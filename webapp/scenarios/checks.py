"""Whether what a scenario expects holds, looked up where people would see it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models import Aid, BulkItem, ChangeRequest, Enrolment, Proposal, Student, Task
from models.enums import Ask, EventKind, ProposalState, RecordField, Role, Seat, TaskState
from webapp import clock
from webapp.formatting import card_of
from webapp.policy import Person
from webapp.scenarios.chains import ChainStep, require_way, way_of
from webapp.scenarios.expectations import (
    BulkIs,
    DueOn,
    Expectation,
    InboxHas,
    NoticesHave,
    NumberIs,
    OverdueAre,
    ProposalsAre,
    RecordIs,
    StateIs,
)
from webapp.scenarios.lists import check_lines
from webapp.scenarios.offices import officer_of
from webapp.scenarios.strict import UnexpectedError
from webapp.scenarios.world import World
from webapp.services.cases.inbox import InboxRow, counts, open_tasks
from webapp.services.cases.told import broken_rules
from webapp.services.changes.facts import open_overlays
from webapp.services.changes.profiles import EDITABLE, present_value
from webapp.services.notices.news import notices_for
from webapp.services.proposals.finding import find_proposals
from webapp.services.registry.identities import identity_number_of


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
    require_way(way_of(world.session, world.case()), wanted)


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


def _overdue(world: World, wanted: OverdueAre) -> None:
    people = _people_at(world, world.case(wanted.student), wanted.at, wanted.role)
    found = [counts(world.session, person, clock.today()).overdue for person in people]
    if len(people) != 1:
        raise UnexpectedError(f"{len(people)} people serve there")
    _compare(found[0], wanted.count)


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
    for field, value in wanted.says.items():
        _compare(_said(world, student, field), value)
    if (wanted.school, wanted.grade) == (None, None):
        return
    present = world.session.scalars(
        select(Enrolment).where(Enrolment.student_id == student.id, Enrolment.ended_on.is_(None))
    ).one()
    if wanted.school is not None and present.school_id != world.school(wanted.school).id:
        raise UnexpectedError(f"found {present.school.name}")
    if wanted.grade is not None:
        _compare(present.grade, wanted.grade)


def _said(world: World, student: Student, field: RecordField) -> str | None:
    if field is RecordField.IDENTITY_NUMBER:
        return identity_number_of(world.session, student)
    if field in EDITABLE:
        return present_value(world.session, student, field)
    of_school = field in {RecordField.MAJOR_CODE, RecordField.MAJOR_NAME, RecordField.STUDY_FORM}
    return str(getattr(student.enrolments[-1] if of_school else student, field))


def _number(world: World, wanted: NumberIs) -> None:
    _compare(world.student(wanted.student).registry_number, wanted.is_)


def _proposals(world: World, wanted: ProposalsAre) -> None:
    find_proposals(world.session, clock.today())
    mine = (Proposal.student_id == world.student(wanted.student).id, Proposal.state == ProposalState.OPEN)
    found = world.session.scalars(select(Proposal.reason).where(*mine)).all()
    if sorted(found) != sorted(wanted.are):
        raise UnexpectedError(f"found {_listed(sorted(found))}")


def _aid(world: World, wanted: Mapping[str, str]) -> None:
    for name, how in wanted.items():
        mine = select(Aid).where(Aid.student_id == world.student(name).id, Aid.ended_on.is_(None))
        given = world.session.scalars(mine).all()
        found = {"paused" if aid.paused_on else "running" for aid in given} or {"none"}
        if found != {how}:
            raise UnexpectedError(f"{name} has {_listed(sorted(found))}")


def _overlays(world: World, wanted: Mapping[str, Sequence[str]]) -> None:
    for name, overlays in wanted.items():
        found = _case_overlays(world) if name == "case" else _record_overlays(world, name)
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
    "overdue": _overdue,
    "notices": _notices,
    "bulk": _bulk,
    "asked": _asked,
    "record": _record,
    "number": _number,
    "proposals": _proposals,
    "roster": check_lines,
    "aid": _aid,
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


def _case_overlays(world: World) -> set[str]:
    """What the inboxes show of a case: that a step of it is overdue, and that the whole case is."""
    case = world.case()
    waiting = [task for task in case.tasks if task.state == TaskState.OPEN]
    officers = [officer_of(world, task) for task in waiting if task.role != Role.COUNTERPART]
    pages = [open_tasks(world.session, officer, due_before=clock.today()) for officer in officers]
    late = {"overdue"} if any(row.number == case.number for page in pages for row in page.rows) else set()
    is_past_total = case.due_on is not None and card_of(case.due_on) == "red"
    return late | ({"case_overdue"} if case.state.is_open and is_past_total else set())


def _record_overlays(world: World, student: str) -> set[str]:
    return set(open_overlays(world.session, world.student(student).id))


def _compare(found: object, wanted: object) -> None:
    if found != wanted:
        raise UnexpectedError(f"found {found}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "nothing"
