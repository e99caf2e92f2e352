"""A province without a connection (未对接): officers take down what they were told, and by whom."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect

from models import CaseEvent
from tests.journeys.crossing import (
    applies,
    in_both_languages,
    school_and_county_approve,
    without_scripts,
)
from tests.journeys.looks import A_DESK, A_PHONE
from tests.journeys.people import Family, Officer
from tests.journeys.pupils import XIHU, XU
from tests.journeys.test_without import tab_to
from tests.journeys.two_provinces import SONG, TwoProvinces

pytestmark = pytest.mark.browser

TOLD_BY, LETTER = "杭州市西湖区教育局 王老师", "浙教函〔2026〕12号"
STOPS = (
    "学生姓名",
    "学籍号",
    "出生日期",
    "男",
    "学校所在省份",
    "学校所在市、县",
    "学校名称",
    "义务教育",
    "本学段第几年级",
    "何时起在该校就读",
)


def test_without_a_connection_officers_take_down_what_they_were_told_and_no_page_needs_a_script(
    provinces: TwoProvinces, open_at: Callable[..., BrowserContext], small_photo: FilePayload
) -> None:
    henan, wrong, child = provinces.henan, "许安燃", XU.name
    family, officer = without_scripts(henan, open_at)
    family.signs_in("xu-parent")
    family.enters(XU, wrong)
    applies(family, wrong, small_photo)
    school_and_county_approve(officer, wrong)
    officer.follows("外省事项")
    officer.reads(wrong, "浙江省教育厅", "未对接：电话或函件办理")
    tells_without_a_mouse_of_open_business_and_a_problem(officer, wrong)
    officer.reads("已登记，并记录登记人和信息来源。", "平台校验代码：2002 2003", f"答复人：{TOLD_BY}")
    hands_in_again_what_the_other_school_has_to_mend(family, wrong)
    officer.follows("外省事项")
    tells(officer, wrong, "退回补正", "2001")
    family.follows_up(wrong, "case-2001-by-hand")
    family.corrects(child)
    handy = Officer(open_at(henan.address, **A_PHONE).new_page(), henan)
    hears_on_the_phone_that_they_agree(handy, child)
    officer.approves("song-registrar", child, "转入学校调档")
    assert henan.schools(child) == [XIHU, SONG]
    told = [
        event.payload["evidence"] for event in henan.rows(CaseEvent, child) if "evidence" in event.payload
    ]
    assert [(each["told_by"], each["reference"]) for each in told] == [(TOLD_BY, LETTER)] * 4


def test_the_keyboard_leads_to_every_field_about_a_child_elsewhere(
    provinces: TwoProvinces, open_at: Callable[..., BrowserContext]
) -> None:
    family = Family(open_at(provinces.henan.address, **A_DESK).new_page(), provinces.henan)
    page = family.page
    family.signs_in("xu-parent")
    page.goto("/children/new")
    in_both_languages(family, "newcomer")
    for label in STOPS:
        tab_to(page, page.get_by_label(label, exact=True))
    tab_to(page, page.get_by_role("button", name="下一步：选择转入学校"))
    page.keyboard.press("Enter")
    family.reads("请填写学生姓名。")
    family.looks_at("newcomer-refused")


def tells_without_a_mouse_of_open_business_and_a_problem(officer: Officer, child: str) -> None:
    page = officer.page
    tab_to(page, page.get_by_role("link", name=child))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("通过", exact=True))
    page.keyboard.press("ArrowDown")
    for code in ("2002", "2003"):
        tab_to(page, page.get_by_label(code))
        page.keyboard.press("Space")
    tab_to(page, page.get_by_label("答复人"))
    page.keyboard.insert_text(TOLD_BY)
    tab_to(page, page.get_by_label("文号或表单编号"))
    page.keyboard.insert_text(LETTER)
    tab_to(page, page.get_by_role("button", name="登记"))
    page.keyboard.press("Enter")


def hands_in_again_what_the_other_school_has_to_mend(family: Family, child: str) -> None:
    family.follows_up(child, "case-2002-2003")
    family.reads(
        "在办业务未办结",
        "请联系转出学校先办结或撤销该业务",
        "问题学籍未处理",
        "请联系转出学校先核实处理问题学籍",
    )
    expect(family.page.get_by_role("link", name="更正姓名和学籍号")).to_have_count(0)
    family.presses("重新提交")
    family.reads("已重新提交", "浙江省教育厅审核中")


def hears_on_the_phone_that_they_agree(officer: Officer, child: str) -> None:
    officer.signs_in("song-county")
    officer.follows("外省事项")
    in_both_languages(officer, "outside-by-hand")
    officer.follows(child)
    in_both_languages(officer, "outside-answer")
    officer.presses("登记")
    officer.reads("请写明由哪个单位、何人答复")
    officer.looks_at("outside-answer-refused")
    for step in ("全国平台校验", "外省转出方意见"):
        officer.follows("外省事项")
        officer.reads(step)
        tells(officer, child, "通过")
    officer.looks_at("case-by-hand")


def tells(officer: Officer, child: str, answer: str, *codes: str) -> None:
    """Take down an answer from the list of what is awaited."""
    officer.follows(child)
    officer.page.get_by_label(answer, exact=True).check()
    for code in codes:
        officer.page.get_by_label(code).check()
    officer.page.get_by_label("答复人").fill(TOLD_BY)
    officer.page.get_by_label("文号或表单编号").fill(LETTER)
    officer.presses("登记")
    officer.reads("已登记")
