"""A child falls ill, rests for longer than was thought, and goes back to school: three applications, one record."""

from datetime import date, datetime

import pytest
from playwright.sync_api import FilePayload

from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Family, Officer
from webapp import clock

pytestmark = pytest.mark.browser

CHILD, SCHOOL = "申小雨", "新安县演示第一小学"
ON_THE_WAY = ("xinan-registrar", "学校核对"), ("xinan-lead", "学校审核"), ("xinan-county", "县级核办")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)


def test_a_suspension_is_renewed_and_ends_with_the_return_to_school(
    family: Family, officer: Officer, site: DemoSite, photo: FilePayload
) -> None:
    parent = site.a_family(CHILD, SCHOOL)
    family.signs_in(parent)
    family.begins(CHILD, "申请休学")
    family.fills(
        {"休学期满日期": "2026-10-31", "医院名称": "新安县人民医院", "医嘱休养月数": "2"},
        "suspension-details",
    )
    family.hands_in("诊断证明", photo)
    way = family.checks()
    assert way == [f"{SCHOOL} {role}" for role in ("学籍管理员", "学籍主管领导")] + ["新安县教育局 经办人"]
    family.submits()
    for login, step in ON_THE_WAY:
        assert site.state(CHILD) == "enrolled"
        officer.approves(login, CHILD, step)
    assert site.state(CHILD) == "suspended"
    assert site.asked(CHILD) == set()
    family.signs_in(parent)
    family.reads("休学")
    assert family.notices()[0] == f"{CHILD}的休学申请已办结，学籍已变更"

    with clock.freeze(at(date(2026, 10, 20))):
        family.signs_in(parent)
        family.begins(CHILD, "申请续休")
        assert family.filled("休学起始日期") == "2026-11-01"
        family.fills({"休学期满日期": "2026-12-31"})
        family.hands_in("诊断证明", photo)
        family.checks()
        family.submits()
        for login, step in ON_THE_WAY:
            officer.approves(login, CHILD, step)
    assert site.state(CHILD) == "suspended"
    assert site.spells(CHILD) == [
        (date(2026, 9, 7), date(2026, 10, 31), date(2026, 10, 31)),
        (date(2026, 11, 1), date(2026, 12, 31), None),
    ]

    with clock.freeze(at(date(2026, 12, 29))):
        family.signs_in(parent)
        family.begins(CHILD, "申请复学")
        assert family.filled("复学日期") == "2027-01-01"
        family.fills({}, "readmission-details")
        family.hands_in("康复证明", photo)
        assert family.checks()[:2] == way[:2]
        family.submits()
        officer.approves("xinan-registrar", CHILD, "学校核对")
        officer.approves("xinan-lead", CHILD, "学校审核")
        family.follows_up(CHILD, "readmission-completed")
        family.reads("已办结", "学籍已变更")
    assert site.state(CHILD) == "enrolled"
    assert site.spells(CHILD)[-1] == (date(2026, 11, 1), date(2026, 12, 31), date(2026, 12, 31))
    assert site.schools(CHILD) == [SCHOOL]
