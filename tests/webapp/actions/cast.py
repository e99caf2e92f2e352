"""Everybody who has a part in the scenes or none, and what each of them is in a state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Account, Office, Task
from models.enums import Role
from tests.webapp.actions.action import Somebody
from tests.webapp.actions.states import DONE, SCHOOL_APPLIED
from tests.webapp.actions.vocabulary import State, Who
from tests.webapp.road import Road, a_road
from tests.webapp.standing_in import stands_in
from webapp.policy import Person, post_for
from webapp.services.demo import makers
from webapp.services.people.accounts import person_now

# Of these the task at hand is the last step's; the chief's, whom the handler asked; the registrar's, who looks again.
AT_THE_LAST = (State.LAST, State.RETURNED_LATE)
OF_CHIEF, OF_REGISTRAR = (State.OPINION, State.COSIGNATURE), (State.SECOND_LOOK,)


@dataclass
class Cast:
    """Who plays in all scenes of one road; the family is each scene's own."""

    road: Road
    county: Office
    handler: Person
    colleague: Person
    deputy: Person
    chief: Person
    other_chief: Person
    county_lead: Person
    registrar: Person
    other_registrar: Person
    of_two_offices: Person
    parent: Account
    releasing: Person
    city_lead: Person
    strangers: Mapping[str, Person]

    @property
    def session(self) -> Session:
        return self.road.session


def a_cast(session: Session) -> Cast:
    """Staff a road; the receiving school's lead is a handler of the county too, and a deputy acts for the handler."""
    road = a_road(session)
    school, county = road.receiving, session.get_one(Office, road.receiving.superior_id)
    city = session.get_one(Office, county.superior_id)
    handler = road.officers[county.id, Role.HANDLER]
    lead = session.get_one(Account, road.officers[school.id, Role.LEAD].account_id)
    parent = makers.an_account(session, "经办家长")
    for office, role in ((county, Role.HANDLER), (county, Role.CHIEF), (school, Role.REGISTRAR)):
        makers.an_officer(session, office, role, account=parent)
    deputy = makers.an_officer(session, county, Role.DEPUTY)
    stands_in(session, handler, deputy, days=5)
    last = session.get_one(Office, road.releasing.superior_id)
    for role in (Role.HANDLER, Role.LEAD):
        makers.an_officer(session, last, role)
    of_two_offices = makers.an_officer(session, county, Role.HANDLER, account=lead)
    road.officers[school.id, Role.LEAD] = of_two_offices
    cast = Cast(
        road=road,
        county=county,
        handler=handler,
        colleague=makers.an_officer(session, county, Role.HANDLER),
        deputy=person_now(session, deputy.account_id),
        chief=makers.an_officer(session, county, Role.CHIEF),
        other_chief=makers.an_officer(session, county, Role.CHIEF),
        county_lead=makers.an_officer(session, county, Role.LEAD),
        registrar=road.officers[school.id, Role.REGISTRAR],
        other_registrar=makers.an_officer(session, school, Role.REGISTRAR),
        of_two_offices=of_two_offices,
        parent=parent,
        releasing=road.officers[road.releasing.id, Role.REGISTRAR],
        city_lead=makers.an_officer(session, city, Role.LEAD),
        strangers=_strangers(road, city),
    )
    session.commit()
    return cast


def _strangers(road: Road, city: Office) -> dict[str, Person]:
    session = road.session
    elsewhere = makers.a_school(session, "410324")
    another = session.get_one(Office, elsewhere.superior_id)
    return {
        "guardian of another child": makers.a_guardian(session, makers.a_student(session, elsewhere)),
        "handler of another county": makers.an_officer(session, another, Role.HANDLER),
        "lead of another county": makers.an_officer(session, another, Role.LEAD),
        "registrar of another school": makers.an_officer(session, elsewhere, Role.REGISTRAR),
        "administrator": makers.an_officer(session, city, Role.ADMINISTRATOR),
        "auditor": makers.an_officer(session, city, Role.AUDITOR),
        "nobody": makers.person_of(session, makers.an_account(session, "路人")),
    }


def everybody(
    cast: Cast, road: Road, second: Person, state: State, waiting: Sequence[Task]
) -> dict[str, Somebody]:
    """Say of everybody what he is in this state; of the last step's office only strangers to it are there."""
    parent = makers.person_of(road.session, cast.parent)
    base = {
        "the family": [road.guardian, Who.FAMILY, Who.APPLICANT],
        "the other parent": [second, Who.FAMILY],
        "registrar where it began": [cast.registrar, Who.OFFICER, Who.REGISTRAR],
        "a colleague of that registrar": [cast.other_registrar, Who.OFFICER, Who.REGISTRAR],
        "registrar of the releasing school": [cast.releasing, Who.OFFICER, Who.READER],
        "lead of the city": [cast.city_lead, Who.OFFICER, Who.BUREAU],
        "handler": [cast.handler, Who.OFFICER],
        "another handler": [cast.colleague, Who.OFFICER],
        "the handler's substitute": [cast.deputy, Who.OFFICER, Who.BUREAU],
        "chief": [cast.chief, Who.OFFICER],
        "another chief": [cast.other_chief, Who.OFFICER],
        "lead": [cast.county_lead, Who.OFFICER, Who.BUREAU],
        "one who decided for another office": [cast.of_two_offices, Who.OFFICER],
        "an officer whose child it is": [parent, Who.OFFICER, Who.REGISTRAR, Who.FAMILY],
        **{name: [person] for name, person in cast.strangers.items()},
    }
    if state in SCHOOL_APPLIED:
        base["the family"].remove(Who.APPLICANT)
        for somebody in base.values():
            if Who.REGISTRAR in somebody:
                somebody += [Who.SCHOOL, Who.APPLICANT]
    for name, who in _of_task(road, cast, state):
        base[name].append(who)
    if state in AT_THE_LAST:
        officer = road.officers[road.releasing.superior_id, Role.HANDLER]
        base["handler of the last step"] = [officer, Who.OFFICER, Who.HOLDER]
    return {
        name: Somebody(
            person,
            frozenset(is_),
            own_child=person is parent,
            took_a_step=person is cast.of_two_offices,
            for_him_alone=bool(waiting) and all(post_for(person, one.office_id, one.role) for one in waiting),
        )
        for name, (person, *is_) in base.items()
    }


def _of_task(road: Road, cast: Cast, state: State) -> list[tuple[str, Who]]:
    """Who holds the post of the task at hand, has claimed or decided it, and leads its office."""
    if state in (State.DRAFT, *AT_THE_LAST):
        return []
    parent = ("an officer whose child it is", Who.HOLDER)
    if state in OF_REGISTRAR:
        names = ("registrar where it began", "a colleague of that registrar")
        return [
            parent,
            ("one who decided for another office", Who.LEAD),
            *((name, Who.HOLDER) for name in names),
        ]
    if state in OF_CHIEF:
        chiefs = [(name, Who.HOLDER) for name in ("chief", "another chief")]
        return [parent, ("lead", Who.LEAD), ("chief", Who.CLAIMANT), *chiefs]
    handlers = (
        "handler",
        "another handler",
        "the handler's substitute",
        "one who decided for another office",
    )
    of_handler = [parent, ("lead", Who.LEAD), *((name, Who.HOLDER) for name in handlers)]
    if state == State.CLAIMED:
        of_handler += [("handler", Who.CLAIMANT), ("the handler's substitute", Who.CLAIMANT)]
    if state in DONE:
        of_handler.append(("handler", Who.DECIDER))
    return of_handler
