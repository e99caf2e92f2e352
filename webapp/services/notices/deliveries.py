"""The table of deliveries (送达): one row for each notice, person and channel, claimed in batches.

A claim is a lease: it moves the next attempt on before the first is made, so that whoever dies on the way has lost
nothing, and no lock is held meanwhile.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, literal, or_, select, text, update
from sqlalchemy.orm import Session

from models import Delivery
from models.enums import Channel, DeliveryState
from webapp import clock
from webapp.config import Settings
from webapp.services.offices.absences import acts_sql
from webapp.services.offices.kept_from import kept_from_sql

BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=5)  # as mail servers do (RFC 5321 4.5.4.1)
KEPT, SHOWN = timedelta(days=90), timedelta(days=7)
LONGEST_ERROR = 500

# Those who read the notices `made`, as they are today; parts of a statement that knows :now, :today and :channels.
# Whoever reads a message in several posts is told by the last of its notices, as on the pages.
_HOLDS = """
    membership.office_id = {notice}.office_id AND membership.role = {notice}.role
    AND membership.valid_from <= :today AND (membership.valid_to IS NULL OR membership.valid_to > :today)
"""
# Whoever acts in the post for a holder who is away reads them too, unless one of the two must not decide; the holder
# is `s.absent_id`.
ACTS = f"""
    SELECT s.substitute_id FROM substitution s
     WHERE (s.office_id, s.role) = ({{notice}}.office_id, {{notice}}.role) AND {acts_sql(":today")}
       AND NOT EXISTS (SELECT FROM guardianship g JOIN change_request c ON c.student_id = g.student_id
                        WHERE c.id = {{notice}}.change_request_id AND g.account_id IN (s.absent_id, s.substitute_id)
                          AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today))
       AND NOT EXISTS (SELECT FROM task JOIN change_request c ON c.id = task.change_request_id
                        CROSS JOIN LATERAL ({kept_from_sql(":today")}) AS kept
                        WHERE task.id = {{notice}}.task_id AND kept.account_id IN (s.absent_id, s.substitute_id))
"""  # noqa: S608 - built from our own text
DELIVER_MADE = f"""
    INSERT INTO delivery (notice_id, created_at, account_id, channel, message_id, state, attempts, due_at)
    SELECT DISTINCT ON (made.outbox_id, reader.account_id, contact.channel)
           made.id, made.created_at, reader.account_id, contact.channel, gen_random_uuid(), 'waiting', 0, :now
      FROM made
     CROSS JOIN LATERAL (
           SELECT made.account_id WHERE made.account_id IS NOT NULL
            UNION
           SELECT membership.account_id FROM membership
            WHERE made.account_id IS NULL AND {_HOLDS.format(notice="made")}
            UNION
           {ACTS.format(notice="made")} AND made.account_id IS NULL
     ) AS reader
      JOIN account ON account.id = reader.account_id AND account.disabled_at IS NULL
      JOIN contact ON contact.account_id = reader.account_id AND contact.wanted
       AND contact.channel = ANY(CAST(:channels AS varchar[]))
     ORDER BY made.outbox_id, reader.account_id, contact.channel, made.id DESC
