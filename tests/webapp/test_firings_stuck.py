"""A timer of a diagram that cannot be fired, or not be set anew, keeps no other case waiting."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models import CaseTimer, ChangeRequest
from tests.webapp.changed_processes import in_force
from tests.webapp.road import Road, a_road, work_off
from tests.webapp.timed_processes import EDGE, FIVE_DAYS, FLOW, TWO_HOURS, armed, at_wait, drawn, sound
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.calendar.working_days import calendar_of
from webapp.services.calendar.years import set_day
from webapp.services.cases import diagram_timers
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.diagram_timers import reset_timers
from webapp.services.cases.firings import LATER
from webapp.services.rounds import begin_day


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
