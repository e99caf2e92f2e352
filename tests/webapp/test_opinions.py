"""An opinion that is not given yet (暂存): shown again to whoever wrote it, until the task ends."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import ChangeRequest, DraftOpinion, Task
from models.enums import Role
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, said
from webapp import clock, errors
from webapp.services.cases.closings import TaskClosed
from webapp.services.cases.opinions import opinion_of, save
from webapp.services.cases.recalls import recall
from webapp.services.demo import makers
from webapp.services.rounds import begin_day

pytestmark = pytest.mark.slow

TICKED = 'value="proof_of_residence" checked'


def saved(road: Road, task: Task) -> list[str]:
    road.session.expire_all()
    mine = select(DraftOpinion.text).where(DraftOpinion.task_id == task.id)
    return list(road.session.scalars(mine))


def test_what_was_saved_is_shown_again_on_another_device(
    site: Site, registrar: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    page = f"/tasks/{task.id}"
    said_so_far = {"version": case.version, "opinion": "待核实住址", "items": "proof_of_residence"}
    answer = registrar.post(f"{page}/opinion", **said_so_far)
    assert answer.location == page
    phone = site.visitor(road.officer(task))
    shown = phone.get(page)
    assert "待核实住址</textarea>" in shown.text
    assert TICKED in shown.text
    assert "Saved for you 09:00." in said(shown)
    registrar.post(f"{page}/opinion", version=case.version, opinion="住址已核实")
    again = phone.get(page).text
    assert "住址已核实</textarea>" in again
    assert TICKED not in again
    assert saved(road, task) == ["住址已核实"]


def test_what_was_ticked_either_way_is_ticked_again(
    registrar: Visitor, case: ChangeRequest, task: Task
) -> None:
    kept = {"items": "household_register", "fields": ["grade", "note"], "code": "OTHER"}
    registrar.post(f"/tasks/{task.id}/opinion", version=case.version, opinion="", **kept)
    shown = registrar.get(f"/tasks/{task.id}").text
    ticked = re.findall(r'name="(items|fields|code)" value="(\w+)" checked', shown)
    assert {*ticked} == {
        ("items", "household_register"),
        ("fields", "grade"),
        ("fields", "note"),
        ("code", "OTHER"),
    }


def test_nobody_else_reads_it(
    site: Site, registrar: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    colleague = makers.an_officer(road.session, road.receiving, Role.REGISTRAR)
    registrar.post(f"/tasks/{task.id}/opinion", version=case.version, opinion="待核实住址")
    for other in (colleague, road.officers[road.receiving.id, Role.LEAD]):
        assert "待核实住址" not in site.visitor(other).get(f"/tasks/{task.id}").text


def test_what_is_too_long_to_be_said_is_not_saved_and_stays_on_the_page(
    registrar: Visitor, road: Road, case: ChangeRequest, task: Task
) -> None:
    answer = registrar.post(f"/tasks/{task.id}/opinion", version=case.version, opinion="核" * 501)
    assert answer.status_code == 422
    assert "核" * 501 in answer.text
    assert saved(road, task) == []


def test_it_is_gone_when_the_task_has_ended(road: Road, case: ChangeRequest, task: Task) -> None:
    officer, session = road.officer(task), road.session
    save(session, officer, task.id, text="待核实住址")
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        road.approve(case)
    session.expire_all()
    assert opinion_of(session, officer, task, case.events) is None
    with clock.freeze(clock.now() + timedelta(minutes=2)):
        recall(session, officer, task.id, version=case.version)
        session.expire_all()
        assert opinion_of(session, officer, task, case.events) is None
        save(session, officer, task.id, text="再核实")
        session.expire_all()
        assert opinion_of(session, officer, task, case.events).text == "再核实"


def test_a_new_day_deletes_what_was_saved_on_tasks_that_ended(
    road: Road, case: ChangeRequest, task: Task
) -> None:
    save(road.session, road.officer(task), task.id, text="待核实住址")
    begin_day(road.session)
    assert saved(road, task) == ["待核实住址"]
    road.approve(case)
    begin_day(road.session)
    assert saved(road, task) == []


def test_only_whoever_may_decide_an_open_task_saves_an_opinion_on_it(
    road: Road, case: ChangeRequest, task: Task
) -> None:
    session, officer = road.session, road.officer(task)
    with pytest.raises(errors.NotAllowed):
        save(session, road.officers[road.receiving.id, Role.LEAD], task.id, text="同意")
    with pytest.raises(errors.NotAllowed):
        save(session, road.guardian, task.id, text="同意")
    with pytest.raises(errors.NoSuchTask):
        save(session, officer, 2**40, text="同意")
    road.approve(case)
    session.expire_all()
    with pytest.raises(TaskClosed):
        save(session, officer, task.id, text="同意")
