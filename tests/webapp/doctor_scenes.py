"""Cases on their way, each a scene in which something then befalls its rows: how it begins, and how it goes on."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models import Bulk, ChangeRequest
from models.enums import CaseState, Outcome, Role
from tests.webapp.asking.asked import COUNTY, send_back
from tests.webapp.road import Road, a_fujian_road, a_road, work_off
from tests.webapp.standing_in import stands_in
from tests.webapp.together import A_SECOND
from webapp.policy import post_for
from webapp.services.cases.answers import answer
from webapp.services.cases.bulks import approve_together
from webapp.services.cases.claims import claim
from webapp.services.cases.copies import acknowledge, readers, send
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import recall
from webapp.services.cases.urging import urge
from webapp.services.demo import makers
from webapp.services.people.accounts import person_now

Scene = tuple[
    Callable[[Session], Road],
    Callable[[Road, ChangeRequest], object],
    Callable[[Road, ChangeRequest], object],
]


def nothing(road: Road, case: ChangeRequest) -> None:
    pass


def reviewed(road: Road, case: ChangeRequest) -> None:
    road.approve(case)


def returned(road: Road, case: ChangeRequest) -> None:
    road.approve(case)
    road.send_back(case)


def claimed(road: Road, case: ChangeRequest) -> None:
    makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    road.session.commit()
    task = road.open_task(case)
    claim(road.session, road.officer(task), task.id)


def approved_from_the_first(road: Road, case: ChangeRequest) -> None:
    assert road.approve(case, times=6) == CaseState.COMPLETED


def stood_in(road: Road, case: ChangeRequest) -> None:
    """Somebody takes the first step in the place of the registrar, who is away."""
    session, task = road.session, road.open_task(case)
    away, principal = road.officer(task), makers.an_officer(session, road.receiving, Role.PRINCIPAL)
    session.commit()
    post = post_for(away, task.office_id, task.role)
    acts = stands_in(session, away, principal, post=post)
    decide(session, acts, task.id, outcome=Outcome.APPROVE, version=case.version)


def copied_and_urged(road: Road, case: ChangeRequest) -> None:
    session, lead = road.session, road.officers[road.receiving.id, Role.LEAD]
    [reader] = [one for one in readers(session, lead, case) if one.office_id == road.releasing.id][:1]
    send(session, lead, case.id, to=[reader.account_id], word="请阅")
    acknowledge(session, person_now(session, reader.account_id), case.id)
    urge(session, road.guardian, case.id)


def resumed(road: Road, case: ChangeRequest) -> None:
    returned(road, case)
    road.mend(case)


def looked_at(road: Road, case: ChangeRequest) -> None:
    """The county has the receiving school look a second time."""
    road.approve_until(case, COUNTY)
    send_back(road, case)


def answered(road: Road, case: ChangeRequest) -> None:
    looked_at(road, case)
    answer_the_look(road, case)


def answer_the_look(road: Road, case: ChangeRequest) -> None:
    task, version = road.open_task(case), case.version
    answer(road.session, road.officer(task), task.id, opinion="情况属实", version=version)


def recalled(road: Road, case: ChangeRequest) -> None:
    first = road.open_task(case)
    road.approve(case)
    recall(road.session, road.officer(first), first.id, version=case.version)


def sent_with_others(road: Road, case: ChangeRequest) -> Bulk:
    task = road.approve_until(case, COUNTY)
    return approve_together(road.session, road.officer(task), {task.id: case.version}, opinion="同意")


def approved_with_others(road: Road, case: ChangeRequest) -> None:
    bulk = sent_with_others(road, case)
    bulk.runs_at = bulk.created_at + A_SECOND
    road.session.commit()
    work_off(road.session)


def withdrawn(road: Road, case: ChangeRequest) -> None:
    withdraw(road.session, road.guardian, case.id)


def completed(road: Road, case: ChangeRequest) -> None:
    road.approve(case, times=6)


def to_be_filed(road: Road, case: ChangeRequest) -> None:
    road.approve(case, times=2)


def approved_to_the_end(road: Road, case: ChangeRequest) -> None:
    assert road.approve(case, times=5) == CaseState.COMPLETED


def mended_and_approved_to_the_end(road: Road, case: ChangeRequest) -> None:
    road.mend(case)
    approved_to_the_end(road, case)


def answered_and_approved_to_the_end(road: Road, case: ChangeRequest) -> None:
    answer_the_look(road, case)
    approved_by_all_others(road, case)


def approved_by_all_others(road: Road, case: ChangeRequest) -> None:
    while road.approve(case) != CaseState.COMPLETED:
        pass


def filed(road: Road, case: ChangeRequest) -> None:
    road.decide(case, Outcome.ACKNOWLEDGE)


IN_REVIEW: Scene = (a_road, reviewed, approved_to_the_end)
RETURNED: Scene = (a_road, returned, mended_and_approved_to_the_end)
RESUMED: Scene = (a_road, resumed, approved_to_the_end)
LOOKED_AT: Scene = (a_road, looked_at, answered_and_approved_to_the_end)
ANSWERED: Scene = (a_road, answered, approved_by_all_others)
RECALLED: Scene = (a_road, recalled, approved_from_the_first)
TO_BE_APPROVED: Scene = (a_road, sent_with_others, nothing)
TOGETHER: Scene = (a_road, approved_with_others, approved_by_all_others)
WITHDRAWN: Scene = (a_road, withdrawn, nothing)
CLAIMED: Scene = (a_road, claimed, approved_from_the_first)
STOOD_IN: Scene = (a_road, stood_in, approved_to_the_end)
COPIED: Scene = (a_road, copied_and_urged, nothing)
COMPLETED: Scene = (a_road, completed, nothing)
FILED: Scene = (a_fujian_road, to_be_filed, filed)
