"""The audit trail that the services themselves leave is whole, however a case goes."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Student
from models.enums import Outcome, PaperKind, Stage
from tests.webapp.road import A_PNG, TERM_BEGINS, a_road
from webapp import clock, errors
from webapp.services.context import settings_of
from webapp.services.corrections import resubmit, withdraw
from webapp.services.decisions import decide, return_to_applicant
from webapp.services.papers import add_paper
from webapp.services.verification import verify

_serials = count(90_000_001)


def act(road, case, outcome, opinion=""):
    task = road.open_task(case)
    decide(road.session, road.officer(task), task.id, outcome=outcome, version=case.version, opinion=opinion)


def completed(road, case):
    road.approve(case, times=6)


def rejected(road, case):
    road.approve(case)
    act(road, case, Outcome.REJECT, "学籍信息有误")


def withdrawn(road, case):
    withdraw(road.session, road.guardian, case.id)


def returned(road, case):
    task = road.open_task(case)
    return_to_applicant(
        road.session,
        road.officer(task),
        task.id,
        items=[PaperKind.PROOF_OF_RESIDENCE],
        reason="看不清",
        version=case.version,
    )


def returned_and_withdrawn(road, case):
    returned(road, case)
    withdrawn(road, case)


def returned_and_completed(road, case):
    returned(road, case)
    kind = PaperKind.PROOF_OF_RESIDENCE
    add_paper(road.session, road.guardian, case, kind=kind, filename="p.png", data=A_PNG)
    resubmit(road.session, road.guardian, case.id)
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
    act(road, case, Outcome.ACKNOWLEDGE)


def a_fujian_road(session):
    place = {"releasing_in": "350102", "receiving_in": "350203", "stage": Stage.VOCATIONAL, "grade": 1}
    return a_road(session, number=f"25{next(_serials):08d}", **place)


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
