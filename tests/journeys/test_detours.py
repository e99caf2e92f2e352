"""Where a case does not go straight on: rejected, returned for a paper, decided by a colleague first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import A_DESK
from tests.journeys.people import Family, Officer
from webapp import clock
from webapp.config import DEMO_BEGINS

pytestmark = pytest.mark.browser

SONG, XINAN = "嵩县演示小学", "新安县演示第一小学"


def test_the_releasing_county_rejects_with_a_reason_that_the_family_reads(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child, reason = "刘子墨", "学籍信息中的姓名与户口簿不一致，请先到学校更正"
    family.signs_in("liu-parent")
    family.prepares(child, SONG, photo, "居住证明")
    family.submits()
    officer.approves("song-registrar", child, "转入学校核对")
    officer.approves("song-lead", child, "转入学校审核")
    officer.approves("song-county", child, "转入县级核办")
    officer.approves("xinan-registrar", child, "转出学校核对")
    officer.approves("xinan-lead", child, "转出学校审核")
    officer.signs_in("xinan-county")
    officer.opens(child, "转出县级核办")
    officer.rejects("学生信息有误")
    expect(officer.task.get_by_role("alert")).to_contain_text("请填写理由")
    officer.looks_at("task-without-reason")
    officer.rejects("学生信息有误", reason)
    officer.reads("家长可以看到您填写的理由")
    family.follows_up(child, "case-rejected")
    assert family.standing().startswith("核办不通过")
    assert family.story()[0].startswith("不通过 转出县级核办 新安县教育局 经办人")
    assert family.story()[0].endswith(reason)
    assert family.notices()[0] == f"{child}的转学申请未通过新安县教育局经办人审核"
    assert site.asked(child) == set()
    assert site.schools(child) == [XINAN]


def test_a_paper_is_returned_corrected_and_the_case_goes_on_where_it_stood(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child, reason = "黄欣妍", "照片不清晰，请重新拍照上传"
    officer.signs_in("xinan-high-registrar")
    officer.opens(child, "转入学校核对")
    officer.asks_for("居住证明", reason)
    officer.reads("已退回申请人补正")
    assert site.asked(child) == set()
    with clock.freeze(DEMO_BEGINS + timedelta(hours=3)):
        family.signs_in("huang-parent")
        family.looks_at("children-returned")
        family.follows("去补正")
        family.reads(reason)
        family.looks_at("case-returned")
        family.hands_in("居住证明", photo)
        family.looks_at("case-mended")
        family.presses("重新提交")
        family.reads("已重新提交，从退回的环节继续办理", "新安县演示高级中学审核中")
        assert site.asked(child) == {"xinan-high-registrar"}
        officer.signs_in("xinan-high-registrar")
        officer.opens(child, "转入学校核对")
        expect(officer.task.get_by_role("img", name="居住证明")).to_be_visible()
        officer.decides("通过")
        expect(officer.row(child)).to_have_count(0)
    assert site.asked(child) == {"xinan-high-lead"}


def test_of_two_officers_at_once_the_later_reads_who_decided_and_when(
    officer: Officer, new_context: Callable[..., BrowserContext], site: DemoSite
) -> None:
    child = "钱程远"
    colleague = Officer(new_context(**A_DESK).new_page(), site)
    colleague.signs_in(site.colleague_of("song-county"))
    officer.signs_in("song-county")
    for each in (colleague, officer):
        each.opens(child, "转入县级核办")
    with clock.freeze(DEMO_BEGINS + timedelta(minutes=42)):
        colleague.decides("通过", "材料齐全，同意")
        colleague.reads("已通过，申请进入下一环节")
    with clock.freeze(DEMO_BEGINS + timedelta(minutes=45)):
        officer.rejects("转学理由不成立", "居住证明已过期")
        officer.reads("嵩县教育局经办人已于 09:42 审核：通过")
        officer.looks_at("task-decided-by-a-colleague")
    expect(officer.task.get_by_role("button")).to_have_count(0)
    assert site.asked(child) == {"xinan-registrar"}
