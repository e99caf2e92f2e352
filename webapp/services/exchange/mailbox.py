"""The table of messages: put in what is to be sent or was taken, claim what is due, write down what came of it.

A claim is a lease: it moves the next attempt on before the first is made, so that whoever dies on the way has lost
nothing, and no lock is held meanwhile. Of one business only the oldest message that waits is claimed; but a decision
that came before its step is overtaken, or the end of the business could never be heard, and so is what we took for
wrong, or nobody could mend it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from models import ExchangeMessage
from models.enums import MessageDirection, MessageKind, Trouble
from webapp import clock
from webapp.services.context import settings_of
from webapp.services.exchange import messages
from webapp.services.exchange.messages import Body, Envelope
from webapp.services.registry.ciphers import AesGcmCipher

BATCH = 20
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
LONGEST_ERROR = 500
IDENTITY_IN_TRANSIT = b"xueji exchange identity number"

_CLAIM = text("""
    UPDATE exchange_message
       SET attempts = attempts + 1, tried_at = :now,
           due_at = :now + least(:longest, :first * 2 ^ least(attempts, 20))
     WHERE id IN (
           SELECT m.id FROM exchange_message m
            WHERE m.direction = :direction AND m.done_at IS NULL AND m.due_at <= :now
              AND NOT EXISTS (
                  SELECT FROM exchange_message earlier
                   WHERE earlier.direction = m.direction AND earlier.partner = m.partner
                     AND earlier.reference = m.reference AND earlier.done_at IS NULL AND earlier.id < m.id
                     AND NOT (earlier.direction = 'in' AND (earlier.kind = 'decided' OR earlier.refused)))
            ORDER BY m.due_at, m.id LIMIT :batch FOR UPDATE OF m SKIP LOCKED)
    RETURNING id
""")
_READ = text("""
    SELECT id, partner, province, message_id, reference, kind, change_request_id, body, sent_at, refused
      FROM exchange_message WHERE id = :id
""")


class AnotherMessageError(Exception):
    """Another message was taken under this id before."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message as whoever claimed it needs it; its body as it is stored, for `opened`, empty if it is unwritten."""

    id: int
    partner: str
    province: str
    message_id: uuid.UUID
    reference: uuid.UUID
    kind: MessageKind
    change_request_id: int | None
    body: Mapping[str, Any]
    sent_at: datetime
    refused: bool


@dataclass(frozen=True, slots=True)
class Business:
    """What a message is about: between which partner and which province here, under which reference, and the case."""

    partner: str
    province: str
    reference: uuid.UUID
    case_id: int | None


def put(
    session: Session, about: Business, kind: MessageKind, body: Body | None, error: str | None = None
) -> None:
    """Write a message to a partner; the caller commits, and the worker sends it.

    Without a body it cannot be written, and counts as tried once; `error` says why.
    """
    now = clock.now()
    message = ExchangeMessage(
        direction=MessageDirection.OUT,
        partner=about.partner,
        province=about.province,
        message_id=uuid.uuid4(),
        reference=about.reference,
        kind=kind,
        change_request_id=about.case_id,
        sent_at=now,
        created_at=now,
        refused=False,
        trouble=None if error is None else Trouble.UNSAYABLE,
        error=error,
    )
    if body is None:
        message.body, message.attempts, message.tried_at, message.due_at = {}, 1, now, now + FIRST_PAUSE
    else:
        message.body, message.attempts, message.due_at = _sealed(session, messages.plain(kind, body)), 0, now
    session.add(message)
    session.flush()


def take_in(session: Session, message: Envelope) -> None:
    """Store a message that came; the same one again changes nothing. AnotherMessageError; the caller commits."""
    now = clock.now()
    values = {
        "direction": MessageDirection.IN,
        "partner": message.sender,
        "province": message.receiver,
        "message_id": message.id,
        "reference": message.reference,
        "kind": message.kind,
        "body": _sealed(session, message.body),
        "sent_at": message.sent_at,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "refused": False,
    }
    new = insert(ExchangeMessage).values(values).on_conflict_do_nothing().returning(ExchangeMessage.id)
    if session.scalar(new) is None and not _is_known(session, message):
        raise AnotherMessageError


