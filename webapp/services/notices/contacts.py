"""Where people want their notices (通知方式): addresses by channel, each with a switch.

Addresses are encrypted like identity numbers: nobody searches for them, and a copy of the database with the telephone
numbers of families beside their children's names is what those look for who defraud them.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Contact, Delivery
from models.enums import Channel, DeliveryState
from models.text import is_email
from webapp.errors import Refusal
from webapp.services.context import settings_of
from webapp.services.registry.ciphers import AesGcmCipher, UndecipherableError

MOBILE = re.compile(r"(?:\+86|0086)?(1[3-9][0-9]{9})")  # 中国大陆手机号
BLANKS = re.compile(r"[\s-]+")
PURPOSE = b"xueji contact"


class UnfitEmail(Refusal):
    """What you typed is no e-mail address: that looks like name@example.cn, in Latin letters."""

    status = 422


class UnfitMobile(Refusal):
    """What you typed is no mobile number of the mainland: that has 11 digits and begins with 13 to 19."""

    status = 422


@dataclass(frozen=True, slots=True)
class Reach:
    """How an account is reached on a channel, and whether it wants to be.

    `address` is empty if it cannot be read any more. `failed_at` is when the last notice was given up, None if it was
    brought there.
    """

    address: str
    wanted: bool
    failed_at: datetime | None


def contacts_of(session: Session, account_id: int) -> Mapping[Channel, Reach]:
    """Return where an account is reached, by channel; none where it gave no address."""
    own = session.scalars(select(Contact).where(Contact.account_id == account_id))
    return {
        contact.channel: Reach(
            _opened(session, contact.address), contact.wanted, _failed_at(session, contact)
        )
        for contact in own
    }


def set_contact(session: Session, account_id: int, channel: Channel, address: str, *, wanted: bool) -> None:
    """Let an account be reached at an address, or nowhere if empty; the caller commits. UnfitEmail, UnfitMobile."""
    if not (fit := _fit(channel, address)):
        own = (Contact.account_id == account_id, Contact.channel == channel)
        session.execute(delete(Contact).where(*own))
        return
    values = {"address": cipher_of(session).encrypt(fit), "wanted": wanted}
    new = insert(Contact).values(account_id=account_id, channel=channel, **values)
    session.execute(new.on_conflict_do_update(index_elements=["account_id", "channel"], set_=values))


def cipher_of(session: Session) -> AesGcmCipher:
    """Return what addresses are encrypted with."""
    return AesGcmCipher([settings_of(session).identity_key], PURPOSE)


def _fit(channel: Channel, typed: str) -> str:
    """Return an address as it is kept; blanks and full-width signs come from keyboards."""
    address = (
        BLANKS.sub("", unicodedata.normalize("NFKC", typed)) if channel == Channel.SMS else typed.strip()
    )
    if not address:
        return ""
    if channel == Channel.EMAIL:
        if not is_email(address):
            raise UnfitEmail
        return address
    if not (number := MOBILE.fullmatch(address)):
        raise UnfitMobile
    return number[1]


def _opened(session: Session, stored: bytes) -> str:
    try:
        return cipher_of(session).decrypt(stored)
    except UndecipherableError:
        return ""


def _failed_at(session: Session, contact: Contact) -> datetime | None:
    last = (
        select(Delivery.state, Delivery.done_at)
        .where(Delivery.account_id == contact.account_id, Delivery.channel == contact.channel)
        .where(Delivery.done_at.is_not(None), Delivery.state != DeliveryState.DROPPED)
        .order_by(Delivery.notice_id.desc())
        .limit(1)
    )
    newest = session.execute(last).one_or_none()
    return newest.done_at if newest and newest.state == DeliveryState.GIVEN_UP else None
