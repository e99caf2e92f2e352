"""An officer of the case writes down what another province told by telephone or letter."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from models import ChangeRequest
from models.enums import CaseState, Outcome, Role
from tests.webapp.outside.answers import told
from tests.webapp.road import Road
from webapp import clock, errors
from webapp.services.demo import makers
from webapp.services.exchange.outside import Code, Evidence, TellerMissing, ToldLater, answer_by_hand

pytestmark = pytest.mark.slow


def by_hand(road: Road, case: ChangeRequest, officer, **given) -> None:
    answer_by_hand(
        road.session,
        officer,
        road.open_task(case).id,
        outcome=Outcome.APPROVE,
        version=case.version,
        evidence=told(),
        **given,
    )


def test_an_officer_of_the_case_writes_down_what_he_was_told(inbound, asked, here) -> None:
    officer = inbound.officers[inbound.receiving.id, Role.REGISTRAR]
    by_hand(inbound, asked, officer)
    here.refresh(asked)
    assert (asked.events[-1].actor_id, asked.events[-1].office_id) == (
        officer.account_id,
        inbound.receiving.id,
    )
    assert inbound.open_task(asked).step == "outside_releasing"


def test_an_officer_writes_down_codes_too(inbound, asked) -> None:
    by_hand(inbound, asked, inbound.officers[inbound.receiving.id, Role.REGISTRAR], codes=[Code.PROBLEM_OPEN])
    assert inbound.state_of(asked) == CaseState.RETURNED


def test_nobody_else_writes_down_what_another_province_said(inbound, asked, here) -> None:
    elsewhere = makers.an_officer(here, makers.a_school(here, "410324"), Role.REGISTRAR)
    for person in (elsewhere, inbound.guardian):
        with pytest.raises(errors.NotAllowed):
            by_hand(inbound, asked, person)
        here.rollback()


@pytest.mark.parametrize("nobody", ["", " ", "\u200b", "。"])
def test_who_told_it_must_be_said(inbound, asked, here, nobody) -> None:
    officer = inbound.officers[inbound.receiving.id, Role.REGISTRAR]
    with pytest.raises(TellerMissing):
        answer_by_hand(
            here,
            officer,
            inbound.open_task(asked).id,
            outcome=Outcome.APPROVE,
            version=asked.version,
            evidence=Evidence(nobody, clock.now(), ""),
        )


@pytest.mark.parametrize(("later", "refused"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_nobody_was_told_later_than_now(inbound, asked, here, later, refused) -> None:
    officer = inbound.officers[inbound.receiving.id, Role.REGISTRAR]
    told = {
        "outcome": Outcome.APPROVE,
        "version": asked.version,
        "evidence": Evidence("安徽省教育厅", clock.now() + later, ""),
    }
    with pytest.raises(ToldLater) if refused else nullcontext():
        answer_by_hand(here, officer, inbound.open_task(asked).id, **told)
