"""The audit trail that the services themselves leave is whole, however a case goes."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from models import Student
from models.enums import Outcome
from tests.webapp.road import TERM_BEGINS, a_fujian_road, a_road
from webapp import clock, errors
from webapp.services.audit.findings import Fault
from webapp.services.audit.verification import verify
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.context import settings_of

pytestmark = pytest.mark.slow


def completed(road, case):
    road.approve(case, times=6)


def rejected(road, case):
    road.approve(case)
    road.decide(case, Outcome.REJECT, "学籍信息有误")


def withdrawn(road, case):
    withdraw(road.session, road.guardian, case.id)


def returned(road, case):
    road.send_back(case)


def returned_and_withdrawn(road, case):
    returned(road, case)
    withdrawn(road, case)


def returned_and_completed(road, case):
    returned(road, case)
    road.mend(case)
    completed(road, case)


def completed_after_the_record_changed(road, case):
    road.approve(case, times=5)
    road.session.execute(update(Student).where(Student.id == road.student.id).values(version=7))
    road.session.commit()
    with pytest.raises(errors.RecordChanged):
        road.approve(case)
    resubmit(road.session, road.guardian, case.id)
    road.approve(case)


def filed(road, case):
    road.approve(case, times=2)
    road.decide(case, Outcome.ACKNOWLEDGE)


WAYS = [
    (a_road, completed),
    (a_road, rejected),
    (a_road, withdrawn),
    (a_road, returned),
    (a_road, returned_and_withdrawn),
    (a_road, returned_and_completed),
    (a_road, completed_after_the_record_changed),
    (a_fujian_road, filed),
]


@pytest.mark.parametrize(("begin", "go"), WAYS, ids=[go.__name__ for _, go in WAYS])
def test_the_trail_of_a_case_is_whole(session, tmp_path, monkeypatch, begin, go):
    road = begin(session)
    ticks = count()
    monkeypatch.setattr(clock, "now", lambda: TERM_BEGINS + timedelta(minutes=next(ticks)))
    case = road.applied()
    go(road, case)
    number = case.number
    with Session(session.get_bind()) as fresh:
        findings = verify(fresh, settings_of(session).audit_key, tmp_path / "anchors")
    assert [finding for finding in findings if finding.where == number] == []


RETURNS_ALTERED = {
    "its reason": "UPDATE return_request SET reason = '请补交赞助费'",
    "its ticks": "UPDATE return_request SET items = '{transfer_form}'",
    "its codes": "UPDATE return_request SET codes = '{2001}'",
    "said to be mended": "UPDATE return_request SET resolved_at = now()",
    "removed": "DELETE FROM return_request",
}


@pytest.mark.parametrize("change", RETURNS_ALTERED.values(), ids=RETURNS_ALTERED)
def test_a_returned_case_that_waits_for_something_else_is_found(road, session, tmp_path, change):
    case = road.applied()
    returned(road, case)
    session.execute(text(f"{change} WHERE change_request_id = {case.id}"))
    number = case.number
    session.commit()
    with Session(session.get_bind()) as fresh:
        findings = verify(fresh, settings_of(session).audit_key, tmp_path / "anchors")
    told = [(finding.fault, finding.what) for finding in findings if finding.where == number]
    assert told == [(Fault.CASE_DIFFERS, "it does not wait for what its history says")]
