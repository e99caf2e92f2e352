"""The time limit of a whole case (总时限), beside those of its steps: domain 3.0.4, 3.1.7, A-06."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest, Notice
from models.enums import CaseTimerKind, NoticeKind, Outcome, Role
from tests.webapp.calendars import day, year_2027
from tests.webapp.doctoring import complaints
from tests.webapp.road import Road, a_fujian_road, a_road, led, work_off
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.years import load_year, set_day
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.paths import path_of
from webapp.services.changes.planning import change_of_case

pytestmark = pytest.mark.slow

LAST_DAY = date(2025, 12, 9)  # of six steps of ten working days from 10 September


@pytest.fixture
def road(session: Session) -> Road:
    work_off(session)
    return a_road(session)


def due(case: ChangeRequest) -> tuple[int | None, date | None]:
    return case.limit_days, case.due_on


def timer_of(session: Session, case: ChangeRequest) -> CaseTimer | None:
    session.expire_all()
    return session.scalar(select(CaseTimer).where(CaseTimer.change_request_id == case.id))


def told(
    session: Session, case: ChangeRequest, kind: NoticeKind = NoticeKind.CASE_OVERDUE
) -> set[tuple[int | None, int | None, str | None]]:
    statement = select(Notice.account_id, Notice.office_id, Notice.role)
    about = (Notice.change_request_id == case.id, Notice.kind == kind)
    return {(account, office, role) for account, office, role in session.execute(statement.where(*about))}


def after(last_day: date, **more: int) -> datetime:
    return overdue_at(last_day) + timedelta(**more)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), clock.SHANGHAI)


def test_without_a_rule_a_case_is_due_when_the_longest_way_of_all_its_steps_is(
    road: Road, session: Session
) -> None:
    case = road.applied()
    way = path_of(session, change_of_case(session, case), clock.now())
    assert due(case) == (60, max(step.latest for step in way if step.latest)) == (60, LAST_DAY)
    assert case.due_provisional is False


def test_a_filing_which_nobody_waits_for_makes_a_case_no_longer(session: Session) -> None:
    assert a_fujian_road(session).applied().limit_days == 20


@pytest.mark.parametrize(
    ("packs", "limit"), [(("k12-baoan", "k12-baoan"), 30), (("k12-baoan", None), 60)], ids=["both", "one"]
)
def test_a_total_that_the_law_states_counts_between_schools_that_are_both_under_it(
    session: Session, packs: tuple[str | None, str | None], limit: int
) -> None:
    road = a_road(session, releasing_in="440306", receiving_in="440307")
    road.releasing.rule_pack, road.receiving.rule_pack = packs
    session.commit()
    with clock.freeze(datetime(2025, 9, 3, 9, tzinfo=clock.SHANGHAI)):  # in the first ten days of term
        assert road.applied().limit_days == limit


def test_a_case_past_its_total_is_told_to_whoever_has_it_its_superior_both_schools_and_the_family(
    road: Road, session: Session
) -> None:
    case = road.applied()
    with clock.freeze(after(LAST_DAY, seconds=-1)):
        work_off(session)
        assert told(session, case) == set()
    with led(session, road.receiving.superior_id), clock.freeze(after(LAST_DAY)):
        work_off(session)
    assert told(session, case) == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.receiving.superior_id, Role.LEAD),
        (None, road.releasing.id, Role.REGISTRAR),
    }


def test_whoever_has_a_case_is_reminded_and_shown_yellow_before_its_total_is_over(
    road: Road, session: Session
) -> None:
    """Domain 3.0.4: signals are per step as well as for the whole case; a reminder is no family's business."""
    case = road.applied(until="receiving_authorities/in_county")
    county = road.receiving.superior_id
    expected = {
        NoticeKind.CASE_REMINDER: (morning(LAST_DAY - timedelta(days=1)), {Role.HANDLER}),
        NoticeKind.CASE_YELLOW: (morning(LAST_DAY), {Role.HANDLER, Role.LEAD}),
    }
    for kind, (at, roles) in expected.items():
        with clock.freeze(at - timedelta(seconds=1)):
            work_off(session)
        assert told(session, case, kind) == set()
        with clock.freeze(at):
            work_off(session)
        assert told(session, case, kind) == {(None, county, role) for role in roles}


