"""The same letter (来函) taken down twice, and another one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from models.enums import Outcome
from tests.webapp.outside.letters import REFERENCE, a_letter, cases_of, numbered
from webapp.services.exchange.letters import take_down

pytestmark = pytest.mark.slow


def test_a_letter_that_is_taken_down_twice_opens_one_case(outbound, registrar, here) -> None:
    case = take_down(here, registrar, a_letter(outbound))
    assert take_down(here, registrar, a_letter(outbound)) is case
    outbound.decide(case, Outcome.REJECT, "处分未撤销")
    assert take_down(here, registrar, a_letter(outbound)) is case
    assert cases_of(outbound) == 1


@pytest.mark.parametrize("reference", ["", "川教函〔2025〕32号"])
def test_another_letter_after_the_end_opens_another_case(outbound, registrar, here, reference) -> None:
    case = take_down(here, registrar, a_letter(outbound, evidence=numbered(reference and REFERENCE)))
    outbound.decide(case, Outcome.REJECT, "处分未撤销")
    assert take_down(here, registrar, a_letter(outbound, evidence=numbered(reference))) is not case


def test_a_letter_that_is_sent_several_times_at_once_opens_one_case(outbound, registrar, here) -> None:
    letter, bind, info = a_letter(outbound), here.get_bind(), here.info
    here.rollback()

    def attempt(_number: int) -> int:
        with Session(bind, info=info) as own:
            return take_down(own, registrar, letter).id

    with ThreadPoolExecutor(6) as pool:
        assert len({*pool.map(attempt, range(6))}) == 1
    assert cases_of(outbound) == 1
