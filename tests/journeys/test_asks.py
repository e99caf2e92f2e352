"""Where more than one officer has a word in a step: asked, sent back to look again, signed by all, taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from models import ChangeRequest
from models.enums import Role
from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Officer
from tests.journeys.test_languages import in_english
from tests.webapp.changed_processes import in_force, with_step
from tests.webapp.road import Road, a_road
from webapp.policy import Person
from webapp.services.demo import makers

pytestmark = pytest.mark.browser

COUNTY = "receiving_authorities/in_county"
PLACES = {"releasing_in": "410327", "receiving_in": "410328"}  # where no other journey leads


@pytest.fixture
def session(site: DemoSite) -> Iterator[Session]:
    with site.session() as session:
        yield session


@pytest.fixture
def road(session: Session) -> Road:
    return a_road(session, **PLACES)


@pytest.fixture
def case(road: Road) -> ChangeRequest:
    """A transfer that the receiving county has to decide."""
    return road.applied(until=COUNTY)


@pytest.fixture
def handler(road: Road, case: ChangeRequest) -> Person:
    return road.officer(road.open_task(case))


@pytest.fixture
def chief(road: Road, case: ChangeRequest) -> Person:
    """A colleague of the county's handler."""
    chief = makers.an_officer(road.session, road.open_task(case).office, Role.CHIEF)
    road.session.commit()
    return chief


@pytest.fixture
def signed_by_all(session: Session) -> Iterator[Road]:
    """A family, while the handler and the chief of a receiving county sign both (会签)."""
    files = with_step("transfer", "in_county", role="handler chief", mode="all")
    with in_force(session, "transfer", files):
        yield a_road(session, **PLACES)


def unfolds(officer: Officer, child: str, summary: str) -> None:
    """Open a child's task, and in it what is folded under some words."""
    officer.row(child).click()
    officer.task.locator("summary").filter(has_text=summary).click()


def test_a_colleague_is_asked_for_an_opinion_which_is_read_before_the_decision(
    officer: Officer, road: Road, handler: Person, chief: Person
) -> None:
    child = road.student.name
    officer.signs_in_as(handler)
    unfolds(officer, child, "征求他人")
    officer.looks_at("task-asking")
    officer.task.get_by_role("checkbox", name=chief.name).and_(officer.page.locator("[name=of]")).check()
    officer.task.get_by_role("textbox", name="意见").fill("该户是否已迁入？")
    officer.presses("发出征求")
    officer.reads("已发出征求", "已征求意见，尚未答复")
    officer.looks_at("task-waiting-for-an-answer")
    officer.signs_in_as(chief)
    officer.row(child).click()
    officer.reads(f"{handler.name}征求", "该户是否已迁入？")
    officer.looks_at("task-asked")
    officer.task.get_by_role("textbox", name="答复意见").fill("已迁入，可办")
    officer.task.get_by_label("我的建议").select_option(label="通过")
    officer.presses("提交答复")
    officer.reads("已答复，并通知征求人。")
    officer.signs_in_as(handler)
    officer.row(child).click()
    officer.reads("建议：通过", "已迁入，可办")
    officer.decides("通过")
    officer.reads("已通过，申请进入下一环节")


def test_a_school_looks_again_and_the_county_goes_on(
    officer: Officer, road: Road, case: ChangeRequest, handler: Person
) -> None:
    child, step = road.student.name, "转入学校核对"
    registrar = road.officers[road.receiving.id, Role.REGISTRAR]
    officer.signs_in_as(handler)
    unfolds(officer, child, "征求他人")
    officer.task.get_by_role("radio", name=step).check()
    officer.task.get_by_role("textbox", name="意见").fill("请核对原件")
    officer.presses("退回复核")
    officer.reads("已退回复核，答复前您这一环节停止计时。")
    expect(officer.row(child)).to_have_count(0)
    officer.signs_in_as(registrar)
    officer.row(child).click()
    officer.reads("请核对原件")
    officer.looks_at("task-second-look")
    officer.task.get_by_role("textbox", name="答复意见").fill("原件相符")
    officer.presses("提交答复")
    officer.reads("已答复，并通知征求人。")
    officer.signs_in_as(handler)
    officer.row(child).click()
    officer.reads("原件相符")
    officer.decides("通过")
    officer.reads("已通过，申请进入下一环节")


def test_a_case_goes_on_once_both_have_signed(officer: Officer, signed_by_all: Road) -> None:
    road, child = signed_by_all, signed_by_all.student.name
    case = road.applied()
    road.approve_until(case, COUNTY)
    handler, chief = (road.officer(task) for task in road.open_tasks(case))
    for who, told in (
        (handler, "已通过。其他各方也办理后，申请进入下一环节。"),
        (chief, "已通过，申请进入下一环节"),
    ):
        assert {task.step for task in road.open_tasks(case)} == {COUNTY}
        officer.signs_in_as(who)
        officer.row(child).click()
        officer.looks_at("task-signed-by-several")
        officer.decides("通过")
        officer.reads(told)
        expect(officer.row(child)).to_have_count(0)
    assert [task.step for task in road.open_tasks(case)] == ["out_registrar"]


def test_a_decision_is_taken_back_and_made_again(
    officer: Officer, road: Road, case: ChangeRequest, handler: Person
) -> None:
    child = road.student.name
    officer.signs_in_as(handler)
    officer.row(child).click()
    officer.decides("通过")
    officer.reads("已通过，申请进入下一环节")
    officer.page.get_by_role("navigation", name="列表").get_by_role("link", name="已办").click()
    officer.row(child).first.click()
    officer.looks_at("task-may-be-taken-back")
    officer.presses("撤回审批")
    officer.reads("已撤回，任务重新待办。")
    officer.rejects("转学理由不成立", "看错了户口簿")
    officer.reads("家长可以看到您填写的理由")
    assert road.open_tasks(case) == []


def test_asking_and_rejecting_read_well_in_english(
    officer: Officer, road: Road, handler: Person, chief: Person
) -> None:
    child = road.student.name
    officer.signs_in_as(handler)
    officer.presses("English")
    officer.reads("To do")
    for summary, picture in (("Ask others", "task-asking"), ("Reject", "task-rejecting")):
        officer.page.goto("/inbox")
        unfolds(officer, child, summary)
        in_english(officer, picture)
    officer.presses("中文")
    officer.reads("待办")
