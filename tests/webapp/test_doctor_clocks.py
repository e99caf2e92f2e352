"""What was altered while a clock stood still is found after it runs on, and a calendar that changed is no illness."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from models import ChangeRequest
from tests.webapp.asking.asked import answers, at, send_back
from tests.webapp.case_histories import tamper
from tests.webapp.doctoring import complaints, mended
from tests.webapp.road import TERM_BEGINS, Road, work_off
from webapp import clock
from webapp.services.calendar.years import set_day
from webapp.services.doctor.findings import Code

pytestmark = pytest.mark.slow

SUSPENDED = "change_request_id = {case} AND state = 'suspended'"
OF_THE_STEP = {Code.LIMIT_DIFFERS, Code.DUE_DIFFERS}
OF_THE_CASE = {Code.CASE_LIMIT_DIFFERS, Code.CASE_DUE_DIFFERS}
ALTERED = {
    f"UPDATE task SET days_left = 1 WHERE {SUSPENDED}": OF_THE_STEP,
    "UPDATE change_request SET due_on = due_on - 30 WHERE id = {case}": OF_THE_CASE,
    "UPDATE return_request SET created_at = created_at - interval '40 days' WHERE change_request_id = {case}": (
        OF_THE_CASE
    ),
}


@pytest.fixture(scope="module")
def road_url(new_database: Callable[..., str]) -> str:
    """A database of these tests' own, as they change its calendar."""
    return new_database("seeded")


def dues(road: Road, case: ChangeRequest) -> tuple[date, date]:
    task = road.open_task(case)
    return task.due_on, case.due_on


@pytest.mark.parametrize(("altered", "codes"), ALTERED.items())
def test_a_clock_that_ran_on_as_somebody_altered_it_runs_again_as_the_history_says(
    road: Road, session: Session, road_url: str, altered: str, codes: set[Code]
) -> None:
    ends = []
    for spoilt in (False, True):
        one = road.rival()
        case = one.applied()
        one.send_back(case)
        session.commit()
        if spoilt:
            tamper(road_url, altered.format(case=case.id))
        with clock.freeze(TERM_BEGINS + timedelta(days=2)):
            one.mend(case)
            work_off(session)
            found = complaints(session, case)
            assert codes <= {finding.code for finding in found} if spoilt else found == []
            mended(session, found)
            assert complaints(session, case) == []
        ends.append(dues(one, case))
    assert ends[0] == ends[1]


def test_a_second_look_whose_days_were_altered_gives_back_those_of_the_history(
    road: Road, session: Session, road_url: str
) -> None:
    case = road.applied("receiving_authorities/in_county")
    send_back(road, case)
    session.commit()
    tamper(road_url, f"UPDATE task SET days_left = 1 WHERE {SUSPENDED}".format(case=case.id))
    with clock.freeze(TERM_BEGINS + timedelta(days=7)):
        answers(road, case, road.officer(at(road, case, "in_registrar:1+1")), "in_registrar:1+1")
        work_off(session)
        found = complaints(session, case)
        assert {finding.code for finding in found} >= {Code.LIMIT_DIFFERS}
        mended(session, found)
        assert complaints(session, case) == []


def test_who_looks_a_second_time_and_has_the_family_mend_something_first_is_no_illness(
    road: Road, session: Session
) -> None:
    case = road.applied("receiving_authorities/in_county")
    send_back(road, case)
    with clock.freeze(TERM_BEGINS + timedelta(days=2)):
        road.send_back(case)
        work_off(session)
        assert complaints(session, case) == []
    with clock.freeze(TERM_BEGINS + timedelta(days=7)):
        road.mend(case)
        work_off(session)
        assert complaints(session, case) == []
    with clock.freeze(TERM_BEGINS + timedelta(days=12)):
        answers(road, case, road.officer(at(road, case, "in_registrar:1+1")), "in_registrar:1+1")
        work_off(session)
        assert complaints(session, case) == []


def test_a_day_off_that_is_declared_while_a_case_stands_still_is_no_illness_then_or_later(
    road: Road, session: Session
) -> None:
    case = road.applied()
    road.send_back(case)
    with clock.freeze(TERM_BEGINS + timedelta(hours=1)):
        set_day(session, date(2025, 9, 15), working=False, name="台风")
        assert complaints(session, case) == []
    with clock.freeze(TERM_BEGINS + timedelta(days=2)):
        road.mend(case)
        work_off(session)
        assert complaints(session, case) == []
