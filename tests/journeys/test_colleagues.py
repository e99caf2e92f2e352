"""What officers do for each other: an opinion kept for later, a copy for information, somebody who stands in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from models.enums import Role
from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import A_PHONE
from tests.journeys.people import Officer
from tests.webapp.road import a_road
from webapp.config import DEMO_BEGINS
from webapp.services.demo import makers

pytestmark = pytest.mark.browser

CHILD, STEP = "孙嘉怡", "转入学校核对"


def names(form: Locator, colleague: str) -> None:
    """Let a colleague stand in from today on."""
    today = DEMO_BEGINS.date()
    form.get_by_label("同事").select_option(label=colleague)
    form.get_by_label("开始日期").fill(today.isoformat())
    form.get_by_label("结束日期").fill((today + timedelta(days=4)).isoformat())
    form.get_by_role("button").click()


def test_an_opinion_is_kept_for_later_and_found_on_another_device(
    officer: Officer, new_context: Callable[..., BrowserContext], site: DemoSite
) -> None:
    officer.signs_in("song-registrar")
    officer.opens(CHILD, STEP)
    officer.decides("暂存", "待核实住址")
    officer.reads("已暂存，任务办结前仅您本人可见。")
    officer.looks_at("task-saved")
    phone = Officer(new_context(**A_PHONE).new_page(), site)
    phone.signs_in("song-registrar")
    phone.opens(CHILD, STEP)
    expect(phone.task.get_by_role("textbox", name="意见")).to_have_value("待核实住址")


def test_a_case_is_copied_to_the_county_which_reads_it(officer: Officer) -> None:
    officer.signs_in("song-registrar")
    officer.opens(CHILD, STEP)
    officer.task.locator("summary").filter(has_text="抄送").click()
    officer.task.get_by_role("checkbox", name="石海燕").and_(officer.page.locator("[name=to]")).check()
    officer.task.get_by_label("附言").fill("该校学位紧张，请知悉")
    officer.looks_at("task-copying")
    officer.presses("发送抄送")
    officer.reads("已抄送，并已通知所选人员。")
    officer.signs_in("song-county")
    assert f"{CHILD}的转学申请已抄送给您，请阅知" in officer.notices()
    officer.page.goto("/inbox")
    officer.page.get_by_role("navigation", name="列表").get_by_role("link", name="抄送").click()
    officer.reads("未阅", "苗秀英：该校学位紧张，请知悉")
    officer.looks_at("inbox-copies")
    officer.page.locator(".rows a").filter(has_text=CHILD).click()
    officer.reads("将本业务抄送给您")
    officer.looks_at("case-copied")
    officer.presses("已阅")
    officer.reads("已登记为阅知。", "已阅")


def test_a_lead_lets_somebody_stand_in_for_a_registrar_who_is_away(
    officer: Officer, new_context: Callable[..., BrowserContext], site: DemoSite
) -> None:
    officer.signs_in("song-lead")
    desk = officer.page
    desk.goto("/account/substitutes")
    summary = desk.locator("summary").filter(has_text="苗秀英")
    summary.click()
    form = desk.locator("details").filter(has=summary)
    officer.looks_at("substitutes-led")
    names(form, "崔国庆")
    officer.reads("崔国庆代苗秀英")
    desk.goto("/inbox")
    expect(officer.row(CHILD)).to_contain_text(STEP)
    desk.goto("/account/substitutes")
    officer.presses("结束代理")
    desk.goto("/inbox")
    expect(officer.row(CHILD)).to_have_count(0)


def test_who_stands_in_approves_and_the_history_names_both(officer: Officer, site: DemoSite) -> None:
    """B 代 A: the registrar names the school's principal, who decides in her stead."""
    with site.session() as session:
        road = a_road(session, releasing_in="410329", receiving_in="410311")  # where no other journey leads
        case = road.applied()
        child, school = road.student.name, road.receiving
        registrar, lead = (road.officers[school.id, role] for role in (Role.REGISTRAR, Role.LEAD))
        principal = makers.an_officer(session, school, Role.PRINCIPAL)
        session.commit()
        page = f"/cases/{case.id}"
    officer.signs_in_as(registrar)
    officer.page.goto("/account/substitutes")
    names(officer.page.get_by_role("main"), principal.name)
    officer.reads(f"{principal.name}代{registrar.name}")
    officer.signs_in_as(principal)
    officer.opens(child, STEP)
    officer.decides("通过", "材料齐全，同意")
    officer.reads("已通过")
    expect(officer.row(child)).to_have_count(0)
    for person in (registrar, lead):
        officer.signs_in_as(person)
        officer.page.goto(page)
        approved = officer.page.locator(".story:not(.now) > li").first
        expect(approved).to_contain_text(f"通过 {STEP}")
        expect(approved).to_contain_text(f"{principal.name}代{registrar.name}")
        expect(approved).to_contain_text("材料齐全，同意")
    officer.looks_at("case-decided-by-substitute")
