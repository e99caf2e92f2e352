"""The approval sheet (学籍异动审批表) as it is printed: one page of paper, at both ends of the way."""

import re

import pytest

from tests.journeys.people import Family, Officer
from webapp.services.demo.families import CASES, FAMILIES

pytestmark = pytest.mark.browser

PAGE = re.compile(rb"/Type\s*/Page[^s]")


def test_an_ordinary_case_is_printed_on_one_page(family: Family) -> None:
    child = CASES[0].child
    family.signs_in(next(one.login for one in FAMILIES if child in {each.name for each in one.children}))
    family.page.goto(family.site.case_path(child))
    family.follows("打印审批表")
    family.reads(child, "核办意见", "签字（盖章）：")
    family.looks_at("approval-sheet")
    assert len(PAGE.findall(family.page.pdf(prefer_css_page_size=True))) == 1


def test_an_officer_of_the_way_prints_it_too(officer: Officer) -> None:
    officer.signs_in("song-registrar")
    officer.page.goto(officer.site.case_path(CASES[0].child))
    officer.follows("打印审批表")
    officer.reads("核办意见", "苗秀英")
    officer.looks_at("approval-sheet-officer")
