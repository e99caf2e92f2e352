"""Somebody comes or goes: whose the open tasks are then, who is told, and which seats are listed as vacant."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Office, Outbox
from models.enums import NoticeKind, Role, TaskState
from tests.webapp.case_tasks import HENAN, LUOYANG, XINAN, YIYANG, a_member, a_task, four_bureaus, rerouted
from webapp.services.offices.addressees import Addressee, reroute, vacancies

TODAY, TOMORROW = date(2026, 9, 7), date(2026, 9, 8)


@pytest.fixture
def session(database_url):
    """A session on Henan, Luoyang and two of its counties, of which nothing stays."""
    with four_bureaus(database_url) as session:
        yield session


def asked(task):
    return (task.office_id, task.role, task.vacant)


def refreshed(session, *tasks):
    session.expire_all()
    return [asked(task) for task in tasks]


def test_when_a_handler_leaves_his_tasks_go_up_and_come_back_to_who_follows(session):
    a_member(session, LUOYANG, Role.LEAD, login="lead")
    leaver = a_member(session, XINAN, Role.HANDLER, login="leaver")
    task = a_task(session, XINAN, number="1")
    leaver.valid_to = TODAY
    session.flush()
    assert reroute(session, XINAN, TODAY) == [task.id]
    assert refreshed(session, task) == [(LUOYANG, "lead", True)]
    a_member(session, XINAN, Role.HANDLER, login="follower", begins=TODAY)
    assert reroute(session, XINAN, TODAY) == [task.id]
    assert refreshed(session, task) == [(XINAN, "handler", False)]


def test_only_the_tasks_that_their_holder_must_not_decide_go_up(session):
    handler = a_member(session, XINAN, Role.HANDLER, login="handler")
    a_member(session, LUOYANG, Role.LEAD, login="lead")
    stranger = handler.account_id + 1_000_000  # a guardian who sits nowhere
    own = a_task(session, XINAN, number="1", asker_ids=[handler.account_id, stranger])
    others = a_task(session, XINAN, number="2", asker_ids=[stranger])
    assert reroute(session, XINAN, TODAY) == [own.id]
    assert refreshed(session, own, others) == [(LUOYANG, "lead", True), (XINAN, "handler", False)]
    assert rerouted(session, TODAY) == []
    a_member(session, XINAN, Role.HANDLER, login="colleague")
    assert reroute(session, XINAN, TODAY) == [own.id]
    assert refreshed(session, own) == [(XINAN, "handler", False)]


def test_who_is_asked_from_now_on_is_told_and_nobody_else(session):
    moved = a_task(session, XINAN, number="1")
    a_member(session, YIYANG, Role.HANDLER, login="handler")
    a_task(session, YIYANG, number="2")
    a_member(session, LUOYANG, Role.LEAD, login="lead")
    rerouted(session, TODAY)
    told = session.execute(select(Outbox.kind, Outbox.change_request_id, Outbox.task_id)).all()
    assert told == [(NoticeKind.READDRESSED, moved.change_request_id, moved.id)]


def test_when_an_office_ends_its_tasks_go_up_with_the_day(session):
    a_member(session, XINAN, Role.HANDLER, login="handler")
    a_member(session, LUOYANG, Role.LEAD, login="lead")
    task = a_task(session, XINAN, number="1")
    session.get_one(Office, XINAN).valid_to = TOMORROW
    session.flush()
    assert rerouted(session, TODAY) == []
    assert rerouted(session, TOMORROW) == [task.id]
    assert refreshed(session, task) == [(LUOYANG, "lead", True)]


def test_when_the_lead_of_the_city_leaves_what_he_stood_in_for_goes_further_up(session):
    stand_in = a_member(session, LUOYANG, Role.LEAD, login="city")
    a_member(session, HENAN, Role.LEAD, login="province")
    a_member(session, YIYANG, Role.HANDLER, login="handler")
    standing_in = {"office_id": LUOYANG, "role": Role.LEAD, "vacant": True}
    vacant, held = a_task(session, XINAN, number="1", **standing_in), a_task(session, YIYANG, number="2")
    stand_in.valid_to = TODAY
    session.flush()
    assert reroute(session, LUOYANG, TODAY) == [vacant.id]
    assert refreshed(session, vacant, held) == [(HENAN, "lead", True), (YIYANG, "handler", False)]


def test_a_lead_who_comes_takes_over_from_further_up_and_what_was_nobodys(session):
    further_up, nobodys = (
        a_task(session, XINAN, number="1", office_id=HENAN, role=Role.LEAD, vacant=True),
        a_task(session, YIYANG, number="2", vacant=True),
    )
    a_member(session, LUOYANG, Role.LEAD, login="lead")
    assert reroute(session, LUOYANG, TODAY) == [further_up.id, nobodys.id]
    assert refreshed(session, further_up, nobodys) == [(LUOYANG, "lead", True)] * 2


def test_another_countys_tasks_are_not_touched(session):
    stale = a_task(session, YIYANG, number="1")  # nobody is there, and nobody has noticed
    assert reroute(session, XINAN, TODAY) == []
    assert refreshed(session, stale) == [(YIYANG, "handler", False)]


def test_tasks_that_are_decided_or_stand_still_stay_where_they_are(session):
    ended = {"state": TaskState.DONE, "ended_at": datetime(2025, 9, 2, tzinfo=UTC), "days_left": None}
    a_task(session, XINAN, number="1", **ended)
    a_task(session, XINAN, number="2", state=TaskState.SUSPENDED)
    assert rerouted(session, TODAY) == []


def test_with_the_day_memberships_begin_and_end_in_all_offices(session):
    a_member(session, XINAN, Role.HANDLER, login="leaver", ends=TOMORROW)
    a_member(session, YIYANG, Role.HANDLER, login="comer", begins=TOMORROW)
    leaving, coming = a_task(session, XINAN, number="1"), a_task(session, YIYANG, number="2", vacant=True)
    assert rerouted(session, TODAY) == []
    assert rerouted(session, TOMORROW) == [leaving.id, coming.id]
    assert refreshed(session, leaving, coming) == [(XINAN, "handler", True), (YIYANG, "handler", False)]


def test_vacancies_are_listed_with_who_stands_in_the_urgent_first(session):
    stood_in_for = {"office_id": LUOYANG, "role": Role.LEAD, "vacant": True}
    a_task(session, XINAN, number="1", due_on=date(2025, 9, 20), **stood_in_for)
    a_task(session, XINAN, number="2", due_on=date(2025, 9, 18), **stood_in_for)
    a_task(session, YIYANG, Role.CHIEF, number="3", due_on=date(2025, 9, 17), vacant=True)
    a_task(session, YIYANG, number="4")
    listed = vacancies(session, LUOYANG)
    assert [(v.office_id, v.role, v.tasks, v.due_on, v.asked) for v in listed] == [
        (YIYANG, "chief", 1, date(2025, 9, 17), Addressee(YIYANG, Role.CHIEF, vacant=True)),
        (XINAN, "handler", 2, date(2025, 9, 18), Addressee(LUOYANG, Role.LEAD, vacant=True)),
    ]
    assert [v.office for v in vacancies(session, XINAN)] == ["410323教育局"]
    assert vacancies(session, HENAN) == listed
