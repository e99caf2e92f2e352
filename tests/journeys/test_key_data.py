"""A name is corrected in the last second of 31 May, and in the first of June no more (domain 4.5, K-09)."""

from datetime import date, datetime

import pytest
from playwright.sync_api import FilePayload

from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family
from webapp import clock

pytestmark = pytest.mark.browser

# In a county that the demo serves.
XINAN, PACK, ENTERED = "410323", "hs-hubei-2016", date(2013, 9, 1)
IN_TIME, TOO_LATE = "毕在前", "毕在后"
LAST_SECOND = datetime(2016, 5, 31, 23, 59, 59, tzinfo=clock.SHANGHAI)
FIRST_SECOND = datetime(2016, 6, 1, tzinfo=clock.SHANGHAI)


def test_a_correction_is_accepted_until_the_last_second_of_31_may_and_refused_from_june_on(
    family: Family, site: DemoSite, photo: FilePayload
) -> None:
    parents = {child: site.a_graduate_to_be(child, XINAN, PACK, ENTERED) for child in (IN_TIME, TOO_LATE)}
    with clock.freeze(LAST_SECOND):
        fills_in(family, parents[IN_TIME], IN_TIME, photo)
        family.reads("符合各项规定。")
        family.looks_at("key-data-check")
        family.submits()
    with clock.freeze(FIRST_SECOND):
        fills_in(family, parents[TOO_LATE], TOO_LATE, photo)
        family.reads("毕业年级的学籍信息5月31日后不再修改", "现在还不能提交")
        family.looks_at("key-data-frozen")


def fills_in(family: Family, parent: str, child: str, photo: FilePayload) -> None:
    """Ask for another name, with proof, up to the check."""
    family.signs_in(parent)
    family.begins(child, "申请更正信息")
    family.reads(f"学籍中为：{child}")
    family.looks_at("key-data-details")
    family.presses("保存并继续")
    family.reads("请填写要更正的信息。")
    family.fills({"更正后的姓名": f"{child}〇"})
    family.hands_in("户口簿", photo)
    family.hands_in("公安机关证明", photo)
    family.follows("下一步：核对")
    family.reads("核对并提交", f"{child}〇")
