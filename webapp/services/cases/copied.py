"""What was copied to an officer (抄送), unread first, the newest first, paged by key.

Unread copies and those that were read have a stretch of an index each, so that a page costs the same among a thousand
copies as among ten. Whoever no longer holds a post that sees a case does not find it here either.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.enums import CaseState, ChangeKind
from webapp.policy import DECIDING_ROLES, Person
from webapp.services.people.looks import log_list

PAGE = 30
COUNT_CAP = 100
LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the last copy, and whether it had been read."""

    was_read: bool
    copy_id: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One copy as the list shows it."""

    copy_id: int
    case_id: int
    student_id: int
    number: str
    kind: ChangeKind
    state: CaseState
    student: str
    from_school: str
    to_school: str | None
    sent_by: str
    word: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, and where the next one begins (None: this is the last)."""

    rows: tuple[CopyRow, ...]
    following: Cursor | None


_SEEN = """
    SELECT copy.id FROM copy
      JOIN change_request c ON c.id = copy.change_request_id
      JOIN office released ON released.id = c.from_school_id
      LEFT JOIN office received ON received.id = c.to_school_id
     WHERE copy.account_id = :account AND copy.read_at {read} AND copy.id < :{below}
       AND (released.path && CAST(:offices AS bigint[]) OR received.path && CAST(:offices AS bigint[]))
     ORDER BY copy.id DESC LIMIT :limit
"""
_UNREAD = _SEEN.format(read="IS NULL", below="unread_below")
_READ = _SEEN.format(read="IS NOT NULL", below="read_below")
_COUNT = text(f"SELECT count(*) FROM ({_UNREAD}) AS capped")  # noqa: S608 - built from our own text
_PAGE = text(f"""
    SELECT copy.id AS copy_id, c.id AS case_id, c.student_id, c.number, c.kind, c.state, student.name AS student,
           released.name AS from_school, received.name AS to_school, sender.name AS sent_by,
           copy.word, copy.created_at, copy.read_at
      FROM (({_UNREAD}) UNION ALL ({_READ})) AS page
      JOIN copy ON copy.id = page.id
      JOIN change_request c ON c.id = copy.change_request_id
      JOIN student ON student.id = c.student_id
      JOIN account sender ON sender.id = copy.sent_by_id
      JOIN office released ON released.id = c.from_school_id
      LEFT JOIN office received ON received.id = c.to_school_id
     ORDER BY copy.read_at IS NOT NULL, copy.id DESC LIMIT :limit
""")  # noqa: S608 - built from our own text


def copies_for(session: Session, person: Person, *, after: Cursor | None = None) -> Page:
    """Return a page of what was copied to the person, and log the look; the caller commits."""
    start = after or Cursor(was_read=False, copy_id=LATEST)
    below = {
        "unread_below": 0 if start.was_read else start.copy_id,
        "read_below": start.copy_id if start.was_read else LATEST,
    }
    found = session.execute(_PAGE, _of(person) | below | {"limit": PAGE + 1}).mappings().all()
    kinds = [{"kind": ChangeKind(row["kind"]), "state": CaseState(row["state"])} for row in found[:PAGE]]
    rows = tuple(CopyRow(**dict(row) | kind) for row, kind in zip(found, kinds, strict=False))
    log_list(session, person, "copies", (row.student_id for row in rows))
    last = rows[-1] if len(found) > PAGE else None
    return Page(rows, Cursor(last.read_at is not None, last.copy_id) if last else None)


def unread_count(session: Session, person: Person) -> int:
    """Return how many copies the person has yet to read, counted up to `COUNT_CAP`."""
    values = _of(person) | {"unread_below": LATEST, "limit": COUNT_CAP}
    return int(session.execute(_COUNT, values).scalar_one())


def _of(person: Person) -> dict[str, object]:
    offices = {post.office_id for post in person.posts if post.role in DECIDING_ROLES}
    return {"account": person.account_id, "offices": sorted(offices)}
