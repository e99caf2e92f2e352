"""A list of new students as the school and its authorities look at it: who is how far (花名册)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from models import ChangeRequest, Roster, RosterLine, Task
from models.enums import CaseState, Role, TaskState
from webapp import errors
from webapp.policy import Person, may_see_case, oversees
from webapp.services.cases.told import broken_rules, told
from webapp.services.changes.eligibility import FailedRule
from webapp.services.people.looks import log_list
from webapp.services.processes.versions import definition_of
from webapp.services.rosters.sending import NoSuchRoster
from workflows.definition import Step

LISTED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One student of a list: his application if there is one, its open steps, and why there is none if so."""

    line: RosterLine
    case: ChangeRequest | None
    steps: Sequence[tuple[Task, Step]]
    refusal: errors.Refusal | None
    rules: Sequence[FailedRule]


@dataclass(frozen=True, slots=True)
class RosterView:
    """A list with all its lines; `waiting` is by step a task of this officer's there (task, version of its case)."""

    roster: Roster
    lines: Sequence[Line]
    waiting: Mapping[str, tuple[int, int]]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many are listed, not sent yet, refused, under way, registered, rejected or stopped."""
        states = [each.case.state if each.case else None for each in self.lines]
        return {
            "listed": len(self.lines),
            "refused": sum(each.refusal is not None for each in self.lines),
            "open": sum(state is not None and state.is_open for state in states),
            "done": states.count(CaseState.COMPLETED),
            "ended": sum(
                state is not None and not state.is_open and state != CaseState.COMPLETED for state in states
            ),
        }

    @property
    def left(self) -> int:
        """How many could be sent that have no application."""
        return sum(each.case is None and each.line.student_id is not None for each in self.lines)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Students of one list who wait at one step of an office: how many, and by when the first has to be decided."""

    roster: Roster
    step: Step
    students: int
    due_on: date


def rosters_of(session: Session, registrar: Person) -> Sequence[Roster]:
    """Return the latest lists of the schools whose registrar somebody is."""
    schools = [post.office_id for post in registrar.posts if post.role == Role.REGISTRAR]
    found = select(Roster).where(Roster.school_id.in_(schools)).options(joinedload(Roster.school))
    return session.scalars(found.order_by(Roster.id.desc()).limit(LISTED)).all()


def roster_for(session: Session, person: Person, roster_id: int) -> RosterView:
    """Return a list to its school and to whoever sees its applications, and log the look; the caller commits.

    Raises NoSuchRoster or NotAllowed.
    """
    roster = session.get(Roster, roster_id, options=[joinedload(Roster.school)])
    if roster is None:
        raise NoSuchRoster
    cases = _cases(session, roster_id)
    if not (
        oversees(person, roster.school.path) or any(may_see_case(person, case) for case in cases.values())
    ):
        raise errors.NotAllowed
    log_list(session, person, "roster", (line.student_id for line in roster.lines if line.student_id))
    lines = [_line(session, line, cases.get(line.student_id or 0)) for line in roster.lines]
    return RosterView(roster, lines, _waiting_for(person, lines))


def lists_waiting(session: Session, person: Person) -> list[Waiting]:
    """Return the lists that wait for somebody's posts, each with how many of its students do at which step."""
    posts = [(post.office_id, post.role) for post in person.posts]
    groups = session.execute(
        select(Task.roster_id, Task.step, func.count(), func.min(Task.due_on), func.min(Task.id))
        .where(Task.state == TaskState.OPEN, Task.roster_id.is_not(None))
        .where(tuple_(Task.office_id, Task.role).in_(posts))
        .group_by(Task.roster_id, Task.step)
        .order_by(func.min(Task.due_on), Task.roster_id)
    ).all()
    return [
        Waiting(
            session.get_one(Roster, roster_id, options=[joinedload(Roster.school)]),
            _step_of(session, session.get_one(Task, task_id)),
            students,
            due_on,
        )
        for roster_id, _, students, due_on, task_id in groups
    ]


def _cases(session: Session, roster_id: int) -> dict[int, ChangeRequest]:
    found = (
        select(ChangeRequest)
        .where(ChangeRequest.roster_id == roster_id, ChangeRequest.state != CaseState.DRAFT)
        .options(
            joinedload(ChangeRequest.process_version),
            joinedload(ChangeRequest.from_school),
            selectinload(ChangeRequest.tasks),
        )
        .order_by(ChangeRequest.id)
    )
    return {case.student_id: case for case in session.scalars(found)}


def _line(session: Session, line: RosterLine, case: ChangeRequest | None) -> Line:
    opened = [task for task in case.tasks if task.state == TaskState.OPEN] if case else []
    steps = [(task, _step_of(session, task)) for task in opened]
    refusal = told(line.told) if line.told else None
    return Line(line, case, steps, refusal, broken_rules(line.told) if line.told else ())


def _waiting_for(person: Person, lines: Sequence[Line]) -> Mapping[str, tuple[int, int]]:
    """Return the first task of somebody's at each step with the version of its case, by the name of the step."""
    posts = {(post.office_id, post.role) for post in person.posts}
    return {
        step.name: (task.id, line.case.version)
        for line in reversed(lines)
        if line.case
        for task, step in line.steps
        if (task.office_id, task.role) in posts
    }


def _step_of(session: Session, task: Task) -> Step:
    version = task.change_request.process_version
    assert version is not None, "a case with tasks has one"
    return definition_of(session, version.id, version.sha256).steps[task.step]
