"""A graduate's family has a proof of graduation issued; a school declares a placement, and a pupil skips a grade."""

from datetime import date

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.looks import untranslated
from tests.journeys.people import Family, Officer
from webapp.services.demo import plan

pytestmark = pytest.mark.browser

GRADUATE, TRAINEE, PUPIL = "毕业生林", "实习生何", "跳级生郑"
XINAN, GULOU, SHIYAN = "410323", "350102", "voc-shiyan-2015"
PAPERS = ("刊登遗失声明的报刊", "毕业证明书申请表（附表五）", "二寸蓝底照片两张")


def test_a_graduate_is_issued_a_proof_of_graduation_once(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    parent, county = site.a_graduate(GRADUATE, plan.FUZHOU, date(2026, 7, 1)), site.a_handler(GULOU)
    family.signs_in(parent)
    family.looks_at("graduate-children")
    family.begins(GRADUATE, "申请补办毕业证明书")
    family.page.get_by_role("radio", name="其他报刊或网络").check()
    family.fills({"报刊名称和日期": "福州晚报 2026-08-20"}, "proof-details")
    for paper in PAPERS:
        family.hands_in(paper, photo)
    family.looks_at("proof-papers")
    family.follows("下一步：核对")
    family.reads("须先在县级以上报刊刊登遗失声明", "现在还不能提交")
    family.looks_at("proof-refused")
    in_english(family, site, "proof-refused-en")
    family.page.get_by_role("region", name=GRADUATE).get_by_role("link", name="修改").click()
    family.page.get_by_role("radio", name="县级以上报刊").check()
    family.fills({})
    family.checks()
    family.looks_at("proof-check")
    family.submits()
    officer.approves("fuzhou-registrar", GRADUATE, "学校核对")
    officer.approves("fuzhou-lead", GRADUATE, "学校审核")
    officer.signs_in_as(county)
    officer.opens(GRADUATE, "县级核办")
    officer.looks_at("proof-task")
    officer.decides("通过", "准予核发")
    assert site.state(GRADUATE) == "graduated"
    family.signs_in(parent)
    family.follows_up(GRADUATE, "proof-issued")
    expect(family.page.get_by_text("学籍已变更")).to_have_count(0)
    assert family.notices()[0] == f"{GRADUATE}的毕业证明书补办已办结，证明书已核发"
    family.begins(GRADUATE, "申请补办毕业证明书")
    family.page.get_by_role("radio", name="县级以上报刊").check()
    family.fills({})
    family.follows("下一步：核对")
    family.reads("毕业证明书只补办一次")


def test_a_school_declares_a_placement_and_reads_what_stands_against_it(
    officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    officer.signs_in_as(site.a_trainee(TRAINEE, XINAN, SHIYAN))
    officer.page.goto(f"/students/{site.student_id(TRAINEE)}")
    officer.looks_at("trainee")
    officer.follows("申报顶岗实习")
    officer.looks_at("placement-details")
    officer.page.get_by_label("实习单位").fill("东风公司")
    officer.page.get_by_label("实习地点").fill("十堰市")
    officer.page.get_by_label("实习开始日期").fill("2026-09-10")
    officer.page.get_by_label("实习结束日期").fill("2027-10-10")
    officer.presses("保存并继续")
    officer.reads("下一步：核对")
    officer.looks_at("placement-papers")
    officer.follows("下一步：核对")
    officer.reads("顶岗实习须提前15天申报", "校外顶岗实习累计不超过一学年")
    officer.looks_at("placement-refused")
    in_english(officer, site, "placement-refused-en")


def test_a_family_applies_to_skip_a_grade(family: Family, site: DemoSite) -> None:
    family.signs_in(site.a_family(PUPIL, plan.XINAN))
    family.begins(PUPIL, "申请跳级")
    family.looks_at("skip-grade-details")
    family.presses("保存并继续")
    family.reads("下一步：核对")
    family.looks_at("skip-grade-papers")
    family.follows("下一步：核对")
    family.looks_at("skip-grade-check")
    in_english(family, site, "skip-grade-check-en")


def in_english(visitor: Family | Officer, site: DemoSite, picture: str) -> None:
    """Look at the page in English too, and go back to Chinese."""
    visitor.presses("English")
    expect(visitor.page.get_by_role("button", name="中文")).to_be_visible()
    assert untranslated(visitor.page, site.untranslatable()) == []
    visitor.looks_at(picture)
    visitor.presses("中文")
