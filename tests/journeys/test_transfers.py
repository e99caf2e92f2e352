"""The main job in a real browser: from a parent's phone through every office to the changed record."""

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family, Officer
from webapp import clock
from webapp.config import DEMO_BEGINS

pytestmark = pytest.mark.browser

SONG = "嵩县演示小学"
XINAN = "新安县演示第一小学"
XINAN_HIGH = "新安县演示高级中学"
ZHONGMU_HIGH = "中牟县演示高级中学"
JIYUAN_HIGH = "济源市演示高级中学"
FUZHOU = "福州鼓楼演示职业中专学校"
XIAMEN = "厦门思明演示职业中专学校"


def school(name: str) -> list[str]:
    """The two of a school that a transfer passes, as the way shows them."""
    return [f"{name} 学籍管理员", f"{name} 学籍主管领导"]


def bureau(name: str) -> str:
    """The one of a bureau that a transfer passes, as the way shows it."""
    return f"{name} 经办人"


def hears_of_every_step(family: Family, child: str, steps: int) -> None:
    """The family was told that it applied, of each step of this way, and how it ended."""
    told = family.notices()
    assert all(notice.startswith(f"{child}的转学申请") for notice in told)
    assert told[0].endswith("已办结，学籍已变更")
    assert told[1].endswith(f"已由{XINAN}学籍主管领导审核通过，转到新安县教育局经办人办理")
    assert told[-1].endswith("已提交")
    assert len(told) == 1 + steps + 1


def test_to_another_county_of_the_city_both_counties_decide(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child = "李明轩"
    assert len(photo["buffer"]) > site.settings.paper_max_bytes
    family.signs_in("li-parent")
    way = family.prepares(child, SONG, photo, "居住证明")
    assert way == [*school(SONG), bureau("嵩县教育局"), *school(XINAN), bureau("新安县教育局")]
    family.submits()
    officer.approves("song-registrar", child, "转入学校核对")
    officer.approves("song-lead", child, "转入学校审核")
    officer.approves("song-county", child, "转入县级核办")
    family.follows_up(child, "case-under-way")
    assert family.standing() == f"{XINAN}审核中，还剩 10 个工作日"
    officer.approves("xinan-registrar", child, "转出学校核对")
    officer.approves("xinan-lead", child, "转出学校审核")
    assert site.schools(child) == [XINAN]
    officer.approves("xinan-county", child, "转出县级核办")
    assert site.asked(child) == set()
    assert site.schools(child) == [XINAN, SONG]
    family.follows_up(child, "case-completed")
    family.reads("已办结", "学籍已变更")
    *decided, applied = family.story()
    assert applied == "提交申请 李素芬 09:00"
    assert len(decided) == len(way)
    assert all(event.startswith("通过") and event.endswith("材料齐全，同意") for event in decided)
    hears_of_every_step(family, child, len(way))
    family.page.goto("/children")
    family.reads(f"{SONG} · 三年级")


def test_a_senior_high_school_student_moves_between_cities_of_henan(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child = "张浩然"
    family.signs_in("zhang-parent")
    way = family.prepares(child, ZHONGMU_HIGH, photo, "居住证明")
    receiving = [*school(ZHONGMU_HIGH), bureau("中牟县教育局"), bureau("郑州市教育局")]
    releasing = [*school(XINAN_HIGH), bureau("新安县教育局"), bureau("洛阳市教育局")]
    assert way == receiving + releasing
    family.reads("最迟 2027年1月1日 周五", "暂定")
    family.submits()
    officer.approves("zhongmu-registrar", child, "转入学校核对")
    officer.approves("zhongmu-lead", child, "转入学校审核")
    officer.approves("zhongmu-county", child, "转入县级核办")
    officer.approves("zhengzhou-city", child, "转入市级核办")
    officer.approves("xinan-high-registrar", child, "转出学校核对")
    officer.approves("xinan-high-lead", child, "转出学校审核")
    officer.approves("xinan-county", child, "转出县级核办")
    assert site.schools(child) == [XINAN_HIGH]
    officer.approves("luoyang-city", child, "转出市级核办")
    assert site.schools(child) == [XINAN_HIGH, ZHONGMU_HIGH]


def test_a_county_without_a_city_decides_alone_for_its_side(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child = "赵雨桐"
    family.signs_in("zhao-parent")
    way = family.prepares(child, XINAN_HIGH, photo, "居住证明")
    receiving = [*school(XINAN_HIGH), bureau("新安县教育局"), bureau("洛阳市教育局")]
    assert way == [*receiving, *school(JIYUAN_HIGH), bureau("济源市教育局")]
    family.reads("转出市级核办：没有这一级机构")
    family.submits()
    officer.approves("xinan-high-registrar", child, "转入学校核对")
    officer.approves("xinan-high-lead", child, "转入学校审核")
    officer.approves("xinan-county", child, "转入县级核办")
    officer.approves("luoyang-city", child, "转入市级核办")
    officer.approves("jiyuan-registrar", child, "转出学校核对")
    officer.approves("jiyuan-lead", child, "转出学校审核")
    officer.approves("jiyuan-county", child, "转出县级核办")
    assert site.schools(child) == [JIYUAN_HIGH, XINAN_HIGH]


def test_in_fujian_a_vocational_transfer_is_done_when_both_schools_agree_and_filed_afterwards(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child, number = "陈思源", site.number("陈思源")
    family.signs_in("chen-parent")
    way = family.prepares(child, XIAMEN, photo, "转学申请表")
    assert way == [school(FUZHOU)[1], school(XIAMEN)[1], bureau("厦门市思明区教育局")]
    family.reads("备案，不影响办理")
    family.submits()
    officer.approves("fuzhou-lead", child, "转出学校审核")
    officer.approves("xiamen-lead", child, "转入学校审核")
    assert site.schools(child) == [FUZHOU, XIAMEN]
    with clock.freeze(DEMO_BEGINS + timedelta(hours=3)):
        assert site.asked(child) == {"siming-county"}
        officer.signs_in("siming-county")
        expect(officer.row(child)).to_contain_text("备案")
        officer.opens(child, "转入县级备案")
        officer.decides("确认备案")
        officer.reads("已备案")
        family.follows_up(child, "case-filed")
    family.reads("已办结")
    assert family.story()[0].startswith("备案 转入县级备案 厦门市思明区教育局")
    assert site.asked(child) == set()
    assert site.number(child) == number
