"""The doctor raises no false alarm, however a case goes; test_recalls, exchange and outside ask him of theirs."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import Outcome, PaperKind, Role
from tests.webapp.doctoring import complaints, complaints_in_all
from tests.webapp.road import TERM_BEGINS, Road, a_fujian_road, a_road, work_off
from tests.webapp.standing_in import stands_in
from tests.webapp.test_trail_of_the_road import WAYS
from tests.webapp.together import carried_out, waiting_together
from webapp import clock
from webapp.services.cases.claims import claim
from webapp.services.cases.decisions import decide
from webapp.services.cases.recalls import recall
from webapp.services.cases.stopping import revoke
from webapp.services.cases.urging import urge
from webapp.services.demo import makers
from webapp.services.offices.appointments import dismiss

pytestmark = pytest.mark.slow


def recalled(road: Road, case: ChangeRequest) -> None:
    first = road.open_task(case)
    road.approve(case)
    recall(road.session, road.officer(first), first.id, version=case.version)


def recalled_and_completed(road: Road, case: ChangeRequest) -> None:
    recalled(road, case)
    road.approve(case, times=6)


def urged(road: Road, case: ChangeRequest) -> None:
    urge(road.session, road.guardian, case.id)


def revoked(road: Road, case: ChangeRequest) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    revoke(road.session, registrar, case.id, reason="学校撤销")


def returned_twice(road: Road, case: ChangeRequest) -> None:
    for _ in range(2):
        road.send_back(case)
        road.mend(case)
    road.send_back(case, PaperKind.TRANSFER_FORM)


def rejected_after_it_was_returned(road: Road, case: ChangeRequest) -> None:
    road.send_back(case)
    road.mend(case)
    road.decide(case, Outcome.REJECT, "学籍信息有误")


MORE_WAYS = [recalled, recalled_and_completed, urged, revoked, returned_twice, rejected_after_it_was_returned]
ALL_WAYS = [*WAYS, *((a_road, way) for way in MORE_WAYS)]


@pytest.mark.parametrize("is_told", [False, True], ids=["before the worker's round", "after it"])
@pytest.mark.parametrize(("begin", "go"), ALL_WAYS, ids=[go.__name__ for _, go in ALL_WAYS])
def test_a_case_is_found_healthy_however_it_goes(session, monkeypatch, begin, go, is_told) -> None:
    road, ticks = begin(session), count()
    monkeypatch.setattr(clock, "now", lambda: TERM_BEGINS + timedelta(seconds=next(ticks)))
    case = road.applied()
    go(road, case)
    if is_told:
        work_off(session)
    assert complaints_in_all(session, case, files=True) == []


def test_what_is_approved_together_is_no_illness(road: Road, session: Session) -> None:
    together = waiting_together(road)
    together.send()
    assert [complaints(session, case) for case in together.cases] == [[]] * 3
    together.roads[0].approve(together.cases[0])
    carried_out(session)
    assert [complaints(session, case) for case in together.cases] == [[]] * 3


def test_a_vacant_seat_is_no_illness(road: Road, session: Session) -> None:
    case = road.applied()
    holder = road.officer(road.open_task(case))
    [post] = holder.posts
    dismiss(session, holder.account_id, post.office_id, Role(post.role), on=clock.today())
    session.commit()
    assert road.open_task(case).vacant
    assert complaints(session, case) == []


def test_what_a_substitute_claims_and_decides_is_no_illness(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    away = road.officer(task)
    principal = makers.an_officer(session, task.office, Role.PRINCIPAL)
    substitute = stands_in(session, away, principal)
    claim(session, substitute, task.id)
    assert complaints(session, case) == []
    decide(session, substitute, task.id, outcome=Outcome.APPROVE, version=case.version)
    assert complaints(session, case) == []
    recall(session, substitute, task.id, version=case.version)
    assert complaints(session, case) == []


@pytest.mark.parametrize("days", [0, 5, 12, 13, 14, 15, 60, 90, 91])
def test_timers_that_fired_are_no_illness(road: Road, session: Session, days: int) -> None:
    case = road.applied()
    with clock.freeze(TERM_BEGINS + timedelta(days=days)):
        work_off(session)
        assert complaints(session, case) == []


def test_what_was_returned_past_its_total_is_no_illness_then_or_later(road: Road, session: Session) -> None:
    case = road.applied()
    for days, act in ((91, road.send_back), (95, road.mend)):
        with clock.freeze(TERM_BEGINS + timedelta(days=days)):
            act(case)
            work_off(session)
            assert complaints(session, case) == []


def test_a_draft_is_no_illness(road: Road, session: Session) -> None:
    assert complaints(session, road.draft()) == []


def test_a_filing_that_waits_after_the_end_is_no_illness(session: Session) -> None:
    road = a_fujian_road(session)
    case = road.applied()
    road.approve(case, times=2)
    assert complaints(session, case) == []
