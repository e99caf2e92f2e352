"""A case on its way through a town, and everybody in it: who has a part in the case, and who has none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import Account, Base, Bulk, ChangeRequest, ExchangeMessage, Office, Paper, Roster, Student, Task
from models.enums import (
    MessageDirection,
    MessageKind,
    OfficeKind,
    RegistryState,
    Role,
    Season,
    SuspensionReason,
    Trouble,
)
from tests.webapp.road import Road, a_road
from tests.webapp.site import Site, Visitor
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.bulks import approve_together
from webapp.services.demo import makers

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Route:
    """One way in: its method and address, what is sent, and which outsiders may come in all the same."""

    method: str
    path: str
    open_to: frozenset[str] = frozenset()
    sent: Callable[[], Mapping[str, object]] = dict


@dataclass
class Town:
    """A case on its way, a draft beside it, and people who have no part in either, or another one."""

    site: Site
    road: Road
    outsiders: Mapping[str, Visitor]
    insiders: Mapping[str, Visitor]
    ids: Mapping[str, int]

    def send(self, visitor: Visitor, route: Route) -> TestResponse:
        path = route.path.format_map(self.ids)
        if route.method == "GET":
            return visitor.get(path)
        sent = route.sent()
        named = {name: said.format_map(self.ids) for name, said in sent.items() if isinstance(said, str)}
        return visitor.post(path, **{**sent, **named})


def a_town(site: Site) -> Town:
    session = site.session
    road = a_road(session)
    case = road.applied()
    task = road.approve_until(case, "releasing_authorities/out_county")
    sibling = makers.a_student(session, road.releasing, grade=3, entered=date(2024, 9, 1))
    both = makers.a_guardian(session, sibling, account=session.get_one(Account, road.guardian.account_id))
    session.commit()
    draft = Road(session, sibling, both, road.releasing, road.receiving, road.form).draft()
    pupil = a_suspended_pupil(session, road.releasing)
    message = a_message_in_dispute(session, case)
    ids = {
        "case": case.id,
        "message": message.id,
        "task": task.id,
        "bulk": a_bulk(road, task).id,
        "paper": session.scalars(select(Paper.id).where(Paper.change_request_id == case.id)).first(),
        "student": sibling.id,
        "draft": draft.id,
        "pupil": pupil.id,
        "roster": a_roster(session, road.releasing).id,
        "proposal": makers.a_proposal(session, pupil, road.releasing, "suspension_expired").id,
        "sanction": makers.a_sanction(session, pupil, decided_on=date(2025, 9, 1)).id,
        "school": road.receiving.id,
    }
    session.commit()
    outsiders = {name: site.visitor(person) for name, person in strangers_to(session, road).items()}
    insiders = {name: site.visitor(person) for name, person in parts_in(session, road).items()}
    return Town(site, road, outsiders, insiders, ids)


def a_roster(session: Session, school: Office) -> Roster:
    """A list of new students on which nobody stands yet."""
    roster = Roster(
        school_id=school.id,
        season=Season.AUTUMN,
        entered_on=date(2025, 9, 1),
        grade=1,
        outsiders=0,
        listed_by_id=session.scalars(select(Account.id)).first(),
        listed_at=clock.now(),
    )
    session.add(roster)
    session.commit()
    return roster


def a_suspended_pupil(session: Session, school: Office) -> Student:
    """Whose suspension is over."""
    pupil = makers.a_student(session, school, entered=date(2023, 9, 1), state=RegistryState.SUSPENDED)
    makers.a_spell(session, pupil, SuspensionReason.ILLNESS, date(2024, 9, 1), date(2025, 8, 31))
    session.commit()
    return pupil


def a_bulk(road: Road, task: Task) -> Bulk:
    """What the officer of a task wants to approve with others, and can still undo."""
    return approve_together(road.session, road.officer(task), {task.id: task.change_request.version})


def a_message_in_dispute(session: Session, case: ChangeRequest) -> ExchangeMessage:
    """A message about a case that another province takes for wrong."""
    now = clock.now()
    message = ExchangeMessage(
        direction=MessageDirection.OUT,
        partner="51",
        province="41",
        message_id=uuid4(),
        reference=uuid4(),
        kind=MessageKind.ENDED,
        change_request_id=case.id,
        body={"how": "withdrawn", "reason": ""},
        sent_at=now,
        created_at=now,
        due_at=now + A_DAY,
        attempts=1,
        tried_at=now,
        refused=True,
        trouble=Trouble.CALLED_WRONG,
        error="400 ?",
    )
    session.add(message)
    session.commit()
    return message


def strangers_to(session: Session, road: Road) -> dict[str, Person]:
    elsewhere = makers.a_school(session, "410324")
    bureaus = select(Office).where(Office.kind == OfficeKind.BUREAU)
    county = session.scalars(bureaus.where(Office.division_code == "410324")).one()
    above = [session.get_one(Office, office_id) for office_id in road.receiving.path[:-1]]
    people = {
        "guardian of another child": makers.a_guardian(session, makers.a_student(session, elsewhere)),
        "handler of another county": makers.an_officer(session, county, Role.HANDLER),
        "registrar of an uninvolved school": makers.an_officer(session, elsewhere, Role.REGISTRAR),
        "administrator": makers.an_officer(session, above[0], Role.ADMINISTRATOR),
        "auditor": makers.an_officer(session, above[-1], Role.AUDITOR),
        "nobody": makers.person_of(session, makers.an_account(session, "nobody")),
    }
    session.commit()
    return people


def parts_in(session: Session, road: Road) -> dict[str, Person]:
    receiving, releasing = road.receiving, road.releasing
    city_id, county_id = releasing.path[-3:-1]
    people = {
        "family": road.guardian,
        "registrar of the receiving school": road.officers[receiving.id, Role.REGISTRAR],
        "lead of the receiving school": road.officers[receiving.id, Role.LEAD],
        "principal of the receiving school": makers.an_officer(session, receiving, Role.PRINCIPAL),
        "handler of the receiving county": road.officers[receiving.superior_id, Role.HANDLER],
        "registrar of the releasing school": road.officers[releasing.id, Role.REGISTRAR],
        "lead of the releasing school": road.officers[releasing.id, Role.LEAD],
        "chief of the releasing county": makers.an_officer(
            session, session.get_one(Office, county_id), Role.CHIEF
        ),
        "handler of the city above both": road.officers[city_id, Role.HANDLER],
        "handler of the releasing county": road.officers[county_id, Role.HANDLER],
    }
    session.commit()
    return people


def contents(session: Session) -> dict[str, tuple[int, int | None]]:
    """How many rows each table has, and the last transaction that wrote one; the log of looks apart."""
    session.rollback()
    found = session.execute(text(_CONTENTS)).all()
    return {name: (rows, written) for name, rows, written in found}


_CONTENTS = " UNION ALL ".join(
    f"SELECT '{table.name}', count(*), max(xmin::text::bigint) FROM {table.name}"
    for table in Base.metadata.sorted_tables
    if table.name != "access_log"
)
