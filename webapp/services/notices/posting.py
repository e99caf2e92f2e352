"""Notices leave the house: a batch is written, then handed over letter by letter, then the next round comes.

At least once: what was handed over in the moment in which the worker dies is handed over again, under the same id.
While we wait for the network nothing is locked and no transaction is open.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import ChangeRequest, Notice, Task
from models.enums import Channel
from webapp.config import Settings
from webapp.i18n import speaking
from webapp.notice_letters import email_said, sms_said, switches_page
from webapp.services.context import settings_of
from webapp.services.notices import deliveries
from webapp.services.notices.contacts import cipher_of
from webapp.services.notices.deliveries import Claimed
from webapp.services.notices.letters import AwayError, Courier, Letter, NotNowError, RefusedError
from webapp.services.notices.mail import EmailCourier
from webapp.services.notices.sms import GatewayCourier, LogCourier
from webapp.services.registry.ciphers import UndecipherableError
from webapp.setting_values import mail_server

LONGEST_TURN = 1.0  # seconds, for another worker may take what was not tried by then
SENT_AT_ONCE = 20  # as many are handed over twice at most

log = logging.getLogger(__name__)

Letters = Mapping[int, Letter]  # by the id of the delivery


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a letter was not taken: the kind of it, and what was answered."""

    delivery_id: int
    kind: type[Exception]
    said: str


def post_due(session: Session) -> int:
    """Hand over one batch of each channel, commit, and return how many letters were tried."""
    return sum(_post(session, channel) for channel in deliveries.channels_of(settings_of(session)))


def _post(session: Session, channel: Channel) -> int:
    claimed = deliveries.claim(session, channel)
    if claimed:
        letters = _written(session, channel, claimed)
        with closing(_courier(channel, settings_of(session))) as courier:
            _hand_over_all(session, channel, courier, letters)
    return len(claimed)


def _courier(channel: Channel, settings: Settings) -> Courier:
    if channel == Channel.EMAIL:
        server, sender = mail_server(settings.smtp_url or ""), settings.mail_from or ""
        return EmailCourier(server, sender, switches_page(settings.public_url or ""))
    if settings.demo:
        return LogCourier()
    return GatewayCourier(settings.sms_url or "", settings.sms_key or b"")


def _written(session: Session, channel: Channel, claimed: Sequence[Claimed]) -> Letters:
    """Write all letters of a batch, so that nothing is read from the database while they are handed over."""
    settings, cipher = settings_of(session), cipher_of(session)
    notices, letters, unreadable = _notices(session, claimed), {}, []
    for each in claimed:
        try:
            address = cipher.decrypt(each.address)
        except UndecipherableError:
            unreadable.append(each.id)
            continue
        with speaking(each.locale or settings.locale):
            letters[each.id] = _letter(channel, each, address, notices[each.notice_id], settings)
    if unreadable:
        deliveries.failed(session, unreadable, "the address cannot be read", for_good=True)
    session.commit()
    return letters


def _letter(channel: Channel, claimed: Claimed, address: str, notice: Notice, settings: Settings) -> Letter:
    if channel == Channel.SMS:
        return Letter(claimed.message_id, address, sms_said(notice))
    said = email_said(notice, settings.public_url or "")
    return Letter(claimed.message_id, address, said.text, said.subject, said.html)


def _notices(session: Session, claimed: Sequence[Claimed]) -> dict[int, Notice]:
    case = joinedload(Notice.change_request)
    made_at = {each.created_at for each in claimed}  # so that few of the table's parts are looked into
    statement = (
        select(Notice)
        .where(Notice.id.in_({each.notice_id for each in claimed}), Notice.created_at.in_(made_at))
        .options(case.joinedload(ChangeRequest.student))
        .options(case.selectinload(ChangeRequest.tasks).joinedload(Task.office))
    )
    return {notice.id: notice for notice in session.scalars(statement)}


def _hand_over_all(session: Session, channel: Channel, courier: Courier, letters: Letters) -> None:
    taken, untried = list[int](), [*letters]
    away: _Failure | None = None
    for failure in _attempts(courier, letters):
        delivery_id = untried.pop(0)
        if failure is None:
            taken.append(delivery_id)
        elif failure.kind is AwayError:
            away = failure
        else:
            for_good = failure.kind is RefusedError
            _warn(
                channel,
                failure.said,
                deliveries.failed(session, [delivery_id], failure.said, for_good=for_good),
            )
        if len(taken) == SENT_AT_ONCE:
            deliveries.sent(session, taken)
            taken = []
    deliveries.sent(session, taken)
    deliveries.give_back(session, untried)
    if away:
        log.warning("Nobody takes notices by %s: %s", channel, away.said)
        _warn(channel, away.said, deliveries.nobody_answers(session, channel, away.delivery_id, away.said))


def _attempts(courier: Courier, letters: Letters) -> Iterator[_Failure | None]:
    """Hand letters over, one after another, and say what became of each, until the turn is over or nobody answers."""
    turn_ends = monotonic() + LONGEST_TURN
    for delivery_id, letter in letters.items():
        failure = _attempt(courier, delivery_id, letter)
        yield failure
        if monotonic() > turn_ends or (failure and failure.kind is AwayError):
            return


def _attempt(courier: Courier, delivery_id: int, letter: Letter) -> _Failure | None:
    try:
        courier.hand_over(letter)
    except (RefusedError, NotNowError, AwayError) as failure:
        # Servers like to repeat the address, which is nobody's business.
        return _Failure(delivery_id, type(failure), str(failure).replace(letter.address, "…"))
    return None


def _warn(channel: Channel, said: str, given_up: int) -> None:
    if given_up:
        log.warning("%s notices by %s are given up: %s", given_up, channel, said)
