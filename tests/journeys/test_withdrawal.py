"""A student wishes to leave for good: refused for what proves nothing, then granted; another never came back."""

from datetime import date

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family, Officer
from webapp import clock
from webapp.services.demo.plan import FUZHOU
from webapp.services.proposals.finding import find_proposals

pytestmark = pytest.mark.browser

CHILD, LOST = "林知远", "叶未归"


def test_a_withdrawal_is_refused_and_then_granted(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    parent = site.a_family(CHILD, FUZHOU)
    family.signs_in(parent)
    family.begins(CHILD, "申请退学")
    assert family.page.get_by_role("radio", name="旷课").count() == 0
    family.page.get_by_role("radio", name="因病").check()
    family.page.get_by_role("radio", name="其他医疗机构").check()
    family.fills({}, "withdrawal-details")
    family.hands_in("退学申请书", photo)
    family.hands_in("诊断证明", photo)
    family.follows("下一步：核对")
    family.reads("因病退学须有学校指定的县级以上医院的证明", "现在还不能提交")
    family.looks_at("withdrawal-barred")
    family.page.get_by_role("region", name=CHILD).get_by_role("link", name="修改").click()
    family.page.get_by_role("radio", name="县级以上医院").check()
    family.fills({"医院名称": "福州市第一医院"})
    assert family.checks() == [f"{FUZHOU} {role}" for role in ("学籍管理员", "学籍主管领导")] + [
        "福州市鼓楼区教育局 经办人"
    ]
    family.submits()
    officer.approves("fuzhou-registrar", CHILD, "学校核对")
    officer.signs_in("fuzhou-lead")
    officer.opens(CHILD, "学校审核")
    officer.rejects("证明材料不实，或不能证明所述理由", "医院证明没有盖章")
    officer.reads("不通过")
    assert site.state(CHILD) == "enrolled"

    family.signs_in(parent)
    family.follows_up(CHILD, "withdrawal-refused")
    family.reads("医院证明没有盖章")
    family.begins(CHILD, "申请退学")
    family.page.get_by_role("radio", name="本人申请").check()
    family.fills({})
    family.hands_in("退学申请书", photo)
    family.checks()
    family.submits()
    officer.approves("fuzhou-registrar", CHILD, "学校核对")
    officer.approves("fuzhou-lead", CHILD, "学校审核")
    assert site.state(CHILD) == "withdrawn"
    family.signs_in(parent)
    family.reads("该学生目前没有就读学校")
    assert family.notices()[0] == f"{CHILD}的退学申请已办结，学籍已变更"


def test_whoever_never_returned_is_told_then_proposed_then_withdrawn(
    officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    number = site.a_suspended(LOST, FUZHOU, date(2025, 9, 1), date(2026, 8, 31))
    officer.signs_in("fuzhou-registrar")
    officer.follows("学生")
    officer.looks_at("students")
    officer.page.get_by_label("学籍号").fill(number)
    officer.page.get_by_label("学生姓名").fill(LOST)
    officer.presses("查找学生")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(LOST)
    officer.looks_at("student")
    officer.page.get_by_label("告知家长的日期").fill("2026-09-04")
    officer.page.get_by_role("radio", name="邮寄送达").check()
    officer.presses("登记")
    officer.reads("已登记告知。", "2026-09-04 · 邮寄送达")
    with site.session() as session:
        find_proposals(session, clock.today())
    officer.follows("学生")
    officer.reads(LOST, "休学期满未复学")
    officer.looks_at("students-proposed")
    officer.page.get_by_role("region", name=LOST).get_by_role("link", name="发起").click()
    expect(officer.page.get_by_role("radio", name="休学期满未复学")).to_be_checked()
    officer.presses("保存并继续")
    form = officer.page.locator("form.upload").filter(has_text="告知凭证")
    form.get_by_label("告知凭证").set_input_files(photo)
    form.get_by_role("button", name="上传").click()
    expect(officer.page.get_by_role("img", name="告知凭证").first).to_be_visible()
    officer.follows("下一步：核对")
    officer.presses("提交申请")
    officer.reads("申请已提交，编号")
    officer.approves("fuzhou-registrar", LOST, "学校核对")
    officer.approves("fuzhou-lead", LOST, "学校审核")
    assert site.state(LOST) == "withdrawn"
