"""Timers and notices: what the worker does, round after round."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Guardianship, Membership, Notice, Office, Outbox, Task, Timer
from models.enums import CaseState, NoticeKind, Outcome, Role, TimerKind
from tests.webapp.road import Road, a_fujian_road, a_road, led, work_off
from webapp import clock
from webapp.database import session_at
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.cases.corrections import withdraw
from webapp.services.cases.stopping import revoke
from webapp.services.context import settings_of
from webapp.services.demo import makers
from webapp.services.notices.news import notices_for
from webapp.services.notices.outbox import drain
from webapp.services.notices.timers import fire_due

pytestmark = pytest.mark.slow

LAST_DAY = datetime(2025, 9, 24, tzinfo=clock.SHANGHAI)  # of a task opened on Wednesday 10 September
WHOLE = datetime(2025, 12, 9, tzinfo=clock.SHANGHAI)  # the last day of its whole case


@pytest.fixture
def road(session: Session) -> Road:
    """A road on which nothing falls due but its own, whatever other tests have left."""
    with clock.freeze(LAST_DAY + timedelta(days=1)):
        work_off(session)
    return a_road(session)


def told(session: Session, case_id: int, kind: NoticeKind) -> set[tuple[int | None, int | None, str | None]]:
    statement = select(Notice.account_id, Notice.office_id, Notice.role)
    rows = session.execute(statement.where(Notice.change_request_id == case_id, Notice.kind == kind))
    return {(account, office, role) for account, office, role in rows}


def leads_told(session: Session, case_id: int, kind: NoticeKind) -> set[int | None]:
    return {office for _, office, role in told(session, case_id, kind) if role == Role.LEAD}


def test_a_reminder_goes_out_one_working_day_before_the_last(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    with clock.freeze(LAST_DAY - timedelta(hours=16, seconds=1)):
        work_off(session)
        assert told(session, task.change_request_id, NoticeKind.REMINDER) == set()
    with clock.freeze(LAST_DAY - timedelta(hours=16)):
        work_off(session)
    assert told(session, task.change_request_id, NoticeKind.REMINDER) == {
        (None, road.receiving.id, Role.REGISTRAR)
    }


def test_overdue_begins_when_the_last_day_is_over(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    with clock.freeze(LAST_DAY + timedelta(days=1) - timedelta(seconds=1)):
        work_off(session)
        assert told(session, task.change_request_id, NoticeKind.OVERDUE) == set()
    with led(session, road.receiving.superior_id), clock.freeze(LAST_DAY + timedelta(days=1)):
        work_off(session)
    assert told(session, task.change_request_id, NoticeKind.OVERDUE) == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.releasing.id, Role.REGISTRAR),
        (None, road.receiving.superior_id, Role.LEAD),
    }


@pytest.mark.parametrize(
    ("kind", "over"),
    [(NoticeKind.OVERDUE, LAST_DAY), (NoticeKind.CASE_OVERDUE, WHOLE)],
    ids=["step", "case"],
)
def test_where_the_superior_has_no_lead_the_next_one_further_up_hears_of_the_delay(
    road: Road, session: Session, kind: NoticeKind, over: datetime
) -> None:
    county = session.get_one(Office, road.receiving.superior_id)
    closed = makers.an_officer(session, county, Role.LEAD)
    leads = (Membership.office_id == county.id, Membership.role == Role.LEAD)
    gone = update(Membership).where(*leads, Membership.account_id != closed.account_id)
    session.execute(gone.values(valid_to=clock.today()))
    session.get_one(Account, closed.account_id).disabled_at = clock.now()
    case = road.applied()
    with led(session, county.superior_id), clock.freeze(over + timedelta(days=1)):
        work_off(session)
    assert leads_told(session, case.id, kind) == {county.superior_id}


def test_of_the_delay_of_his_own_child_the_next_lead_further_up_hears(road: Road, session: Session) -> None:
    county = session.get_one(Office, road.receiving.superior_id)
    case = road.applied()
    post = Membership(account_id=road.guardian.account_id, office_id=county.id, role=Role.LEAD)
    post.valid_from = clock.today()
    session.add(post)
    with led(session, county.superior_id), clock.freeze(LAST_DAY + timedelta(days=1)):
        work_off(session)
    session.delete(post)
    session.commit()
    assert leads_told(session, case.id, NoticeKind.OVERDUE) == {county.superior_id}


def test_the_passing_of_time_decides_nothing(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    with clock.freeze(LAST_DAY + timedelta(days=400)):
        work_off(session)
    assert road.open_task(case).id == task.id
    assert case.state == "in_review"


def test_each_signal_is_given_once(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    with clock.freeze(LAST_DAY + timedelta(days=1)):
        for _ in range(3):
            work_off(session)
    reminders = select(func.count()).where(Notice.task_id == task.id, Notice.kind == NoticeKind.REMINDER)
    assert session.scalar(reminders) == 1
    assert session.get(Timer, task.id) is None


def a_filing(session: Session) -> Task:
    """The task that is left of a case that is approved and carried out."""
    work_off(session)
    road = a_fujian_road(session)
    case = road.applied()
    while road.approve(case) != CaseState.COMPLETED:
        pass
    return road.open_task(case)


def test_of_a_filing_that_arrives_only_who_has_to_file_hears(session: Session) -> None:
    filing = a_filing(session)
    work_off(session)
    arrived = select(Notice).where(Notice.kind == NoticeKind.ARRIVED, Notice.task_id == filing.id)
    [notice] = session.scalars(arrived)
    assert (notice.account_id, notice.office_id, notice.role) == (None, filing.office_id, filing.role)


def test_of_a_filing_that_is_overdue_only_who_has_to_file_and_its_superior_hear(session: Session) -> None:
    filing = a_filing(session)
    county = session.get_one(Office, filing.office_id)
    with led(session, county.superior_id), clock.freeze(overdue_at(filing.due_on)):
        work_off(session)
    assert told(session, filing.change_request_id, NoticeKind.OVERDUE) == {
        (None, county.id, filing.role),
        (None, county.superior_id, Role.LEAD),
    }


def test_a_decided_task_gives_no_signal(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    road.approve(case)
    assert session.get(Timer, task.id) is None
    with clock.freeze(LAST_DAY + timedelta(days=1)):
        work_off(session)
    signals = select(func.count()).where(
        Notice.task_id == task.id, Notice.kind.in_([NoticeKind.REMINDER, NoticeKind.OVERDUE])
    )
    assert session.scalar(signals) == 0


def test_two_workers_share_the_timers_and_tell_each_once(road: Road, session: Session) -> None:
    tasks = [road.open_task(road.applied())]
    for _ in range(3):
        other = a_road(session)
        tasks.append(other.open_task(other.applied()))
    work_off(session)
    with clock.freeze(LAST_DAY), Session(session.get_bind(), info=session.info) as second:
        session.execute(select(Timer).where(Timer.task_id == tasks[0].id).with_for_update())
        assert fire_due(second) == 3
        session.rollback()
        assert fire_due(session) == 1
        assert drain(session) == 4
    assert session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_a_yellow_card_is_given_on_the_morning_of_the_last_day(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    with clock.freeze(LAST_DAY + timedelta(hours=8, seconds=-1)):
        work_off(session)
        assert told(session, task.change_request_id, NoticeKind.YELLOW) == set()
    with clock.freeze(LAST_DAY + timedelta(hours=8)):
        work_off(session)
    assert told(session, task.change_request_id, NoticeKind.YELLOW) == {
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.receiving.id, Role.LEAD),
    }


def test_each_signal_arms_the_next_and_the_last_one_none(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    following = {
        LAST_DAY: (TimerKind.YELLOW, LAST_DAY + timedelta(hours=8)),
        LAST_DAY + timedelta(hours=8): (TimerKind.OVERDUE, LAST_DAY + timedelta(days=1)),
    }
    for at, armed in following.items():
        with clock.freeze(at):
            work_off(session)
        timer = session.get_one(Timer, task.id, populate_existing=True)
        assert (timer.kind, timer.due_at) == armed
    with clock.freeze(LAST_DAY + timedelta(days=1)):
        work_off(session)
    session.expire_all()
    assert session.get(Timer, task.id) is None


def test_messages_become_notices_in_the_order_in_which_they_were_written(session: Session) -> None:
    work_off(session)
    for _ in range(12):
        road = a_road(session)
        road.approve(road.applied(), times=2)
    drain(session)
    messages = session.scalars(select(Notice.outbox_id).order_by(Notice.id)).all()
    assert messages == sorted(messages)


def test_of_a_case_that_somebody_holds_for_long_is_told_later_and_of_others_now(
    road: Road, session: Session, road_url: str
) -> None:
    held, free = road.applied(), road.rival().applied()
    registrar = select(Membership).where(Membership.office_id == road.receiving.id)
    session.scalars(registrar.where(Membership.role == Role.REGISTRAR)).one().valid_to = clock.today()
    session.commit()
    holder = Session(session.get_bind(), info=session.info)
    with holder, session_at(road_url, settings_of(session), "100ms") as worker:
        holder.get_one(ChangeRequest, held.id, with_for_update={"key_share": True})
        assert drain(worker) > 0
        assert [bool(told(session, case.id, NoticeKind.ARRIVED)) for case in (held, free)] == [False, True]
        holder.rollback()
        assert drain(worker) > 0
    session.rollback()
    assert told(session, held.id, NoticeKind.ARRIVED)


def test_a_guardian_no_more_hears_no_more_and_the_other_one_does(road: Road, session: Session) -> None:
    other = makers.a_guardian(session, road.student)
    case = road.applied()
    ended = select(Guardianship).where(Guardianship.account_id == road.guardian.account_id)
    session.scalars(ended).one().valid_to = clock.today()
    session.commit()
    work_off(session)
    assert told(session, case.id, NoticeKind.SUBMITTED) == {(other.account_id, None, None)}


def test_the_school_that_applied_hears_by_its_registrar_whoever_that_is(road: Road, session: Session) -> None:
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    case = replace(road, guardian=registrar).applied()
    work_off(session)
    assert told(session, case.id, NoticeKind.SUBMITTED) == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
    }


def test_the_family_and_both_schools_hear_how_it_ended(road: Road, session: Session) -> None:
    case = road.applied()
    road.decide(case, Outcome.REJECT, "无空余学位")
    work_off(session)
    assert told(session, case.id, NoticeKind.REJECTED) == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.releasing.id, Role.REGISTRAR),
    }


def test_notices_reach_whoever_holds_the_role_when_they_are_read(road: Road, session: Session) -> None:
    case = road.applied()
    work_off(session)
    newcomer = makers.an_officer(session, road.receiving, Role.REGISTRAR)
    kinds = [
        notice.kind
        for notice in notices_for(session, newcomer).notices
        if notice.change_request_id == case.id
    ]
    assert kinds == [NoticeKind.ARRIVED]
    assert NoticeKind.SUBMITTED in {notice.kind for notice in notices_for(session, road.guardian).notices}


@pytest.mark.parametrize("how", ["withdrawn", "revoked"])
def test_whoever_had_the_case_hears_that_it_has_ended(road: Road, session: Session, how: str) -> None:
    """Domain 3.0.5: current handlers."""
    case = road.applied(until="receiving_authorities/in_county")
    work_off(session)
    if how == "withdrawn":
        withdraw(session, road.guardian, case.id)
    else:
        revoke(session, road.officers[road.receiving.id, Role.REGISTRAR], case.id, reason="不再转学")
    work_off(session)
    assert told(session, case.id, NoticeKind(how)) == {
        (road.guardian.account_id, None, None),
        (None, road.receiving.id, Role.REGISTRAR),
        (None, road.releasing.id, Role.REGISTRAR),
        (None, road.receiving.superior_id, Role.HANDLER),
    }
