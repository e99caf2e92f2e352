"""What another province's deployment sends us: checked while it waits for our answer, handled later by the worker."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from webapp import clock
from webapp.services.context import settings_of
from webapp.services.exchange import mailbox, signing
from webapp.services.exchange.messages import MalformedError, read_envelope

MOST_BYTES = 64 * 1024
LONGEST_WAY = timedelta(days=366)  # a sender tries for as long as it takes; no business waits longer


class UnknownPartnerError(Exception):
    """No connection with this province is set up here."""


def take(session: Session, province: str, headers: Mapping[str, str], data: bytes) -> None:
    """Take a message from `province` once, and commit; `headers` have lower-case names.

    Raises UnknownPartnerError, signing.SignatureError, MalformedError or mailbox.AnotherMessageError; then nothing
    is kept of it.
    """
    settings = settings_of(session)
    partner = settings.partners.get(province)
    if partner is None:
        raise UnknownPartnerError
    signed_id = signing.verify(partner.key, headers, data, now=clock.machine_now())
    message = read_envelope(data)
    if str(message.id) != signed_id:
        raise MalformedError(f"id: differs from the header {signing.ID}")
    if message.sender != province:
        raise MalformedError(f"sender: at this address it must be {province}")
    if settings.provinces and message.receiver not in settings.provinces:
        raise MalformedError("receiver: this province is not served here")
    if not -signing.TOLERANCE <= clock.now() - message.sent_at <= LONGEST_WAY:
        raise MalformedError("sent_at: must be within the last year, and not to come")
    mailbox.take_in(session, message)
    session.commit()
