"""A student of a general senior high school goes on at a vocational school (普职互转): domain 3.1.4 V9."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.crossing import in_both_languages
from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family
from webapp.services.demo import plan

pytestmark = pytest.mark.browser

CHILD = "转职小童"


def test_a_family_finds_the_vocational_school_names_the_major_and_reads_the_way(
    family: Family, site: DemoSite, photo: FilePayload
) -> None:
    family.signs_in(site.a_family(CHILD, plan.XINAN_HIGH, grade=2))
    family.begins(CHILD, "申请转学")
    family.page.get_by_label("学校类别").select_option(label="中等职业学校")
    family.finds(CHILD, plan.SONG_VOCATIONAL)
    in_both_languages(family, "between-stages-details")
    expect(family.page.get_by_label("学制（年）")).to_have_value("3")
    family.page.get_by_label("普职互转").check()
    family.presses("保存并继续")
    family.reads("请填写专业代码。", "请填写专业名称。")
    family.fills({"专业代码（按专业目录）": "710201", "专业名称": "计算机应用"})
    family.hands_in("转学申请表", photo)
    way = family.checks()
    assert [step.split()[0] for step in way] == [
        *[plan.XINAN_HIGH] * 2,
        *[plan.SONG_VOCATIONAL] * 2,
        "新安县教育局",
        "嵩县教育局",
        "洛阳市教育局",
    ]
    family.reads("计算机应用")
    family.submits()
