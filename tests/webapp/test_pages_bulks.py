"""Approving together on the pages: ticks in the inbox, all changes side by side, what became of each."""

import re
from collections.abc import Iterator

import pytest

from models import Account
from models.enums import OverlayKind, Role
from tests.webapp.road import Road
from tests.webapp.site import Site, Visitor, a_site, said
from tests.webapp.together import Together, carried_out, waiting_together
from webapp.services.cases import inbox, weighing
from webapp.services.cases.bulks import undo
from webapp.services.demo import makers

pytestmark = pytest.mark.slow

TICK = re.compile(r'name="task" form="together" value="([0-9-]+)"')


@pytest.fixture
def together(ward: Road) -> Together:
    """The only cases at this county."""
    return waiting_together(ward.rival())


@pytest.fixture
def site(together: Together) -> Iterator[Site]:
    with a_site(together.session) as site:
        yield site


@pytest.fixture
def handler(site: Site, together: Together) -> Visitor:
    return site.visitor(together.officer)


def ticks(visitor: Visitor) -> list[str]:
    return TICK.findall(visitor.get("/inbox").text)


def sends(visitor: Visitor, *ticked: str, opinion: str = "材料齐全") -> str:
    """Send ticked tasks; returns the address of what became of them."""
    return visitor.post("/bulks", task=[*ticked], opinion=opinion).location


def test_a_row_can_be_ticked_where_its_step_is_approved_together(site, handler, together):
    assert ticks(handler) == [f"{task_id}-{version}" for task_id, version in together.ticked().items()]
    registrar = site.visitor(together.roads[0].officers[together.roads[0].receiving.id, Role.REGISTRAR])
    together.roads[0].rival().applied()
    assert "转入学校核对" in registrar.reads("/inbox")
    assert ticks(registrar) == []


def test_a_whole_step_is_sent_though_its_list_has_more_pages_than_one(handler, together, monkeypatch):
    assert 'name="like"' not in handler.get("/inbox").text
    monkeypatch.setattr(inbox, "PAGE", 2)
    [like] = re.findall(r'name="like" value="([0-9-]+)"', handler.get("/inbox").text)
    page = handler.get("/bulks/new", query_string={"like": like, "task": "1-1"})
    ticked = [f"{task_id}-{version}" for task_id, version in together.ticked().items()]
    assert re.findall(r'name="task" value="([0-9-]+)" checked', page.text) == ticked
    assert handler.get(sends(handler, *ticked)).status_code == 200


def test_the_step_of_somebody_elses_task_is_not_his_to_send(site, handler, together):
    task = together.roads[0].rival().applied().tasks[0]
    assert handler.get(f"/bulks/new?like={task.id}-1").status_code == 403


def test_neither_a_colleagues_task_nor_ones_own_childs_can_be_ticked(site, together):
    account = together.session.get_one(Account, together.officer.account_id)
    makers.a_guardian(together.session, together.roads[0].student, account=account)
    second = together.tasks()[1]
    colleague = makers.an_officer(together.session, second.office, Role.HANDLER)
    second.claimed_by_id = colleague.account_id
    together.session.commit()
    handler = site.visitor(makers.person_of(together.session, account))
    assert len(ticks(handler)) == 1


def test_the_ticked_tasks_stand_side_by_side_with_what_each_changes(handler, together):
    page = handler.reads(f"/bulks/new?{'&'.join('task=' + tick for tick in ticks(handler))}")
    for road in together.roads:
        assert f"School {road.releasing.name} {road.receiving.name}" in page
        assert road.student.name in page
    assert "Not among them" not in page


def test_what_a_rule_stands_against_is_named_with_the_rule(handler, together):
    makers.an_overlay(together.session, together.roads[0].student, OverlayKind.PROBLEM)
    together.session.commit()
    page = handler.reads(f"/bulks/new?{'&'.join('task=' + tick for tick in ticks(handler))}")
    assert "Not among them" in page
    assert "Rules stand against it: H2." in page