def test_each_signal_of_the_total_arms_the_next(road: Road, session: Session) -> None:
    case = road.applied()
    following = {
        morning(LAST_DAY - timedelta(days=1)): (CaseTimerKind.YELLOW, morning(LAST_DAY)),
        morning(LAST_DAY): (CaseTimerKind.OVERDUE, after(LAST_DAY)),
    }
    for at, armed in following.items():
        with clock.freeze(at):
            work_off(session)
            assert complaints(session, case) == []
        timer = timer_of(session, case)
        assert timer is not None
        assert (timer.kind, timer.due_at) == armed


def test_that_the_total_was_over_is_told_though_no_worker_gave_the_signals_before(
    road: Road, session: Session
) -> None:
    case = road.applied()
    with clock.freeze(after(LAST_DAY)):
        road.send_back(case)
        work_off(session)
    assert told(session, case) != set()


def test_it_is_told_once(road: Road, session: Session) -> None:
    case = road.applied()
    for days in range(3):
        with clock.freeze(after(LAST_DAY, days=days)):
            work_off(session)
    messages = select(func.count(Notice.outbox_id.distinct())).where(
        Notice.change_request_id == case.id, Notice.kind == NoticeKind.CASE_OVERDUE
    )
    assert session.scalar(messages) == 1
    assert timer_of(session, case) is None


def test_an_approval_leaves_the_total_as_it_is(road: Road, session: Session) -> None:
    case = road.applied()
    road.approve(case, times=5)
    timer = timer_of(session, case)
    assert timer is not None
    assert (timer.key, timer.kind, timer.due_at) == ("", CaseTimerKind.REMINDER, morning(date(2025, 12, 8)))
    assert due(case) == (60, LAST_DAY)


def approved(road: Road, case: ChangeRequest) -> None:
    road.approve(case, times=6)


def rejected(road: Road, case: ChangeRequest) -> None:
    road.decide(case, Outcome.REJECT, "不符合条件")


def withdrawn(road: Road, case: ChangeRequest) -> None:
    withdraw(road.session, road.guardian, case.id)


@pytest.mark.parametrize("end", [approved, rejected, withdrawn])
def test_a_case_that_ends_takes_its_timers_with_it(road: Road, session: Session, end) -> None:
    case = road.applied()
    end(road, case)
    assert timer_of(session, case) is None


def test_the_total_stands_still_while_the_applicant_mends_and_runs_on_with_what_was_left(
    road: Road, session: Session
) -> None:
    case = road.applied()
    road.send_back(case)
    assert timer_of(session, case) is None
    with clock.freeze(datetime(2025, 9, 24, 9, tzinfo=clock.SHANGHAI)):  # ten working days later
        road.mend(case)
    assert due(case) == (70, date(2025, 12, 23))
    assert timer_of(session, case).due_at == morning(date(2025, 12, 22))


def test_a_case_that_was_returned_on_its_last_day_has_a_day_left(road: Road, session: Session) -> None:
    case = road.applied()
    with clock.freeze(datetime(2025, 12, 9, 9, tzinfo=clock.SHANGHAI)):
        road.send_back(case)
    with clock.freeze(datetime(2025, 12, 12, 9, tzinfo=clock.SHANGHAI)):  # a Friday
        road.mend(case)
    assert due(case) == (64, date(2025, 12, 15))


def test_what_is_past_its_total_stays_so_whatever_is_mended_then(road: Road, session: Session) -> None:
    case = road.applied()
    with clock.freeze(after(LAST_DAY)):
        road.send_back(case)
        work_off(session)
        assert told(session, case) != set(), "it was over before it was returned"
    with clock.freeze(after(LAST_DAY, days=9)):
        road.mend(case)
    assert due(case) == (60, LAST_DAY)
    assert timer_of(session, case) is None


def test_a_day_declared_off_moves_the_total_and_its_timer(road: Road, session: Session) -> None:
    case, halted = road.applied(), road.rival()
    other = halted.applied()
    halted.send_back(other)
    set_day(session, day("2025-11-05"), working=False, name="纪念日")
    assert timer_of(session, case).due_at == morning(date(2025, 12, 9))
    assert due(case) == (60, date(2025, 12, 10))
    assert due(other) == (60, LAST_DAY), "it stands still, and is computed when it resumes"
    session.rollback()


def test_a_total_beyond_the_loaded_calendar_is_provisional_until_that_year_is_loaded(
    session: Session,
) -> None:
    with clock.freeze(datetime(2026, 11, 5, 9, tzinfo=clock.SHANGHAI)):
        road = a_road(session)
        case = road.applied()
        assert case.due_provisional is True
        load_year(session, year_2027())
        session.expire_all()
        assert case.due_provisional is False
        session.rollback()
