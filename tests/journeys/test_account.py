"""Where notices reach a family: chosen on a phone."""

import pytest

from tests.journeys.people import Family

pytestmark = pytest.mark.browser


def test_a_family_says_on_which_phone_its_notices_reach_it(family: Family) -> None:
    family.signs_in("li-parent")
    family.page.get_by_role("link", name="李素芬").click()
    family.reads("通知方式", "通过短信接收通知")
    family.looks_at("account-notices")
    family.page.get_by_label("手机号码").fill("12345")
    family.presses("保存")
    family.reads("您输入的不是大陆手机号码")
    family.looks_at("account-notices-refused")
    family.page.get_by_label("手机号码").fill("138 0013 8000")
    family.presses("保存")
    family.reads("通知方式已保存")
    assert family.page.get_by_label("手机号码").input_value() == "13800138000"
