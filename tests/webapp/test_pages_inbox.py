"""The inbox: what waits for an officer, urgent first, what is overdue, and what he decided."""

import re
from datetime import date

import pytest

from models import ChangeRequest, Task
from tests.webapp.road import Road
from tests.webapp.site import said
from webapp.services.cases.inbox import PAGE
from webapp.services.demo import makers

pytestmark = pytest.mark.slow


def more_cases(road: Road, count: int) -> list[ChangeRequest]:
    return [classmate(road).applied() for _ in range(count)]


def classmate(road: Road) -> Road:
    student = makers.a_student(road.session, road.releasing, entered=date(2024, 9, 1))
    guardian = makers.a_guardian(road.session, student)
    road.session.commit()
    return Road(road.session, student, guardian, road.releasing, road.receiving, road.form, road.officers)


def test_the_inbox_says_who_what_from_where_to_where_since_when_and_how_long(registrar, road, task):
    page = registrar.reads("/inbox")
    assert (
        f"{road.student.name} Transfer · Grade 3 10 working days left "
        f"{road.releasing.name} → {road.receiving.name} 转入学校核对 · waiting since 09:00"
    ) in page


def test_the_first_page_leads_an_officer_to_the_inbox(registrar):
    assert registrar.get("/").location == "/inbox"


def test_what_is_overdue_stands_first_and_in_its_own_list(registrar, road, task):
    task.due_on = date(2025, 9, 8)
    late = road.student.name
    other = more_cases(road, 1)[0]
    inbox, overdue = registrar.reads("/inbox"), registrar.reads("/inbox/overdue")
    assert "2 working days overdue" in inbox
    assert inbox.index(late) < inbox.index(other.student.name)
    assert late in overdue
    assert other.student.name not in overdue


def test_what_was_decided_is_listed_with_the_decision(registrar, road, task):
    road.approve(task.change_request)
    assert f"{road.student.name} Transfer · Grade 3 Approved" in registrar.reads("/inbox/done")
    assert "Nothing to do" in registrar.reads("/inbox")


def test_the_list_is_paged_by_key_and_shows_every_task_once(registrar, road):
    names = {case.student.name for case in more_cases(road, PAGE + 2)}
    first = registrar.get("/inbox")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1]
    second = registrar.get(following.replace("&amp;", "&"))
    seen = [re.findall(r"<strong>(学生\d+)</strong>", page.text) for page in (first, second)]
    assert [len(page) for page in seen] == [PAGE, 2]
    assert {*seen[0], *seen[1]} == names
    assert "To the start of the list" in said(second)


@pytest.mark.parametrize(
    "after", ["x", "2025-09-24", "2025-13-41~1", "2025-09-24~9999999999999999999", "~", "2025-09-24~1'"]
)
def test_a_place_in_the_list_that_was_made_up_is_refused(registrar, after):
    assert registrar.get("/inbox", query_string={"after": after}).status_code == 400


def test_more_than_99_tasks_are_counted_as_99_plus(registrar, road, task):
    row = {column.key: getattr(task, column.key) for column in Task.__table__.columns if column.key != "id"}
    road.session.execute(
        Task.__table__.insert(), [row | {"key": f"in_registrar:{number}"} for number in range(2, 120)]
    )
    road.session.commit()
    assert "To do 99+ Overdue 0" in registrar.reads("/inbox")
