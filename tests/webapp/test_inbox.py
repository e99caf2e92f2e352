"""The inbox: whose tasks, in which order, page by page."""

from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Task
from models.enums import Role, TaskState
from tests.webapp.road import Road, a_road
from webapp import clock
from webapp.policy import Person
from webapp.services.cases import inbox
from webapp.services.demo import makers


def copies(session: Session, task: Task, due: list[date]) -> list[int]:
    """More open tasks like this one, as if a step had been reached again and again."""
    columns = {
        column.key: getattr(task, column.key) for column in Task.__table__.columns if column.key != "id"
    }
    rows = [columns | {"key": f"{task.step}:{number}", "due_on": day} for number, day in enumerate(due, 100)]
    made = session.scalars(insert(Task).returning(Task.id, sort_by_parameter_order=True), rows).all()
    session.commit()
    return list(made)


def test_a_task_is_in_the_inbox_of_its_office_and_role_and_in_no_other(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    holders = {
        person.account_id: [row.task_id for row in inbox.open_tasks(session, person).rows]
        for person in road.officers.values()
    }
    mine = road.officer(task).account_id
    assert holders.pop(mine) == [task.id]
    assert all(task.id not in rows for rows in holders.values())


def test_a_row_tells_what_the_list_shows(road: Road, session: Session) -> None:
    case = road.applied()
    (row,) = inbox.open_tasks(session, road.officer(road.open_task(case))).rows
    assert (row.number, row.student, row.grade) == (case.number, road.student.name, 3)
    assert (row.from_school, row.to_school) == (road.releasing.name, road.receiving.name)
    assert row.step.name == "转入学校核对"


def test_the_most_urgent_comes_first(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    later, sooner = copies(session, task, [date(2025, 10, 9), date(2025, 9, 12)])
    assert [row.task_id for row in inbox.open_tasks(session, road.officer(task)).rows] == [
        sooner,
        task.id,
        later,
    ]


def test_pages_meet_without_gap_or_repetition(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    same_day = [task.due_on] * (inbox.PAGE * 2)
    made = copies(session, task, same_day)
    seen, after = [], None
    while True:
        page = inbox.open_tasks(session, road.officer(task), after=after)
        seen += [row.task_id for row in page.rows]
        if (after := page.following) is None:
            break
    assert seen == [task.id, *made]


def test_two_posts_of_one_person_are_one_inbox(road: Road, session: Session) -> None:
    first = road.open_task(road.applied())
    other = a_road(session)
    second = other.open_task(other.applied())
    posts = (*road.officer(first).posts, *other.officer(second).posts)
    both = Person(0, "二人", "both", None, 0, posts, ())
    assert {row.task_id for row in inbox.open_tasks(session, both).rows} == {first.id, second.id}


def test_counts_are_capped(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    copies(session, task, [date(2025, 9, 1)] * 5 + [date(2025, 12, 1)] * (inbox.COUNT_CAP + 20))
    assert inbox.counts(session, road.officer(task), clock.today()) == inbox.Counts(inbox.COUNT_CAP, 5)


def test_the_overdue_tab_holds_what_is_past_its_last_day(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    (late,) = copies(session, task, [clock.today() - timedelta(days=1)])
    page = inbox.open_tasks(session, road.officer(task), due_before=clock.today())
    assert [row.task_id for row in page.rows] == [late]


def test_what_was_decided_moves_to_done(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    officer = road.officer(task)
    road.approve(case)
    assert inbox.open_tasks(session, officer).rows == ()
    assert [row.task_id for row in inbox.done_tasks(session, officer).rows] == [task.id]


def test_a_suspended_task_is_in_no_inbox(road: Road, session: Session) -> None:
    case = road.applied()
    task = road.open_task(case)
    task.state, task.days_left = TaskState.SUSPENDED, 10
    session.commit()
    assert inbox.open_tasks(session, road.officer(task)).rows == ()


def test_who_holds_no_post_has_an_empty_inbox(road: Road, session: Session) -> None:
    road.applied()
    assert inbox.open_tasks(session, road.guardian).rows == ()
    assert inbox.counts(session, road.guardian, clock.today()) == inbox.Counts(0, 0)


def test_whoever_comes_new_into_the_role_finds_the_work_waiting(road: Road, session: Session) -> None:
    task = road.open_task(road.applied())
    newcomer = makers.an_officer(session, road.receiving, Role.REGISTRAR)
    assert [row.task_id for row in inbox.open_tasks(session, newcomer).rows] == [task.id]
