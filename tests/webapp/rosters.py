"""A vocational school that lists its new students, and everybody through whom the list goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Office, Roster, Task
from models.enums import OfficeKind, Role, Sex, Stage, TaskState
from webapp import clock
from webapp.policy import Person
from webapp.services import rounds
from webapp.services.cases.bulks import approve_together
from webapp.services.cases.weighing import whole_step
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.registry.identity import synthetic_identity_number
from webapp.services.rosters.listing import list_new_students

A_SECOND = timedelta(seconds=1)
AUTUMN = date(2025, 9, 1)
_serials = count()


@dataclass
class Listing:
    """A school with its registrar, and whoever is asked for its list."""

    session: Session
    school: Office
    registrar: Person
    officers: dict[tuple[int, Role], Person] = field(default_factory=dict)

    def listed(self, *rows: Mapping[str, str]) -> Roster:
        return list_new_students(self.session, self.registrar, self.school, AUTUMN, rows)

    def cases(self, roster: Roster) -> list[ChangeRequest]:
        self.session.expire_all()
        found = select(ChangeRequest).where(ChangeRequest.roster_id == roster.id)
        return list(self.session.scalars(found.order_by(ChangeRequest.id)))

    def open_tasks(self, roster: Roster) -> list[Task]:
        self.session.expire_all()
        found = select(Task).where(Task.roster_id == roster.id, Task.state == TaskState.OPEN)
        return list(self.session.scalars(found.order_by(Task.id)))

    def officer(self, task: Task) -> Person:
        """Whoever holds the post that is asked, made if there is nobody yet."""
        post = (task.office_id, task.role)
        if post not in self.officers:
            office = self.session.get_one(Office, task.office_id)
            self.officers[post] = makers.an_officer(self.session, office, task.role)
            self.session.commit()
        return self.officers[post]

    def approve_step(self, roster: Roster) -> str:
        """Let whoever is asked approve all of the list that waits at the first step; return its name."""
        task = self.open_tasks(roster)[0]
        officer = self.officer(task)
        together = whole_step(self.session, officer, task.id)
        bulk = approve_together(self.session, officer, together)
        with clock.freeze(bulk.runs_at + A_SECOND):
            rounds.work_off(self.session)
        return bulk.step


def a_listing(session: Session, *, pack: str | None = None, at: str = "410325") -> Listing:
    """Make a vocational school whose registrar lists new students; seats are filled by the step."""
    session.info["settings"] = settings_of(session).model_copy(update={"demo": True})  # made-up identities
    school = makers.a_school(session, at, Stage.VOCATIONAL, rule_pack=pack)
    registrar = makers.an_officer(session, school, Role.REGISTRAR)
    listing = Listing(session, school, registrar)
    for office_id, role in _posts(session, school):
        office = session.get_one(Office, office_id)
        listing.officers[office_id, role] = makers.an_officer(session, office, role)
    listing.officers[school.id, Role.REGISTRAR] = registrar
    session.commit()
    return listing


def a_row(name: str, *, born: date = date(2010, 5, 6), sex: Sex = Sex.FEMALE, **more: str) -> dict[str, str]:
    """A row of the list, with an identity number of its own."""
    number = synthetic_identity_number(born, next(_serials) % 500, sex)
    usual = {
        "姓名": name,
        "身份证件号": number,
        "班级": "1班",
        "专业代码": "710201",
        "专业名称": "计算机应用",
    }
    return usual | more


def _posts(session: Session, school: Office) -> Iterator[tuple[int, Role]]:
    county, city = school.path[-2], school.path[-3]
    exam_office = select(Office.id).where(Office.superior_id == city, Office.kind == OfficeKind.EXAM_OFFICE)
    yield from ((school.id, role) for role in (Role.LEAD, Role.PRINCIPAL))
    yield county, Role.HANDLER
    yield session.scalars(exam_office).one(), Role.HANDLER
    yield from ((city, role) for role in (Role.HANDLER, Role.CHIEF, Role.DEPUTY))
