"""New students of a Shiyan school (domain 3.8.1): from the spreadsheet through seven signatures to the file."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import FilePayload, expect
from sqlalchemy.orm import Session

from models.enums import Role
from tests.journeys.demo_site import DemoSite
from tests.journeys.people import Officer
from tests.webapp.rosters import Listing, a_listing, a_row
from webapp import clock
from webapp.config import DEMO_BEGINS
from webapp.policy import Person
from webapp.services.rounds import work_off

pytestmark = pytest.mark.browser

A_MINUTE = timedelta(minutes=1)
GOOD, ABSENT, TECHNICIAN = "方知行", "穆清扬", "邬一凡"


@pytest.fixture
def session(site: DemoSite) -> Iterator[Session]:
    with site.session() as session:
        yield session


@pytest.fixture
def listing(session: Session) -> Listing:
    """A school at a county where no other journey leads, and everybody who signs its list."""
    with clock.freeze(DEMO_BEGINS):
        return a_listing(session, pack="voc-shiyan-2015", at="410328")


def spreadsheet(*rows: dict[str, str]) -> FilePayload:
    """A list as an office programme saves it."""
    columns = [*dict.fromkeys(column for row in rows for column in row)]
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    return {"name": "花名册.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode("gb18030")}


def work_later(session: Session) -> None:
    """Do what the worker does once nothing can be undone any more."""
    with clock.freeze(clock.now() + A_MINUTE):
        work_off(session)


def approves(officer: Officer, listing: Listing, person: Person, step: str) -> None:
    """Approve all of the list that waits at a step together, from the inbox."""
    officer.signs_in_as(person)
    officer.page.goto("/inbox")
    officer.looks_at("inbox-with-a-list")
    officer.page.get_by_role("link", name="2026年秋季新生花名册").filter(has_text=listing.school.name).click()
    officer.page.get_by_role("link", name=f"批量办理： {step}").click()
    expect(officer.page.get_by_role("heading", level=1)).to_contain_text(step)
    officer.looks_at("list-together")
    officer.presses("批量备案" if step == "市级存档" else "批量通过")
    work_later(listing.session)


def test_a_list_is_signed_by_everybody_and_filed(officer: Officer, site: DemoSite, listing: Listing) -> None:
    born = date(2011, 5, 6)
    rows = [
        a_row(GOOD, born=born),
        a_row(ABSENT, born=born),
        a_row(TECHNICIAN, born=born, 其他学籍="技工院校"),
    ]
    mistyped = rows[0] | {"身份证件号": rows[0]["身份证件号"][:-1] + "00"}
    officer.signs_in_as(listing.registrar)
    officer.follows("新生注册")
    officer.looks_at("rosters")
    officer.page.get_by_label("入学日期").fill("2026-09-01")
    officer.page.get_by_label("花名册文件").set_input_files(spreadsheet(mistyped, *rows[1:]))
    officer.presses("核对并列入")
    officer.reads("有 1 行不正确，一人都没有录入", GOOD)
    officer.looks_at("rosters-wrong")
    officer.page.get_by_label("花名册文件").set_input_files(spreadsheet(*rows))
    officer.presses("核对并列入")
    officer.reads("2026年秋季新生花名册", "3 人", TECHNICIAN)
    officer.presses("报送 3 人")
    work_later(listing.session)
    officer.page.reload()
    officer.reads("办理中 2 人", "未能提交 1 人", "该生已在技工院校注册，不得双重注册")
    officer.looks_at("roster")

    school, people = listing.school, listing.officers
    county, city = school.path[-2], school.path[-3]
    [exam_office] = {office_id for office_id, _ in people} - {school.id, county, city}
    approves(officer, listing, listing.registrar, "学校核对")
    approves(officer, listing, people[school.id, Role.PRINCIPAL], "校长审定")
    officer.signs_in_as(people[county, Role.HANDLER])
    officer.page.get_by_role("link", name="2026年秋季新生花名册").filter(has_text=school.name).click()
    officer.page.get_by_role("link", name=ABSENT).click()
    officer.rejects("其他依据（须写明）", "现场核查时未到校，学校称已外出务工")
    officer.reads("不通过")
    approves(officer, listing, people[county, Role.HANDLER], "县级现场核查")
    approves(officer, listing, people[exam_office, Role.HANDLER], "核对录取")
    approves(officer, listing, people[city, Role.HANDLER], "市级经办")
    approves(officer, listing, people[city, Role.CHIEF], "市级科长")
    approves(officer, listing, people[city, Role.DEPUTY], "市级分管局长")
    assert (site.state(GOOD), site.state(ABSENT)) == ("enrolled", "admitted")
    assert site.number(GOOD) == f"G{rows[0]['身份证件号']}"
    approves(officer, listing, people[city, Role.HANDLER], "市级存档")
    officer.signs_in_as(listing.registrar)
    officer.follows("新生注册")
    officer.page.get_by_role("link", name="2026年秋季新生花名册").click()
    officer.reads("已注册 1 人", "不通过或撤回 1 人", "未能提交 1 人")
    officer.looks_at("roster-in-the-end")
