"""Cases in every state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ChangeRequest, Membership, Office, Task
from models.enums import Ask, Outcome, Role
from tests.webapp.actions.action import Somebody
from tests.webapp.actions.cast import Cast, everybody
from tests.webapp.actions.states import SCHOOL_APPLIED
from tests.webapp.actions.vocabulary import State, Who
from tests.webapp.road import Road, a_fujian_road
from webapp import clock
from webapp.services.cases import claims, copies
from webapp.services.cases.asks import ask, send_back_to
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.stopping import revoke, terminate
from webapp.services.demo import makers

COUNTY = "receiving_authorities/in_county"
REASON = "材料不清楚"
LONG = timedelta(days=16)  # ten working days are over after


@dataclass(frozen=True)
class Scene:
    """A case in a state, the task at hand (none of a draft), and people by what one would call them.

    `earlier_token` is what the token was while the task at hand was open.
    """

    state: State
    session: Session
    student_id: int
    case_id: int
    task_id: int
    people: Mapping[str, Somebody]
    earlier_token: bytes | None = None


def scene(cast: Cast, state: State) -> Scene:
    """Bring a new family's case to a state."""
    if state == State.FILING:
        return _filing(cast.session)
    road = cast.road.rival()
    student = road.student
    second = makers.a_guardian(road.session, student)
    makers.a_guardian(road.session, student, account=cast.parent)
    if state == State.DRAFT:
        case = road.draft()
        people = everybody(cast, road, second, state, ())
        return Scene(state, road.session, student.id, case.id, 0, people)
    with clock.freeze(clock.now() - LONG if state == State.OVERDUE else clock.now()):
        case = road.applied(until=COUNTY, by=cast.registrar if state in SCHOOL_APPLIED else None)
        task = road.open_task(case)
    earlier = case.token
    task = BRING.get(state, _as_it_is)(cast, road, case, task)
    copies.send(road.session, cast.handler, case.id, to=[cast.releasing.account_id])
    road.session.commit()
    people = everybody(cast, road, second, state, road.open_tasks(case))
    return Scene(state, road.session, student.id, case.id, task.id, people, earlier)


def _as_it_is(_cast: Cast, _road: Road, _case: ChangeRequest, task: Task) -> Task:
    return task


def _last(cast: Cast, road: Road, case: ChangeRequest, _task: Task) -> Task:
    """The releasing county's, which is there the last."""
    return road.approve_until(case, "releasing_authorities/out_county")


def _overdue(_cast: Cast, _road: Road, _case: ChangeRequest, task: Task) -> Task:
    assert task.due_on < clock.today()
    return task


def _claimed(cast: Cast, road: Road, _case: ChangeRequest, task: Task) -> Task:
    claims.claim(road.session, cast.handler, task.id)
    return task


def _asked(kind: Ask, *, of_whom: bool) -> Callable[..., Task]:
    """The handler has asked the chief: the task at hand is the question's, or the one from which it was asked."""

    def bring(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
        post = select(Membership.id).where(Membership.account_id == cast.chief.account_id)
        of = [road.session.scalars(post).one()]
        how = {"kind": kind, "of": of, "question": REASON, "version": case.version}
        ask(road.session, cast.handler, task.id, **how)
        return _of_question(road, case, task) if of_whom else task

    return bring


def _sent_back(*, of_whom: bool) -> Callable[..., Task]:
    def bring(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
        how = {"to_task_id": case.tasks[0].id, "reason": REASON, "version": case.version}
        send_back_to(road.session, cast.handler, task.id, **how)
        return _of_question(road, case, task) if of_whom else task

    return bring


def _of_question(road: Road, case: ChangeRequest, task: Task) -> Task:
    [question] = [one for one in road.open_tasks(case) if one.asked_from == task.key]
    return question


def _returned(_cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    road.send_back(case)
    return task


def _returned_late(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    last = _last(cast, road, case, task)
    road.send_back(case)
    return last


def _decided(_cast: Cast, road: Road, case: ChangeRequest, task: Task, times: int = 1) -> Task:
    road.approve(case, times=times)
    return task


def _followed(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    return _decided(cast, road, case, task, times=2)


def _completed(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    _decided(cast, road, case, task)
    while case.state.is_open:
        road.approve(case)
    return task


def _rejected(_cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    road.decide(case, Outcome.REJECT, REASON)
    return task


def _withdrawn(_cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    withdraw(road.session, road.guardian, case.id)
    return task


def _revoked(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    revoke(road.session, cast.registrar, case.id, reason=REASON)
    return task


def _terminated(cast: Cast, road: Road, case: ChangeRequest, task: Task) -> Task:
    terminate(road.session, cast.county_lead, case.id, reason=REASON)
    return task


BRING: Mapping[State, Callable[..., Task]] = {
    State.LAST: _last,
    State.OVERDUE: _overdue,
    State.CLAIMED: _claimed,
    State.QUESTION: _asked(Ask.OPINION, of_whom=False),
    State.OPINION: _asked(Ask.OPINION, of_whom=True),
    State.SIGNED: _asked(Ask.COSIGNATURE, of_whom=False),
    State.COSIGNATURE: _asked(Ask.COSIGNATURE, of_whom=True),
    State.SENT_BACK: _sent_back(of_whom=False),
    State.SECOND_LOOK: _sent_back(of_whom=True),
    State.RETURNED: _returned,
    State.RETURNED_TO_SCHOOL: _returned,
    State.RETURNED_LATE: _returned_late,
    State.DECIDED: _decided,
    State.FOLLOWED: _followed,
    State.COMPLETED: _completed,
    State.REJECTED: _rejected,
    State.WITHDRAWN: _withdrawn,
    State.REVOKED: _revoked,
    State.TERMINATED: _terminated,
}


def _filing(session: Session) -> Scene:
    """A transfer in Fujian that is completed and still to be filed."""
    road = a_fujian_road(session)
    case = road.applied()
    while case.state.is_open:
        road.approve(case)
    [task] = [one for one in road.open_tasks(case) if not one.blocking]
    holder = road.officer(task)
    colleague = makers.an_officer(session, task.office, Role(task.role))
    lead = makers.an_officer(session, task.office, Role.LEAD)
    school = session.get_one(Office, _where_it_began(case))
    registrar = makers.an_officer(session, school, Role.REGISTRAR)
    nobody = makers.person_of(session, makers.an_account(session, "路人"))
    session.commit()
    copies.send(session, holder, case.id, to=[registrar.account_id])
    people = {
        "the family": Somebody(road.guardian, frozenset({Who.FAMILY, Who.APPLICANT})),
        "handler": Somebody(holder, frozenset({Who.HOLDER, Who.OFFICER})),
        "another handler": Somebody(colleague, frozenset({Who.HOLDER, Who.OFFICER})),
        "lead": Somebody(lead, frozenset({Who.LEAD, Who.BUREAU, Who.OFFICER})),
        "registrar where it began": Somebody(registrar, frozenset({Who.REGISTRAR, Who.OFFICER, Who.READER})),
        "nobody": Somebody(nobody),
    }
    return Scene(State.FILING, session, road.student.id, case.id, task.id, people)


def _where_it_began(case: ChangeRequest) -> int:
    schools = (case.from_school_id, case.to_school_id)
    return next(task.seat_office_id for task in case.tasks if task.seat_office_id in schools)
