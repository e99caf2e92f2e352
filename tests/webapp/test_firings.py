"""Timers of a diagram are armed, stand still while the family mends papers, and are fired by the worker, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest, Notice
from models.enums import CaseState, CaseTimerKind, EventKind, NoticeKind, Outcome, TaskState
from tests.webapp.changed_processes import SHIPPED, in_force
from tests.webapp.doctoring import complaints, mended
from tests.webapp.road import Road, a_fujian_road, a_road, work_off
from tests.webapp.timed_processes import (
    EDGE,
    FIVE_DAYS,
    FLOW,
    FROM_FILINGS,
    LAST,
    TO_FILINGS,
    TWO_HOURS,
    drawn,
)
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import calendar_of
from webapp.services.calendar.years import set_day
from webapp.services.cases import diagram_timers
from webapp.services.cases.corrections import resubmit, withdraw
from webapp.services.cases.diagram_timers import reset_timers
from webapp.services.cases.firings import LATER, fire_due_timers
from webapp.services.cases.recalls import TimeHasPassed, recall
from webapp.services.doctor.findings import Code
from webapp.services.rounds import begin_day


@pytest.fixture
def waiting(session: Session, request: pytest.FixtureRequest) -> Iterator[Road]:
    """A transfer whose diagram waits where the test says."""
    flow, waits = request.param
    with in_force(session, "transfer", drawn(flow, waits)):
        yield a_road(session)


def armed(road: Road, case: ChangeRequest) -> dict[str, datetime]:
    of_case = (CaseTimer.change_request_id == case.id, CaseTimer.kind == CaseTimerKind.FIRES)
    return {timer.key: timer.due_at for timer in road.session.scalars(select(CaseTimer).where(*of_case))}


def at_wait(road: Road) -> ChangeRequest:
    case = road.applied()
    road.approve(case, times=2)
    assert road.open_tasks(case) == []
    return case


def sound(road: Road, case: ChangeRequest) -> bool:
    work_off(road.session)
    assert complaints(road.session, case) == []
    return True


@pytest.mark.parametrize("waiting", [(FLOW, FIVE_DAYS)], indirect=True)
def test_a_case_waits_for_working_days_and_goes_on_when_the_last_is_over(waiting: Road) -> None:
    case = at_wait(waiting)
    over = overdue_at(calendar_of(waiting.session).due(clock.today(), 5).day)
    assert armed(waiting, case) == {"wait:1": over}
    assert sound(waiting, case)
    with clock.freeze(over - timedelta(seconds=1)):
        work_off(waiting.session)
        assert waiting.open_tasks(case) == []
    with clock.freeze(over):
        work_off(waiting.session)
        assert waiting.open_task(case).step == "receiving_authorities/in_county"
        assert armed(waiting, case) == {}
        assert case.events[-1].kind == EventKind.FIRED
        assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_case_waits_for_calendar_time(waiting: Road) -> None:
    case = at_wait(waiting)
    assert armed(waiting, case) == {"wait:1": clock.now() + timedelta(hours=2)}
    with clock.freeze(clock.now() + timedelta(hours=2)):
        assert fire_due_timers(waiting.session) == 1
        assert fire_due_timers(waiting.session) == 0
        assert waiting.open_task(case).step == "receiving_authorities/in_county"
        assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(LAST, TWO_HOURS)], indirect=True)
def test_what_all_have_approved_changes_the_record_when_the_wait_is_over(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        waiting.approve(case)
    assert case.state == CaseState.IN_REVIEW
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        assert case.state == CaseState.COMPLETED
        assert waiting.student.enrolments[-1].school_id == waiting.receiving.id
        told = select(Notice.kind).where(Notice.change_request_id == case.id)
        assert NoticeKind.COMPLETED in set(waiting.session.scalars(told))
        assert sound(waiting, case)


@pytest.mark.parametrize(
    ("flow", "filed_before"), [(TO_FILINGS, False), (FROM_FILINGS, True)], ids=["after it", "before it"]
)
def test_a_case_that_ends_by_a_timer_is_filed_like_any_other(
    session: Session, flow: str, filed_before: bool
) -> None:
    process = "transfer_both_agree"
    with in_force(session, process, drawn(flow, TWO_HOURS, process=process)):
        road = a_fujian_road(session)
        case = road.applied()
        road.approve(case, times=2)
        assert case.state == CaseState.IN_REVIEW
        assert [task.blocking for task in road.open_tasks(case)] == [False] * filed_before
        with clock.freeze(clock.now() + timedelta(hours=2)):
            work_off(session)
            assert road.state_of(case) == CaseState.COMPLETED
            assert [task.blocking for task in road.open_tasks(case)] == [False]
            assert sound(road, case)
            road.decide(case, Outcome.ACKNOWLEDGE)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(LAST, TWO_HOURS)], indirect=True)
def test_a_record_that_changed_during_the_wait_hands_the_case_back(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        waiting.approve(case)
    waiting.student.name = "林另一"
    waiting.session.commit()
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        assert (case.state, case.events[-1].kind) == (CaseState.RETURNED, EventKind.RECORD_CONFLICT)
        assert sound(waiting, case)


def test_a_timer_that_cannot_be_fired_is_put_off_and_the_next_is_fired(session: Session, caplog) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS)):
        broken, road = a_road(session), a_road(session)
        stuck, case = at_wait(broken), at_wait(road)
        session.get_one(CaseTimer, (stuck.id, "wait:1")).key = "nowhere:1"
        session.commit()
        over = clock.now() + timedelta(hours=2)
        with clock.freeze(over):
            work_off(session)
            assert f"The timer nowhere:1 of case {stuck.number} is put off" in caplog.text
            assert armed(broken, stuck) == {"nowhere:1": over + LATER}
            assert road.open_task(case).step == "receiving_authorities/in_county"


def alter_history(road: Road, case: ChangeRequest) -> None:
    """As whoever can do so in the database: a decision on a step that the process does not have."""
    execute = road.session.connection().exec_driver_sql
    parts = execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'case_event'::regclass"
    )
    tables = ["case_event", *parts.scalars()]
    for table in tables:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    execute(f"UPDATE case_event SET task_key = 'nowhere:1' WHERE change_request_id = {case.id} AND seq = 2")
    for table in tables:
        execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    road.session.commit()


def test_a_history_that_leads_nowhere_keeps_no_other_case_waiting(ward: Road, caplog) -> None:
    session = ward.session
    with in_force(session, "transfer", drawn(FLOW, FIVE_DAYS)):
        broken, road = a_road(session), a_road(session)
        stuck, case = at_wait(broken), at_wait(road)
        before = armed(broken, stuck)
        alter_history(broken, stuck)
        set_day(session, clock.today() + timedelta(days=1), working=False, name="台风")
        begin_day(session)
        over = overdue_at(calendar_of(session).due(clock.today(), 5).day)
        assert (armed(broken, stuck), armed(road, case)) == (before, {"wait:1": over})
        assert f"The timers of case {stuck.id} do not follow the calendar: 'nowhere:1'" in caplog.text
        with clock.freeze(over):
            work_off(session)
            assert armed(broken, stuck) == {"wait:1": over + LATER}
            assert road.open_task(case).step == "receiving_authorities/in_county"


def test_the_calendar_arms_no_timer_of_a_case_that_has_ended_meanwhile(session: Session, monkeypatch) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, EDGE)):
        roads = [a_road(session), a_road(session)]
        cases = [road.applied() for road in roads]
        ended: list[ChangeRequest] = []

        def meanwhile(own: Session, case: ChangeRequest) -> None:
            reset_timers(own, case)
            if case in cases and not ended:
                road, other = next(pair for pair in zip(roads, cases, strict=True) if pair[1] is not case)
                own.commit()
                withdraw(own, road.guardian, other.id)
                ended.append(other)

        monkeypatch.setattr(diagram_timers, "reset_timers", meanwhile)
        diagram_timers.follow_calendar(session)
        assert armed(roads[0], ended[0]) == {}
        assert sound(roads[0], ended[0])


def test_a_timer_at_the_edge_of_a_step_takes_it_away_and_another_answers_for_it(session: Session) -> None:
    files = drawn(FLOW, TWO_HOURS, EDGE)
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        over = armed(road, case)["late:1"]
        assert sound(road, case)
        with clock.freeze(over):
            work_off(session)
            assert [task.key for task in road.open_tasks(case)] == ["in_lead:1"]
            assert case.tasks[0].state == TaskState.CANCELLED
            assert sound(road, case)


def test_a_decision_disarms_the_timer_of_its_step_and_a_recall_arms_it_again(session: Session) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, EDGE)):
        road = a_road(session)
        case = road.applied()
        before, task = armed(road, case), road.open_task(case)
        with clock.freeze(clock.now() + timedelta(minutes=5)):
            road.approve(case)
            assert armed(road, case) == {}
            recall(session, road.officer(task), task.id, version=case.version)
            assert armed(road, case) == before
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(LAST, FIVE_DAYS)], indirect=True)
def test_a_public_notice_takes_its_days_from_the_decision_that_stands(waiting: Road) -> None:
    case = waiting.applied()
    while waiting.open_tasks(case):
        last = waiting.open_task(case)
        waiting.approve(case)
    waiting.session.refresh(case)
    recall(waiting.session, waiting.officer(last), last.id, version=case.version)
    with clock.freeze(clock.now() + timedelta(days=14)):
        waiting.approve(case)
        over = overdue_at(calendar_of(waiting.session).due(clock.today(), 5).day)
        assert armed(waiting, case) == {"wait:1": over}
        assert sound(waiting, case)
    with clock.freeze(over - timedelta(seconds=1)):
        work_off(waiting.session)
        assert waiting.state_of(case) == CaseState.IN_REVIEW
    with clock.freeze(over):
        work_off(waiting.session)
        assert waiting.state_of(case) == CaseState.COMPLETED


def test_a_step_that_is_reached_anew_has_the_whole_time_of_its_timer_again(session: Session) -> None:
    edge = EDGE.replace('"in_registrar"', '"in_lead"').replace(
        'targetRef="in_lead"', 'targetRef="in_registrar"'
    )
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, edge)):
        road = a_road(session)
        case = road.applied()
        first = road.open_task(case)
        road.approve(case)
        over = armed(road, case)["late:1"]
        recall(session, road.officer(first), first.id, version=case.version)
        with clock.freeze(over + timedelta(hours=9)):
            road.approve(case)
            assert armed(road, case)["late:1"] == overdue_at(calendar_of(session).due(clock.today(), 3).day)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_decision_on_which_a_timer_has_fired_is_not_taken_back(waiting: Road) -> None:
    case = at_wait(waiting)
    lead = case.tasks[-1]
    with clock.freeze(clock.now() + timedelta(hours=2)):
        work_off(waiting.session)
        waiting.session.expire_all()
        with pytest.raises(TimeHasPassed):
            recall(waiting.session, waiting.officer(lead), lead.id, version=case.version)


def test_timers_stand_still_while_the_family_mends_its_papers(session: Session) -> None:
    with in_force(session, "transfer", drawn(FLOW, TWO_HOURS, EDGE)):
        road = a_road(session)
        case = road.applied()
        over = armed(road, case)["late:1"]
        road.send_back(case)
        work_off(session)
        with clock.freeze(over + timedelta(days=30)):
            fire_due_timers(session)
            session.expire_all()
            assert (case.state, case.events[-1].kind) == (CaseState.RETURNED, EventKind.RETURNED)
            road.mend(case)
            again = armed(road, case)["late:1"]
            left = calendar_of(session).due(clock.today(), 3).day
            assert again == overdue_at(left)
            assert sound(road, case)


@pytest.mark.parametrize("waiting", [(FLOW, FIVE_DAYS)], indirect=True)
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("DELETE FROM case_timer WHERE key = 'wait:1'", Code.FIRING_MISSING),
        (
            "UPDATE case_timer SET due_at = due_at + interval '1 hour' WHERE key = 'wait:1'",
            Code.FIRING_DIFFERS,
        ),
        ("UPDATE case_timer SET key = 'other:1' WHERE key = 'wait:1'", Code.FIRING_LEFT),
    ],
)
def test_the_doctor_sets_the_timers_as_the_history_says(waiting: Road, spoil: str, code: Code) -> None:
    case = at_wait(waiting)
    waiting.session.connection().exec_driver_sql(f"{spoil} AND change_request_id = {case.id}")
    waiting.session.commit()
    found = complaints(waiting.session, case)
    assert code in {finding.code for finding in found}
    mended(waiting.session, found)
    assert sound(waiting, case)


@pytest.mark.parametrize("waiting", [(FLOW, TWO_HOURS)], indirect=True)
def test_a_timer_that_nobody_fires_is_told(waiting: Road) -> None:
    case = at_wait(waiting)
    with clock.freeze(clock.now() + timedelta(hours=4)):
        assert Code.FIRING_STUCK in {finding.code for finding in complaints(waiting.session, case)}


def test_a_diagram_without_timers_arms_none(road: Road) -> None:
    case = road.applied()
    assert armed(road, case) == {}
    road.decide(case, Outcome.APPROVE)
    assert armed(road, case) == {}


def test_a_case_is_handed_back_where_its_packs_say_so_of_a_step_that_is_over_its_limit(
    session: Session,
) -> None:
    """on_expiry = auto_return: no shipped pack has it (domain appendix B)."""
    table = "on_expiry.dmn"
    files = {**SHIPPED["transfer"]}
    files[table] = files[table].replace(b'"escalate_only"', b'"auto_return"')
    with in_force(session, "transfer", files):
        road = a_road(session)
        case = road.applied()
        task = road.open_task(case)
        with clock.freeze(overdue_at(task.due_on)):
            work_off(session)
            session.expire_all()
            assert (case.state, task.state) == (CaseState.RETURNED, TaskState.SUSPENDED)
            assert case.events[-1].actor_id is None
            assert sound(road, case)
            resubmit(session, road.guardian, case.id)
            assert [one.key for one in road.open_tasks(case)] == ["in_registrar:1"]
            assert sound(road, case)
