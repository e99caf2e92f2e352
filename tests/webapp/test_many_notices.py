"""More notices than a page holds: every one can be read, and what is marked as read is what was seen."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, event, func, insert, select, text
from sqlalchemy.orm import Session

from models import Account, ChangeRequest, Notice, Office
from models.enums import NoticeKind, Role
from tests.webapp.road import Road, work_off
from tests.webapp.site import Site, Visitor, said
from webapp import clock
from webapp.policy import Person
from webapp.services.demo import makers
from webapp.services.notices.news import COUNT_CAP, LATEST, PAGE, mark_read, notices_for, unread_count

pytestmark = pytest.mark.slow

SOME = 70
IDS = re.compile('name="upto" value="([0-9]+)"')
NEXT = re.compile('rel="next" href="([^"]+)"')


@pytest.fixture
def tell(road: Road, case: ChangeRequest) -> Iterator[Callable[..., None]]:
    """Writes notices about the case to accounts, or to roles in offices; they do not stay."""
    work_off(road.session)
    messages = count(start=-1, step=-1)

    def write(times: int, *receivers: dict[str, object]) -> None:
        row = {"kind": NoticeKind.SUBMITTED, "change_request_id": case.id, "created_at": clock.now()}
        rows = [row | {"outbox_id": next(messages)} for _ in range(times)]
        road.session.execute(insert(Notice), [row | to for row in rows for to in receivers])
        road.session.commit()

    yield write
    road.session.execute(delete(Notice).where(Notice.outbox_id < 0))
    road.session.commit()


@pytest.fixture
def lead(road: Road) -> Person:
    """Whoever holds a post that was told nothing so far."""
    lead = makers.an_officer(road.session, makers.a_school(road.session, "410324"), Role.LEAD)
    road.session.commit()
    return lead


def to_posts_of(person: Person) -> list[dict[str, object]]:
    return [{"office_id": post.office_id, "role": post.role} for post in person.posts]


def marks(visitor: Visitor, page: str) -> None:
    assert visitor.post("/notices/read", upto=IDS.search(page)[1]).status_code == 303


def pages_of(visitor: Visitor) -> list[str]:
    """All pages, from link to link."""
    pages = [visitor.get("/notices").text]
    while following := NEXT.search(pages[-1]):
        pages.append(visitor.get(following[1]).text)
    return pages


def test_every_notice_is_on_exactly_one_page(site: Site, tell, lead) -> None:
    tell(2 * PAGE + 1, *to_posts_of(lead))
    pages = pages_of(site.visitor(lead))
    assert [page.count("row-link") for page in pages] == [PAGE, PAGE, 1]
    assert "To the start of the list" in pages[-1]


def most_rows(plan: Mapping[str, Any]) -> float:
    """The most rows that any part of a plan has given."""
    return max([plan["Actual Rows"] * plan["Actual Loops"], *map(most_rows, plan.get("Plans", ()))])


def test_however_many_a_post_was_told_no_more_are_read_than_are_shown(road: Road, tell, lead) -> None:
    """Though the planner knows only what the average post was told."""
    others = road.session.scalars(select(Office.id).where(Office.id != lead.posts[0].office_id).limit(300))
    tell(2, *({"office_id": office_id, "role": Role.LEAD} for office_id in others))
    tell(5_000, *to_posts_of(lead))
    road.session.execute(text("ANALYZE notice"))
    connection, asked = road.session.connection(), []

    def note(_connection, _cursor, statement, values, *_) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    notices_for(road.session, lead)
    unread_count(road.session, lead)
    event.remove(connection, "before_cursor_execute", note)
    lines = [(statement, values) for statement, values in asked if "DISTINCT ON" in statement]
    for statement, values in lines:
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        assert most_rows(explained.scalar_one()[0]["Plan"]) <= COUNT_CAP
    assert len(lines) == 2


def test_what_reaches_somebody_in_several_posts_is_one_line(
    site: Site, road: Road, session: Session, tell, lead
) -> None:
    account, office = (
        session.get_one(Account, lead.account_id),
        session.get_one(Office, lead.posts[0].office_id),
    )
    both = makers.an_officer(session, office, Role.REGISTRAR, account=account)
    session.commit()
    tell(2 * PAGE + 1, *to_posts_of(both))
    pages = pages_of(site.visitor(both))
    assert [page.count("row-link") for page in pages] == [PAGE, PAGE, 1]
    assert unread_count(session, both) == 2 * PAGE + 1
    marks(site.visitor(both), pages[1])
    session.rollback()
    assert unread_count(session, both) == PAGE


def test_a_list_that_just_fills_a_page_has_no_next_one(road: Road, tell, lead) -> None:
    tell(PAGE, *to_posts_of(lead))
    assert notices_for(road.session, lead).following is None


def test_all_that_is_older_than_what_was_seen_is_read_at_once(site: Site, road: Road, tell, lead) -> None:
    tell(SOME, *to_posts_of(lead))
    visitor = site.visitor(lead)
    assert f"Notices {SOME} new" in visitor.reads("/notices")
    marks(visitor, visitor.get("/notices").text)
    assert unread_count(road.session, lead) == 0
    assert "Mark all as read" not in visitor.reads("/notices")


def test_what_came_while_one_was_reading_stays_new(site: Site, road: Road, tell, lead) -> None:
    tell(SOME, *to_posts_of(lead))
    visitor = site.visitor(lead)
    seen = visitor.get("/notices").text
    tell(3, *to_posts_of(lead))
    marks(visitor, seen)
    assert unread_count(road.session, lead) == 3


def test_on_a_later_page_what_is_newer_stays_new(site: Site, road: Road, tell, lead) -> None:
    tell(SOME, *to_posts_of(lead))
    visitor = site.visitor(lead)
    page = pages_of(visitor)[1]
    assert "Mark these and all older ones as read" in page
    marks(visitor, page)
    assert unread_count(road.session, lead) == PAGE


def test_a_post_and_a_child_of_the_same_person_are_listed_together(
    site: Site, road: Road, tell, lead
) -> None:
    parent = Person(road.guardian.account_id, "家长", "", None, 0, lead.posts, road.guardian.children)
    before = unread_count(road.session, parent)
    tell(PAGE, *to_posts_of(lead))
    tell(PAGE, {"account_id": road.guardian.account_id})
    page = notices_for(road.session, parent)
    assert {notice.account_id for notice in page.notices} == {road.guardian.account_id}
    older = notices_for(road.session, parent, before=page.following)
    assert {notice.office_id for notice in older.notices} == {lead.posts[0].office_id}
    assert unread_count(road.session, parent) == before + 2 * PAGE


def test_nobody_marks_what_was_told_to_others(site: Site, road: Road, tell, lead) -> None:
    tell(2, *to_posts_of(lead))
    tell(2, {"account_id": road.guardian.account_id})
    newest = road.session.scalar(select(func.max(Notice.id)))
    stranger = makers.an_officer(road.session, road.releasing, Role.LEAD)
    assert site.visitor(stranger).post("/notices/read", upto=newest).status_code == 303
    assert unread_count(road.session, lead) == 2


def test_of_a_child_that_is_ones_own_no_more_nothing_is_listed_counted_or_marked(road: Road, tell) -> None:
    tell(2, {"account_id": road.guardian.account_id})
    former = Person(road.guardian.account_id, "家长", "", None, 0, (), ())
    assert notices_for(road.session, former).notices == []
    assert unread_count(road.session, former) == 0
    mark_read(road.session, former, upto=LATEST)
    assert unread_count(road.session, road.guardian) >= 2


@pytest.mark.parametrize("address", ["/notices?after=", "/notices?after=x", "/notices?after=-1"])
def test_an_address_that_is_no_page_is_not_understood(site: Site, lead, address: str) -> None:
    assert site.visitor(lead).get(address).status_code == 400


@pytest.mark.parametrize("sent", [{}, {"upto": ""}, {"upto": "-1"}, {"upto": "9" * 30}])
def test_a_mark_up_to_nothing_is_not_understood(site: Site, lead, sent: dict[str, str]) -> None:
    answer = site.visitor(lead).post("/notices/read", **sent)
    assert answer.status_code == 400, said(answer)