"""  # noqa: S608 - built from our own text

_CLAIM = text("""
    UPDATE delivery
       SET attempts = attempts + 1, due_at = :now + least(:longest, :first * 2 ^ least(attempts, 20))
     WHERE id IN (SELECT id FROM delivery
                   WHERE channel = :channel AND state = 'waiting' AND due_at <= :now
                   ORDER BY due_at, id LIMIT :batch FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
# A guardian no more reads no more of the child, and who has left an office no more of its cases.
_READ = text(f"""
    SELECT delivery.id, delivery.message_id, delivery.notice_id, delivery.created_at,
           contact.address, account.locale
      FROM delivery
      JOIN notice ON notice.id = delivery.notice_id AND notice.created_at = delivery.created_at
      JOIN account ON account.id = delivery.account_id AND account.disabled_at IS NULL
      JOIN contact ON contact.account_id = account.id AND contact.channel = delivery.channel AND contact.wanted
     WHERE delivery.id = ANY(:ids)
       AND CASE WHEN notice.office_id IS NULL
                THEN EXISTS (SELECT FROM guardianship g JOIN change_request c ON c.student_id = g.student_id
                              WHERE c.id = notice.change_request_id AND g.account_id = account.id
                                AND g.valid_from <= :today AND (g.valid_to IS NULL OR g.valid_to > :today))
                ELSE EXISTS (SELECT FROM membership
                              WHERE membership.account_id = account.id AND {_HOLDS.format(notice="notice")})
                     OR account.id IN ({ACTS.format(notice="notice")})
           END
     ORDER BY delivery.id
""")  # noqa: S608 - built from our own text
_FAILURES = text("""
    SELECT channel, count(*) FILTER (WHERE state = 'given_up'), count(*) FILTER (WHERE state = 'waiting'),
           (array_agg(error ORDER BY id DESC))[1]
      FROM delivery
     WHERE state = 'given_up' AND done_at >= :since OR state = 'waiting' AND error IS NOT NULL
     GROUP BY channel ORDER BY channel
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery as whoever claimed it needs it; the address as it is stored."""

    id: int
    message_id: uuid.UUID
    notice_id: int
    created_at: datetime
    address: bytes
    locale: str | None


@dataclass(frozen=True, slots=True)
class ChannelTrouble:
    """How many notices were given up on a channel since a day, how many wait after a failure, and the last answer."""

    channel: Channel
    since: date
    given_up: int
    waiting: int
    error: str


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels by which notices leave this site."""
    served = {Channel.EMAIL: settings.smtp_url, Channel.SMS: settings.sms_url or settings.demo}
    return tuple(channel for channel, how in served.items() if how)


def claim(session: Session, channel: Channel) -> list[Claimed]:
    """Claim a batch of what is due, and commit; nobody else tries it for a while.

    What its reader does not want, or may not read, any more is dropped.
    """
    now, today = clock.now(), clock.today()
    pauses = {"first": FIRST_PAUSE, "longest": LONGEST_PAUSE, "batch": BATCH}
    ids = set(session.scalars(_CLAIM, {"channel": channel, "now": now, **pauses}))
    rows = session.execute(_READ, {"ids": [*ids], "today": today}).all() if ids else []
    claimed = [Claimed(*row) for row in rows]
    _end(session, sorted(ids - {each.id for each in claimed}), DeliveryState.DROPPED)
    session.commit()
    return claimed


def sent(session: Session, ids: Sequence[int]) -> None:
    """Write down that deliveries were taken; commits."""
    _end(session, ids, DeliveryState.SENT)
    session.commit()


def failed(session: Session, ids: Sequence[int], error: str, *, for_good: bool = False) -> int:
    """Write down why deliveries failed, commit, and return how many are given up: for good, or for their age."""
    tried = update(Delivery).where(Delivery.id.in_(ids))
    session.execute(tried.values(error=_kept(error)))
    return _give_up(session, Delivery.id.in_(ids), or_(literal(for_good), _too_old()))


def nobody_answers(session: Session, channel: Channel, tried: int, error: str) -> int:
    """Let all of a channel wait as long as the delivery that found it out; commit, and return how many are given up."""
    waiting = and_(Delivery.channel == channel, Delivery.state == DeliveryState.WAITING)
    until = select(Delivery.due_at).where(Delivery.id == tried).scalar_subquery()
    to_wait = update(Delivery).where(waiting, Delivery.due_at <= until)
    session.execute(to_wait.values(due_at=until, error=_kept(error)))
    return _give_up(session, waiting, _too_old())


def troubles(session: Session) -> list[ChannelTrouble]:
    """Return the channels on which notices failed in the last days, or wait after a failure."""
    since = clock.now() - SHOWN
    failures = session.execute(_FAILURES, {"since": since})
    return [ChannelTrouble(Channel(channel), clock.day_of(since), *counts) for channel, *counts in failures]


def give_back(session: Session, ids: Sequence[int]) -> None:
    """Let others try at once what was claimed and not tried; commits."""
    untried = update(Delivery).where(Delivery.id.in_(ids))
    session.execute(untried.values(attempts=Delivery.attempts - 1, due_at=clock.now()))
    session.commit()


def forget_deliveries(session: Session) -> None:
    """Delete what ended long ago; the worker's daily cleaning. The caller commits."""
    session.execute(delete(Delivery).where(Delivery.done_at <= clock.now() - KEPT))


def _too_old() -> ColumnElement[bool]:
    return Delivery.created_at <= clock.now() - GIVE_UP_AFTER


def _kept(error: str) -> str:
    return error.replace("\x00", "")[:LONGEST_ERROR]  # PostgreSQL keeps no NUL


def _give_up(session: Session, *which: ColumnElement[bool]) -> int:
    ended = update(Delivery).where(*which, Delivery.error.is_not(None))
    values = {"state": DeliveryState.GIVEN_UP, "done_at": clock.now()}
    given_up = session.execute(ended.values(values).returning(Delivery.id)).all()
    session.commit()
    return len(given_up)


def _end(session: Session, ids: Sequence[int], state: DeliveryState) -> None:
    if ids:
        ended = update(Delivery).where(Delivery.id.in_(ids))
        session.execute(ended.values(state=state, done_at=clock.now(), error=None))