def claim(session: Session, direction: MessageDirection) -> list[Claimed]:
    """Claim a batch of the messages that are due, and commit: nobody else tries them for a while.

    One that cannot even be read says so in the list, and the others go on.
    """
    values = {
        "direction": direction,
        "now": clock.now(),
        "first": FIRST_PAUSE,
        "longest": LONGEST_PAUSE,
        "batch": BATCH,
    }
    ids = session.scalars(_CLAIM, values).all()
    session.commit()
    claimed = [message for each in sorted(ids) if (message := _read(session, each)) is not None]
    session.commit()
    return claimed


def fill(session: Session, message: Claimed, body: Body) -> None:
    """Write a message that was unwritten; it is sent at once. The caller commits."""
    sealed = _sealed(session, messages.plain(message.kind, body))
    values = {"body": sealed, "due_at": clock.now(), "trouble": None, "error": None}
    _write(session, message.id, values, None)


def done(session: Session, message_id: int, *, note: str | None = None, case_id: int | None = None) -> None:
    """Mark a message as done with, saying why if it had no effect; the caller commits."""
    values = {"done_at": clock.now(), "trouble": None, "error": note, "refused": False}
    _write(session, message_id, values, case_id)


def is_done(session: Session, message_id: int) -> bool:
    """Whether a message is done with, as it is now."""
    done = select(ExchangeMessage.done_at.is_not(None)).where(ExchangeMessage.id == message_id)
    return session.scalars(done).one()


def failed(
    session: Session, message_id: int, trouble: Trouble, error: str, *, case_id: int | None = None
) -> None:
    """Write down why a message has to wait; it is tried again all the same. The caller commits."""
    values = {"trouble": trouble, "error": error[:LONGEST_ERROR], "refused": trouble.is_refusal}
    _write(session, message_id, values, case_id)


def postpone(session: Session, partner: str, message_id: int) -> None:
    """Let all that waits for a partner that is away wait as long as the message that found it out."""
    until = select(ExchangeMessage.due_at).where(ExchangeMessage.id == message_id).scalar_subquery()
    waiting = update(ExchangeMessage).where(
        ExchangeMessage.direction == MessageDirection.OUT,
        ExchangeMessage.partner == partner,
        ExchangeMessage.done_at.is_(None),
        ExchangeMessage.due_at < until,
    )
    session.execute(waiting.values(due_at=until))


def wake(session: Session, case_id: int) -> None:
    """Let what came for a case and waits be tried at once, as the case has moved."""
    waiting = update(ExchangeMessage).where(
        ExchangeMessage.direction == MessageDirection.IN,
        ExchangeMessage.change_request_id == case_id,
        ExchangeMessage.done_at.is_(None),
    )
    session.execute(waiting.values(due_at=clock.now()))


def opened(session: Session, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored body with its identity number in clear. Raises UndecipherableError."""
    record = body.get("record")
    if not record or record["identity_number"] is None:
        return dict(body)
    number = _cipher(session).decrypt(bytes.fromhex(record["identity_number"]))
    return {**body, "record": {**record, "identity_number": number}}


def _read(session: Session, message_id: int) -> Claimed | None:
    """Return a message; None, and its row says why, if no value of Python holds what stands in it."""
    try:
        row = session.execute(_READ, {"id": message_id}).mappings().one()
    except DataError as unreadable:
        session.rollback()
        failed(session, message_id, Trouble.UNREADABLE, f"it cannot be read: {unreadable}")
        session.commit()
        return None
    return Claimed(**{**row, "kind": MessageKind(row["kind"])})


def _write(session: Session, message_id: int, values: Mapping[str, object], case_id: int | None) -> None:
    about = {} if case_id is None else {"change_request_id": case_id}
    session.execute(
        update(ExchangeMessage).where(ExchangeMessage.id == message_id).values({**values, **about})
    )


def _sealed(session: Session, body: Mapping[str, Any]) -> dict[str, Any]:
    record = body.get("record")
    if not record or record["identity_number"] is None:
        return dict(body)
    number = _cipher(session).encrypt(record["identity_number"]).hex()
    return {**body, "record": {**record, "identity_number": number}}


def _cipher(session: Session) -> AesGcmCipher:
    return AesGcmCipher([settings_of(session).identity_key], IDENTITY_IN_TRANSIT)


def _is_known(session: Session, message: Envelope) -> bool:
    stored = session.scalars(
        select(ExchangeMessage).where(
            ExchangeMessage.direction == MessageDirection.IN,
            ExchangeMessage.partner == message.sender,
            ExchangeMessage.message_id == message.id,
        )
    ).one()
    taken = (stored.kind, stored.reference, stored.province, opened(session, stored.body))
    return taken == (message.kind, message.reference, message.receiver, message.body)
