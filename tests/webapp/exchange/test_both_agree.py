"""Fujian's vocational transfers through two deployments: both schools agree, then both authorities at once (V7)."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models import Notice, Office
from models.enums import CaseState, EventKind, NoticeKind, Outcome, OverlayKind, RegistryState, Stage
from tests.webapp.exchange.deployments import Deployment, findings, rounds
from tests.webapp.exchange.pupils import a_pupil, a_pupil_to_fujian, asked, pupil_in
from webapp import clock
from webapp.errors import BoundByAgreement
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

RELEASING, RECEIVING = "releasing_authorities/out_county", "receiving_authorities/in_county"


def schools_agree(first: Deployment, second: Deployment) -> None:
    second.decide()
    rounds(second, first)


@pytest.mark.parametrize("order", ["asking", "asked"])
def test_both_authorities_are_asked_at_once_and_decide_in_either_order(
    sides, others: Deployment, henan: Deployment, order: str, tmp_path: Path
) -> None:
    """T-07, T-08."""
    first, second, pupil = sides
    assert first.waits_at() == ["outside_school"]
    schools_agree(first, second)
    assert (others.waits_at(), henan.waits_at()) == ([RECEIVING], [RELEASING])

    one, another = (first, second) if order == "asking" else (second, first)
    one.decide()
    rounds(one, another)
    assert (one.case().state, one.waits_at()) == (CaseState.IN_REVIEW, ["outside_decision"])
    another.decide()
    rounds(another, one, another)
    assert (first.case().state, second.case().state) == (CaseState.COMPLETED, CaseState.COMPLETED)
    assert (first.said(), second.said()) == (["request", "decided"], ["validated", "agreed", "decided"])
    assert pupil_in(henan, pupil.number).state == RegistryState.TRANSFERRED_OUT
    assert findings(first, tmp_path) == []
    assert findings(second, tmp_path) == []


def test_the_request_stands_for_the_school_that_asked(sides) -> None:
    first, second, _ = sides
    schools_agree(first, second)
    school = next(event for event in second.case().events if event.task_key == "outside_school:1")
    request = next(message for message in second.messages() if message.kind == "request")
    assert school.payload["evidence"]["reference"] == str(request.message_id)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_refusal_ends_the_case_although_nobody_waited_for_it_yet(
    sides, agreed: bool, tmp_path: Path
) -> None:
    first, second, pupil = sides
    if agreed:
        schools_agree(first, second)
    second.decide(Outcome.REJECT, "毕业年级")
    rounds(second, first)
    case = first.case()
    assert (case.state, case.events[-1].kind) == (CaseState.REJECTED, EventKind.REJECTED)
    assert case.events[-1].payload["opinion"] == "毕业年级"
    told = select(Notice.kind).where(
        Notice.change_request_id == case.id, Notice.account_id == pupil.applicant.account_id
    )
    assert NoticeKind.REJECTED in first.session.scalars(told).all()
    assert findings(first, tmp_path) == []


def test_a_request_at_fault_goes_back_to_the_family_and_is_asked_again(
    henan: Deployment, others: Deployment
) -> None:
    pupil = a_pupil_to_fujian(others, henan, others)
    overlay = makers.an_overlay(henan.session, pupil_in(henan, pupil.number), OverlayKind.PROBLEM)
    henan.session.commit()
    case = asked(others, pupil)
    rounds(others, henan)
    assert others.case().state == CaseState.RETURNED
    assert others.case().events[-1].payload["codes"] == ["2003"]
    overlay.ended_at = clock.now()
    henan.session.commit()

    resubmit(others.session, pupil.applicant, case.id)
    rounds(others, henan)
    assert (others.said(), henan.said()) == (["request", "request"], ["refused", "validated"])
    assert others.waits_at() == ["outside_school"]


def test_whom_a_request_at_fault_binds_to_nothing_may_withdraw(henan: Deployment, others: Deployment) -> None:
    """V8: the request says that our side agrees, to a school that nobody there knows."""
    pupil = a_pupil(henan, others, stage=Stage.VOCATIONAL, grade=2, to="410325", of="340111", begins=others)
    case = asked(others, pupil)
    others.work()
    with pytest.raises(BoundByAgreement):
        withdraw(others.session, pupil.applicant, case.id)
    others.session.rollback()
    named = select(Office).where(Office.name == case.to_school.name)
    school = henan.session.scalars(named).one()
    school.name, school.school_code = "另一所学校", None
    henan.session.commit()

    rounds(henan, others)
    assert others.case().state == CaseState.RETURNED
    assert others.case().events[-1].payload["opinion"] == f"没有这所学校：{case.to_school.name}"
    withdraw(others.session, pupil.applicant, case.id)
    assert others.case().state == CaseState.WITHDRAWN
