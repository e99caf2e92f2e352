"""To another province in a real browser, with the offices of both provinces on one deployment."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family, Officer
from tests.journeys.test_transfers import bureau, school

pytestmark = pytest.mark.browser

SONG_VOCATIONAL, XIAMEN = "嵩县演示中等专业学校", "厦门思明演示职业中专学校"
XINAN_PILOT, XIAMEN_PILOT = "新安县演示实验高级中学", "厦门思明演示实验高级中学"


def test_into_a_fujian_vocational_school_both_authorities_decide_at_once_and_the_number_is_new(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    """V7 of domain 3.1.4: two schools, both authorities in parallel, then the filing."""
    child, number = "高子轩", site.number("高子轩")
    family.signs_in("gao-parent")
    way = family.prepares(child, XIAMEN, photo, "转学申请表", "居住证明", province="福建省")
    schools = [school(SONG_VOCATIONAL)[1], school(XIAMEN)[1]]
    assert way[:2] == schools
    assert set(way[2:4]) == {bureau("嵩县教育局"), bureau("厦门市思明区教育局")}
    assert way[4:] == [bureau("厦门市思明区教育局")]
    family.submits()
    officer.approves("song-voc-lead", child, "转出学校审核")
    officer.approves("xiamen-lead", child, "转入学校审核")
    assert site.asked(child) == {"song-county", "siming-county"}
    family.follows_up(child, "case-two-at-once")
    family.reads("嵩县教育局审核中，还剩 10 个工作日", "厦门市思明区教育局审核中，还剩 10 个工作日")
    agrees(officer, "siming-county", child, "转入县级核办")
    assert site.schools(child) == [SONG_VOCATIONAL]
    officer.approves("song-county", child, "转出县级核办")
    assert site.schools(child) == [SONG_VOCATIONAL, XIAMEN]
    assert site.number(child) not in {number, None}
    assert site.asked(child) == {"siming-county"}
    officer.signs_in("siming-county")
    officer.opens(child, "转入县级备案")
    officer.decides("确认备案")
    officer.reads("已备案")
    assert site.asked(child) == set()


def test_a_senior_high_school_student_passes_four_levels_on_both_sides(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    child = "谢雨薇"
    family.signs_in("xie-parent")
    way = family.prepares(child, XIAMEN_PILOT, photo, "居住证明", province="福建省")
    receiving = [*school(XIAMEN_PILOT), bureau("厦门市思明区教育局"), bureau("厦门市教育局")]
    releasing = [*school(XINAN_PILOT), bureau("新安县教育局"), bureau("洛阳市教育局")]
    provinces = ["福建省教育厅 审批人", "河南省教育厅 审批人"]
    assert way[:10] == [*receiving, provinces[0], *releasing, provinces[1]]
    family.submits()
    officer.approves("xiamen-pilot-registrar", child, "转入学校核对")
    officer.approves("xiamen-pilot-lead", child, "转入学校审核")
    officer.approves("siming-county", child, "转入县级核办")
    officer.approves("xiamen-city", child, "转入市级核办")
    officer.signs_in("fujian-province")
    officer.looks_at("inbox-province")
    expect(officer.row(child)).to_contain_text("转入省级核办")
    officer.approves("fujian-province", child, "转入省级核办")
    officer.approves("xinan-pilot-registrar", child, "转出学校核对")
    officer.approves("xinan-pilot-lead", child, "转出学校审核")
    officer.approves("xinan-county", child, "转出县级核办")
    officer.approves("luoyang-city", child, "转出市级核办")
    assert site.schools(child) == [XINAN_PILOT]
    officer.approves("henan-province", child, "转出省级核办")
    assert site.schools(child) == [XINAN_PILOT, XIAMEN_PILOT]
    family.follows_up(child, "case-four-levels")
    family.reads("已办结")


def agrees(officer: Officer, login: str, child: str, step: str) -> None:
    """Sign in and approve, while others are asked too."""
    officer.signs_in(login)
    officer.opens(child, step)
    officer.decides("通过", "材料齐全，同意")
    officer.reads("已通过")
