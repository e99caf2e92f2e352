"""What a running scenario knows: its schools, students and people, its cases, its clock."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, Student, Task
from models.enums import Role, Seat
from webapp import clock
from webapp.scenarios.people import People
from webapp.scenarios.strict import ScenarioError, UnexpectedError
from webapp.services.changes.eligibility import FailedRule, NotEligible
from webapp.services.rounds import work_off

Thing = TypeVar("Thing")


class World:
    """The state of one scenario. Leave it as a context manager, so that the clock runs on again."""

    def __init__(self, session: Session, begins: datetime) -> None:
        self.session = session
        self.people = People(session)
        self.schools: dict[str, Office] = {}
        self.students: dict[str, Student] = {}
        self.warned: Sequence[FailedRule] = ()
        self.refused: NotEligible | None = None
        self.bulk_id: int | None = None
        self.lines: dict[str, int] = {}
        self._cases: list[tuple[str, int]] = []
        self._clock = ExitStack()
        self._begins = begins

    def __enter__(self) -> "World":
        self._clock.enter_context(clock.freeze(self._begins))
        return self

    def __exit__(self, *_: object) -> None:
        self._clock.close()

    def move_clock(self, to: datetime) -> None:
        """Let time stand still at a later moment."""
        if to < clock.now():
            raise ScenarioError(f"the clock does not go back to {to}")
        self._clock.enter_context(clock.freeze(to))

    def work(self) -> None:
        """Do all that a worker would have done by now."""
        work_off(self.session)

    def school(self, name: str) -> Office:
        """Return a school of the scenario."""
        return _found(self.schools, name, "schools")

    def student(self, name: str) -> Student:
        """Return a student of the scenario."""
        return _found(self.students, name, "students")

    def add_case(self, student: str, case: ChangeRequest) -> None:
        """Note that a case of the student was opened."""
        self._cases.append((student, case.id))

    def case(self, student: str | None = None) -> ChangeRequest:
        """Return the student's latest case, fresh; without a student the only one's who has any."""
        having = {name for name, _ in self._cases}
        if student is None and len(having) > 1:
            raise ScenarioError(f"say whose case is meant: {', '.join(sorted(having))}")
        ids = [case_id for name, case_id in self._cases if student in (None, name)]
        if not ids:
            raise UnexpectedError("there is no case")
        return self.session.get_one(ChangeRequest, ids[-1], populate_existing=True)

    def tasks(self, case: ChangeRequest, seat: Seat, role: Role | None) -> list[Task]:
        """Return the case's tasks that the diagram has for a seat, and for that role in it, oldest first."""
        statement = select(Task).where(Task.change_request_id == case.id, Task.seat == seat).order_by(Task.id)
        if role is not None:
            statement = statement.where(Task.seat_role == role)
        return list(self.session.scalars(statement.execution_options(populate_existing=True)))


def _found(things: dict[str, Thing], name: str, kind: str) -> Thing:
    if name not in things:
        raise ScenarioError(f"there is no {name} in given.{kind}")
    return things[name]
