"""What we have to say goes out: signed, over HTTP, one after another for each business, until it is taken.

While we wait for the network nothing is locked and no transaction is open.
"""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from sqlalchemy.orm import Session

from models.enums import MessageDirection, Trouble
from webapp import clock
from webapp.services.context import settings_of
from webapp.services.exchange import mailbox, messages, signing
from webapp.services.exchange.mailbox import Claimed
from webapp.services.exchange.writing import write_again
from webapp.services.registry.ciphers import UndecipherableError
from webapp.setting_values import Partner

# A proxy that the environment names is for other machines.
_NO_PROXY: dict[str, None] = dict.fromkeys(["all://127.0.0.1", "all://localhost", "all://[::1]"])
PATIENCE = httpx.Timeout(10, connect=5)  # seconds
MOST_OF_AN_ANSWER = 300  # characters
# With these the other side says that the message itself is wrong, and not that it is in trouble.
REFUSING = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a message was not taken, for people and in technical words."""

    trouble: Trouble
    error: str


def client_of_another_machine() -> httpx.Client:
    """Return a client that follows no redirect and waits no longer than PATIENCE. The caller closes it."""
    return httpx.Client(timeout=PATIENCE, follow_redirects=False, mounts=_NO_PROXY, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom we trust; reading that takes longer than to send a message."""
    return httpx.create_ssl_context()


def send_due(session: Session) -> int:
    """Send one batch of the messages that are due, commit, and return how many there were.

    What could not be written is tried to be written again, and sent in the next batch.
    """
    claimed = mailbox.claim(session, MessageDirection.OUT)
    for unwritten in (message for message in claimed if not message.body):
        write_again(session, unwritten)
        session.commit()
    if to_send := [message for message in claimed if message.body]:
        with client_of_another_machine() as client:
            _send_all(session, client, to_send)
    return len(claimed)


def _send_all(session: Session, client: httpx.Client, claimed: Sequence[Claimed]) -> None:
    partners, away = settings_of(session).partners, dict[str, _Failure]()
    for message in claimed:
        failure = away.get(message.partner)  # whoever is away is not knocked for again
        if failure is None:
            failure = _sent(session, client, partners.get(message.partner), message)
        _write_down(session, message, failure)
        if failure and failure.trouble == Trouble.AWAY:
            away[message.partner] = failure


def _sent(
    session: Session, client: httpx.Client, partner: Partner | None, message: Claimed
) -> _Failure | None:
    """Send a message; None if it was taken."""
    if partner is None:
        return _Failure(Trouble.NOT_CONNECTED, "no connection with this province is set up here any more")
    try:
        body = _written(message, mailbox.opened(session, message.body))
    except UndecipherableError as lost:
        return _Failure(Trouble.UNSAYABLE, f"the identity number cannot be read: {lost}")
    return _post(client, partner, message, body)


def _post(client: httpx.Client, partner: Partner, message: Claimed, body: bytes) -> _Failure | None:
    headers = signing.signed(partner.key, str(message.message_id), clock.machine_now(), body)
    try:
        answer = client.post(
            f"{partner.url}/{message.province}",
            content=body,
            headers=headers | {"Content-Type": "application/json"},
        )
    except httpx.HTTPError as lost:
        return _Failure(Trouble.AWAY, f"no answer: {type(lost).__name__} {lost}")
    if answer.is_success:
        return None
    said = f"{answer.status_code} {answer.text[:MOST_OF_AN_ANSWER]}".replace("\x00", "")
    if answer.is_server_error:
        return _Failure(Trouble.AWAY, said)
    return _Failure(Trouble.CALLED_WRONG if answer.status_code in REFUSING else Trouble.NOT_TAKEN, said)


def _written(message: Claimed, body: Mapping[str, Any]) -> bytes:
    return messages.written(
        messages.Envelope(
            id=message.message_id,
            reference=message.reference,
            kind=message.kind,
            version=messages.VERSION,
            sender=message.province,
            receiver=message.partner,
            sent_at=message.sent_at,
            body=dict(body),
        )
    )


def _write_down(session: Session, message: Claimed, failure: _Failure | None) -> None:
    if failure is None:
        mailbox.done(session, message.id)
    else:
        mailbox.failed(session, message.id, failure.trouble, failure.error)
    if failure and failure.trouble == Trouble.AWAY:
        mailbox.postpone(session, message.partner, message.id)
    session.commit()