def test_they_are_sent_and_carried_out_half_a_minute_later(handler, together):
    at = sends(handler, *ticks(handler))
    page = handler.reads(at)
    assert "Nothing is decided yet. It is carried out at 09:00:30." in page
    assert "30 seconds left" in page
    carried_out(together.session)
    page = handler.reads(at)
    assert "It is carried out. Approved 3" in page
    assert "Undo it" not in page


def test_a_form_that_is_sent_again_leads_to_what_became_of_it(handler, together):
    first, second, *_ = ticks(handler)
    forms = [{"task": [tick], "opinion": "材料齐全", "once": tick} for tick in (first, second, first)]
    sent = [handler.post("/bulks", **form).location for form in forms]
    assert sent[0] == sent[2] != sent[1]


def test_they_can_be_undone(handler, together):
    at = sends(handler, *ticks(handler))
    answer = handler.post(f"{at}/undo")
    assert answer.location == at
    assert "It was undone at 09:00:00. Nothing was decided." in handler.reads(at)
    assert len(ticks(handler)) == 3


def test_who_undoes_too_late_reads_what_became_of_it(handler, together):
    at = sends(handler, *ticks(handler))
    carried_out(together.session)
    assert handler.post(f"{at}/undo").location == at
    assert "It is carried out by now." in handler.reads(at)


def test_colleagues_read_in_whose_hands_a_task_is(site, handler, together):
    task = together.tasks()[0]
    colleague = makers.an_officer(together.session, task.office, Role.HANDLER)
    together.session.commit()
    at = sends(handler, *ticks(handler))
    visitor = site.visitor(colleague)
    told = f"{together.officer.name} approves it with others at 09:00:30"
    assert visitor.reads("/inbox").count(told) == 3
    assert told in visitor.reads(f"/tasks/{task.id}")
    assert ticks(visitor) == []
    assert "Undo it" not in visitor.reads(at)
    assert visitor.post(f"{at}/undo").status_code == 403
    assert together.officer.name in visitor.reads("/bulks")


def test_what_was_not_approved_stands_first_with_its_reason(handler, together):
    at = sends(handler, *ticks(handler))
    third = together.roads[2]
    third.send_back(together.cases[2])
    carried_out(together.session)
    page = handler.reads(at)
    assert "Changed meanwhile 1 Approved 2" in page
    assert page.index(third.student.name) < page.index(together.roads[0].student.name)
    assert "The case waits for the applicant's correction" in page


@pytest.mark.parametrize("ticked", ["", "task=", "task=1", "task=x-1", "task=-1-1"])
def test_without_a_tick_one_is_led_back_to_the_inbox(handler, ticked):
    answer = handler.get(f"/bulks/new?{ticked}")
    assert answer.location == "/inbox"
    assert "Tick the tasks to approve together." in handler.reads("/inbox")


def test_an_opinion_that_is_too_long_is_told_and_nothing_is_sent(handler):
    answer = handler.post("/bulks", task=ticks(handler), opinion="长" * 501)
    assert answer.status_code == 422
    assert "500" in said(answer)
    assert len(ticks(handler)) == 3


def test_tasks_that_a_colleague_was_quicker_with_are_told(site, handler, together):
    colleague = makers.an_officer(together.session, together.tasks()[0].office, Role.HANDLER)
    together.session.commit()
    ticked = ticks(handler)
    at = sends(site.visitor(colleague), *ticked)
    answer = handler.post("/bulks", task=ticked)
    assert answer.status_code == 422
    assert "None of these tasks can be approved together" in said(answer)
    assert f"{colleague.name} has it among those that are approved together at 09:00" in said(answer)
    undo(together.session, colleague, int(at.rpartition("/")[2]))


def test_the_history_says_that_it_was_approved_with_others(handler, together):
    sends(handler, *ticks(handler))
    carried_out(together.session)
    assert "Together with others" in handler.reads(f"/cases/{together.cases[0].id}")


def test_whoever_ticks_too_many_is_led_back_to_the_list(
    together: Together, handler: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MOST_TOGETHER", 1)
    answer = handler.get("/bulks/new", query_string=[("task", tick) for tick in ticks(handler)])
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert "At most 1 tasks are approved together. Tick fewer." in handler.reads("/inbox")
