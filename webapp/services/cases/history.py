"""A case's history grows in the function that changes the case.

The entries are at once the decision log that the engine folds and the audit trail that `xueji audit verify` checks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple, Protocol

from psycopg.rows import class_row
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseEvent, ChangeRequest, Task
from models.enums import EventKind
from webapp.policy import Post
from webapp.services.cases.beside import REACHED, Told, asked_in, engine_key
from webapp.services.cases.chain import Event, Plain, first_link, next_event, sealed
from webapp.services.cases.routing import FactsKey
from webapp.services.context import connection_of, settings_of
from webapp.services.papers.files import current_papers
from workflows.definition import Definition
from workflows.engine import Advance, fold

WAYS_REMEMBERED = 10_000  # about a kilobyte each
# What is no news to whoever is about to decide: the page in front of him stays as good as it was.
SAID_ASIDE = (
    EventKind.ASKED,
    EventKind.URGED,
    EventKind.COMMENTED,
    EventKind.SETTLED,
    EventKind.CLAIMED,
    EventKind.RELEASED,
    EventKind.HANDED_OVER,
    EventKind.COPIED,
    EventKind.NOTED,
)
MOVES_THE_TOKEN = (EventKind.DECIDED, EventKind.COMPLETED, EventKind.FIRED)


class Dated(Told, Protocol):
    """An entry of a history with its time."""

    @property
    def at(self) -> datetime:
        """When it was written."""


class Move(NamedTuple):
    """What the engine has to know of an entry; with what was `reached` before, the case begins anew."""

    kind: str
    task_key: str | None
    outcome: str | None
    reached: Mapping[str, int] | None


class Entry(NamedTuple):
    """The same, and the time of the entry."""

    kind: str
    task_key: str | None
    outcome: str | None
    reached: Mapping[str, int] | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Log:
    """The decisions of a case that stand (task key, outcome) and what fired (timer key, None), since it began.

    `reached` says how often each step was reached before that.
    """

    decisions: tuple[tuple[str, str | None], ...]
    reached: tuple[tuple[str, int], ...] = ()

    def __contains__(self, key: object) -> bool:
        return any(decided == key for decided, _ in self.decisions)

    def without(self, key: str) -> "Log":
        """Return the others, without the decision of one task."""
        return replace(self, decisions=tuple(entry for entry in self.decisions if entry[0] != key))

    def before(self, key: str) -> "Log":
        """Return those that were taken before the decision of one task."""
        return replace(self, decisions=tuple(takewhile(lambda entry: entry[0] != key, self.decisions)))


ENTRIES = f"""
SELECT kind, task_key, outcome, payload->'{REACHED}' AS reached, at
  FROM case_event WHERE change_request_id = %(case)s ORDER BY seq
"""  # noqa: S608 - the name is our own


class Chain(Protocol):
    """Where a case's history ends: a locked row knows it as well as the mapped object."""

    @property
    def id(self) -> int:
        """The case."""

    @property
    def event_count(self) -> int:
        """How many entries there are."""

    @property
    def last_mac(self) -> bytes:
        """The link of the last one; empty before the first."""


def entry(
    session: Session,
    chain: Chain,
    kind: EventKind,
    *,
    at: datetime,
    actor_id: int | None,
    payload: Mapping[str, Plain],
    post: Post | None = None,
    task_key: str | None = None,
    outcome: str | None = None,
) -> Event:
    """Return the next entry of a case's history, chained to the one before it; writes nothing.

    If a substitute acts in `post` (代理), it says for whom.
    """
    key = settings_of(session).audit_key
    event = Event(
        change_request_id=chain.id,
        seq=chain.event_count + 1,
        kind=kind,
        at=at,
        actor_id=actor_id,
        office_id=post.office_id if post else None,
        role=post.role if post else None,
        task_key=task_key,
        outcome=outcome,
        payload={**_acted_for(post), **payload},
    )
    return next_event(key, chain.last_mac or first_link(key, chain.id), event)


def _acted_for(post: Post | None) -> dict[str, Plain]:
    away = post.instead_of if post else None
    return {"instead_of": {"id": away.account_id, "name": away.name}} if away else {}


def away_of(event: Told) -> int | None:
    """Return the account for which an entry says that a substitute acted (代理)."""
    away = event.payload.get("instead_of")
    account_id = away["id"] if isinstance(away, Mapping) else None
    return account_id if isinstance(account_id, int) else None


