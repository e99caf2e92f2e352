"""A case touched at random: everybody who might, what time it is for them, and one thing that somebody tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest, Copy, Membership, Substitution, Task
from models.enums import CaseTimerKind, OfficeKind, Role, TaskState
from webapp import clock
from webapp.policy import DECIDING_ROLES, Person
from webapp.services.offices.kept_from import kept_from

WAITING = (TaskState.OPEN, TaskState.SUSPENDED)


@dataclass
class Crowd:
    """A case under way, and the people about it; `other_school_id` is one that the family may choose instead."""

    session: Session
    case_id: int
    account_ids: Sequence[int]
    other_school_id: int
    now: datetime

    @property
    def case(self) -> ChangeRequest:
        return self.session.get_one(ChangeRequest, self.case_id)

    def tasks(self) -> list[Task]:
        return sorted(self.case.tasks, key=lambda task: -task.id)

    def waits(self) -> bool:
        """Whether anybody has something to do, or time is waited for."""
        timers = (CaseTimer.change_request_id == self.case_id, CaseTimer.kind == CaseTimerKind.FIRES)
        armed = self.session.scalar(select(CaseTimer.key).where(*timers).limit(1))
        return armed is not None or any(task.state in WAITING for task in self.tasks())

    def taker(self, task: Task, pick: int) -> int:
        """Whoever has claimed a task, or holds its post and may decide it; now and then who stands in for him."""
        held = self._holder(task.office_id, task.role, *kept_from(self.session, task.id, self.now.date()))
        holder = task.claimed_by_id or held or self.account_ids[0]
        acts = (Substitution.absent_id == holder, *self._named_now())
        stands_in = self.session.scalar(select(Substitution.substitute_id).where(*acts).limit(1))
        return stands_in if stands_in and pick % 2 else holder

    def registrar_where_it_began(self) -> int:
        schools = {self.case.from_school_id, self.case.to_school_id}
        offices = [task.seat_office_id for task in reversed(self.tasks()) if task.seat_office_id in schools]
        return self._holder(offices[0], Role.REGISTRAR) if offices else self.account_ids[0]

    def leader_above(self, pick: int) -> int:
        """Who leads a bureau above one of the schools."""
        schools = (school for school in (self.case.from_school, self.case.to_school) if school)
        above = {office_id for school in schools for office_id in school.path[:-1]}
        return self._one(Membership.office_id.in_(above), Membership.role == Role.LEAD, pick=pick)

    def officer_of_the_case(self, pick: int) -> int:
        """Somebody who decides in an office that the case has to do with, and has not handed it in."""
        kept = Membership.account_id.not_in(self.case.applicant_ids)
        offices, roles = self.case.seats.values(), DECIDING_ROLES
        return self._one(Membership.office_id.in_(offices), Membership.role.in_(roles), kept, pick=pick)

    def reader(self) -> int | None:
        """Somebody to whom the case was copied and who has not read it."""
        mine = (Copy.change_request_id == self.case_id, Copy.read_at.is_(None))
        return self.session.scalar(select(Copy.account_id).where(*mine).limit(1))

    def substitutions(self) -> Sequence[Substitution]:
        """Who stands in today for one of them."""
        named = (Substitution.absent_id.in_(self.account_ids), *self._named_now())
        return self.session.scalars(select(Substitution).where(*named).order_by(Substitution.id)).all()

    def school_anew(self) -> int:
        """The school that the family has not chosen."""
        here = self.case.to_school is not None and self.case.to_school.kind == OfficeKind.SCHOOL
        other = here and self.case.to_school_id != self.other_school_id
        return self.other_school_id if other else self.case.to_school_id or self.other_school_id

    def _named_now(self) -> tuple[object, ...]:
        today = clock.today()
        return Substitution.valid_from <= today, Substitution.valid_to > today

    def _holder(self, office_id: int, role: Role, *besides: int) -> int | None:
        post = (Membership.office_id == office_id, Membership.role == role)
        return self._one(*post, Membership.account_id.not_in(besides), pick=0)

    def _one(self, *which: object, pick: int) -> int | None:
        held = select(Membership.account_id).where(*which, Membership.valid_on(clock.today()))
        found = self.session.scalars(held.order_by(Membership.id)).all()
        mine = [account_id for account_id in found if account_id in self.account_ids] or found
        return mine[pick % len(mine)] if mine else None


@dataclass(frozen=True)
class Turn:
    """One thing that somebody tries: which task he has in mind, and whatever else he has to choose."""

    crowd: Crowd
    person: Person
    task: Task
    pick: int

    @property
    def session(self) -> Session:
        return self.crowd.session

    @property
    def version(self) -> int:
        """The case's as he saw it, who rarely has an old page in front of him."""
        return self.task.change_request.version - (self.pick % 13 == 12)

    def one_of(self, many: Sequence[int]) -> int:
        return many[self.pick % len(many)] if many else 0
