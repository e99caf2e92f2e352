"""Notices (通知) as they are read: a page at a time, the new ones counted for every page, and marked as read.

Those to a post are read for all who hold it; those about a child are for whoever is its guardian today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

from models import CaseEvent, ChangeRequest, Notice, Task
from models.enums import EventKind, NoticeKind
from webapp import clock
from webapp.policy import Person

PAGE = 30
COUNT_CAP = 100
LATEST = 2**63 - 1
WITH_REASON = (NoticeKind.REJECTED, NoticeKind.RETURNED)

_TO_FAMILY = """
    c.id = n.change_request_id AND n.account_id = :account AND c.student_id = ANY(CAST(:children AS bigint[]))
"""

# Each receiver has a stretch of an index, so that a page costs the same among thirty notices as among a million.
_OF_FAMILY = f"""
    (SELECT n.id, n.outbox_id, n.read_at FROM notice n JOIN change_request c ON {_TO_FAMILY}
      WHERE n.id < :before ORDER BY n.id DESC LIMIT {{limit}})
"""  # noqa: S608 - built from our own text
# It is read from its end, whatever lies below it: were a post asked for as what it is, the planner, who knows only of
# the average one, would read all of it and sort. By the SELECTs he does not know where the end is, else he would think
# that little lies below the offices that were there first.
_OF_POST = """
    (SELECT id, outbox_id, read_at
       FROM (SELECT id, outbox_id, read_at, office_id, role FROM notice
              WHERE (office_id, role, id) < ((SELECT CAST(:office_{n} AS bigint)), (SELECT CAST(:role_{n} AS varchar)),
                                             (SELECT CAST(:before AS bigint)))
                AND (account_id IS NULL OR account_id = :account)
              ORDER BY office_id DESC, role DESC, id DESC LIMIT {limit}) AS lower
      WHERE (office_id, role) = (:office_{n}, :role_{n}))
"""
# What reaches a person in several posts is one line: the last of its notices, which were written one after the other.
_NEWEST = """
    SELECT id, first_id, read_at
      FROM (SELECT DISTINCT ON (outbox_id) id, min(id) OVER (PARTITION BY outbox_id) AS first_id, read_at
              FROM ({received}) AS received
             ORDER BY outbox_id, id DESC) AS line
     ORDER BY id DESC LIMIT {limit}
"""

_TO_POSTS = """
    unnest(CAST(:offices AS bigint[]), CAST(:roles AS varchar[])) AS post(office_id, role)
    WHERE n.office_id = post.office_id AND n.role = post.role AND (n.account_id IS NULL OR n.account_id = :account)
"""
_MARK_READ = tuple(
    text(f"UPDATE notice n SET read_at = :now FROM {whose} AND n.id <= :upto AND n.read_at IS NULL")  # noqa: S608
    for whose in (f"change_request c WHERE {_TO_FAMILY}", _TO_POSTS)
)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page, the newest notice first, and the id before which the next page begins (None: this is the last).

    `reasons` has what was said with a rejection or a return, by the id of its notice: the opinion, and the ground if an
    office here rejected, or the papers and fields to correct (domain 3.0.5).
    """

    notices: Sequence[Notice]
    following: int | None
    reasons: Mapping[int, Mapping[str, Any]]


def notices_for(session: Session, person: Person, *, before: int = LATEST) -> NoticePage:
    """Return the newest notices to the person or his posts whose id is below `before`, with case, student and tasks."""
    lines = session.execute(text(_newest(person, PAGE + 1)), _receivers(person) | {"before": before}).all()
    case = joinedload(Notice.change_request)
    statement = (
        select(Notice)
        .where(Notice.id.in_([line.id for line in lines[:PAGE]]))
        .options(case.joinedload(ChangeRequest.student))
        .options(case.selectinload(ChangeRequest.tasks).joinedload(Task.office))
        .order_by(Notice.id.desc())
    )
    notices = session.scalars(statement).all()
    following = lines[PAGE - 1].first_id if len(lines) > PAGE else None
    return NoticePage(notices, following, _reasons(session, notices))


def _reasons(session: Session, notices: Sequence[Notice]) -> dict[int, Mapping[str, Any]]:
    """Return what was said with the rejection or the return that a notice tells of."""
    telling = {notice.id: notice for notice in notices if notice.kind in WITH_REASON}
    events = select(CaseEvent).where(
        CaseEvent.change_request_id.in_({notice.change_request_id for notice in telling.values()}),
        CaseEvent.kind.in_([EventKind(kind) for kind in WITH_REASON]),
    )
    said = session.scalars(events.order_by(CaseEvent.change_request_id, CaseEvent.seq)).all()
    return {
        notice_id: event.payload
        for notice_id, notice in telling.items()
        for event in said
        if (event.change_request_id, event.kind.value) == (notice.change_request_id, notice.kind.value)
        and event.at <= (notice.happened_at or notice.created_at)
    }


def unread_count(session: Session, person: Person) -> int:
    """Return how many of the newest `COUNT_CAP` notices to the person or his posts nobody has read."""
    unread = text(f"SELECT count(*) FROM ({_newest(person, COUNT_CAP)}) AS newest WHERE read_at IS NULL")  # noqa: S608
    return int(session.execute(unread, _receivers(person) | {"before": LATEST}).scalar_one())


def mark_read(session: Session, person: Person, *, upto: int) -> None:
    """Note that the person has read what was told up to the notice with the id `upto`; commits."""
    for statement in _MARK_READ:
        session.execute(statement, _receivers(person) | {"upto": upto, "now": clock.now()})
    session.commit()


def _newest(person: Person, limit: int) -> str:
    """Return what asks for so many of the newest lines; the number stands in it, so that it is planned once for all."""
    posts = [_OF_POST.format(n=n, limit=limit) for n, _ in enumerate(person.posts)]
    family = [_OF_FAMILY.format(limit=limit)] if person.children or not posts else []
    return _NEWEST.format(received=" UNION ALL ".join([*family, *posts]), limit=limit)


def _receivers(person: Person) -> dict[str, Any]:
    offices, roles = [post.office_id for post in person.posts], [post.role.value for post in person.posts]
    return {
        "account": person.account_id,
        "children": [*person.children],
        "offices": offices,
        "roles": roles,
        **{f"office_{n}": office_id for n, office_id in enumerate(offices)},
        **{f"role_{n}": role for n, role in enumerate(roles)},
    }