def add(
    session: Session,
    case: ChangeRequest,
    kind: EventKind,
    *,
    at: datetime,
    actor_id: int | None,
    payload: Mapping[str, Plain],
    post: Post | None = None,
    task_key: str | None = None,
    outcome: str | None = None,
) -> None:
    """Add an entry to the history of a case that this transaction has locked, and count it."""
    event = entry(
        session,
        case,
        kind,
        at=at,
        actor_id=actor_id,
        payload=payload,
        post=post,
        task_key=task_key,
        outcome=outcome,
    )
    session.add(CaseEvent(**{field.name: getattr(event, field.name) for field in fields(event)}))
    case.event_count, case.last_mac = event.seq, event.mac
    if kind not in SAID_ASIDE:
        case.version += 1


def present_tasks(tasks: Iterable[Task], events: Iterable[CaseEvent]) -> list[Task]:
    """Return the tasks of a case since it began, or began anew."""
    began = max((event.at for event in events if REACHED in event.payload), default=None)
    return [task for task in tasks if began is None or task.opened_at >= began]


def ends_with(session: Session, case: ChangeRequest, kind: EventKind, actor_id: int) -> bool:
    """Whether the last thing that happened to a locked case, but for what was said aside, is this person's doing."""
    moving = select(CaseEvent.kind, CaseEvent.actor_id).where(
        CaseEvent.change_request_id == case.id, CaseEvent.kind.not_in(SAID_ASIDE)
    )
    return session.execute(moving.order_by(CaseEvent.seq.desc()).limit(1)).one() == (kind, actor_id)


def who_asked(events: Iterable[Event | CaseEvent], key: str) -> set[int]:
    """Return whose question the task with this key answers: who asked it, and for whom he acted (代理)."""
    asked = next(event for event in events if (said := asked_in(event)) and said.key == key)
    return {account for account in (asked.actor_id, away_of(asked)) if account is not None}


def seal_of(case: ChangeRequest) -> dict[str, Plain]:
    """Return what the history vouches for of a case as it stands."""
    return sealed({column.key: getattr(case, column.key) for column in ChangeRequest.__table__.columns})


def papers_of(session: Session, case: ChangeRequest) -> dict[str, Plain]:
    """Return the digest of each paper that a case now rests on, by kind: what its deciders see (domain 3.0.6)."""
    return {paper.kind.value: paper.sha256 for paper in current_papers(session, case.id)}


def sealed_papers(session: Session, case_id: int) -> dict[str, Plain]:
    """Return the digest of each paper, by kind, as the history last saw them handed in."""
    papers = CaseEvent.payload["papers"]
    statement = select(papers).where(
        CaseEvent.change_request_id == case_id, CaseEvent.payload.has_key("papers")
    )
    return dict(session.scalars(statement.order_by(CaseEvent.seq.desc()).limit(1)).one())


def events_of(session: Session, case_id: int) -> Sequence[CaseEvent]:
    """Return a case's history, from the first entry on."""
    told = select(CaseEvent).where(CaseEvent.change_request_id == case_id)
    return session.scalars(told.order_by(CaseEvent.seq)).all()


def told_of(session: Session, case_id: int) -> list[Entry]:
    """Return what a case's history says of its tasks, from the first entry on."""
    with connection_of(session).cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(ENTRIES, {"case": case_id}).fetchall()


def log_of_case(session: Session, case_id: int) -> Log:
    """Return the decisions of a case that stand, as the engine folds them."""
    return log_of(told_of(session, case_id))


def entries_of(events: Iterable[Dated]) -> Iterator[Entry]:
    """Yield what the engine has to know of the entries of a history."""
    for event in events:
        reached = event.payload.get(REACHED)
        assert reached is None or isinstance(reached, Mapping)
        yield Entry(event.kind, event.task_key, event.outcome, reached, event.at)


def log_of(entries: Iterable[Move | Entry]) -> Log:
    """Return the decisions that stand: none that was recalled, or made before the case began anew."""
    standing: dict[str, str | None] = {}
    reached: Mapping[str, int] = {}
    for entry in entries:
        key = engine_key(str(entry.task_key))
        if entry.reached is not None:
            standing, reached = {}, entry.reached
        elif entry.kind == EventKind.RECALLED:
            del standing[key]
        elif entry.kind in MOVES_THE_TOKEN:
            standing[key] = entry.outcome
    return Log(tuple(standing.items()), tuple(sorted(reached.items())))


# Most cases go one of a few ways.
@lru_cache(maxsize=WAYS_REMEMBERED)
def folded(definition: Definition, facts: FactsKey, log: Log) -> Advance:
    """Return where decisions (task key, outcome) lead to; raises what `engine.fold` does."""
    return fold(definition, dict(facts), log.decisions, dict(log.reached))
