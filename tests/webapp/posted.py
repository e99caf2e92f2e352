"""A road whose people are reached outside of the pages, and what comes there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.mail_server import MailServer, Misbehave, behave, mail_server
from models import Delivery
from models.enums import Channel, DeliveryState
from tests.webapp.road import Road, work_off
from webapp import clock
from webapp.policy import Person
from webapp.services.notices.contacts import set_contact

PAGES = "https://xueji.example.cn"


@contextmanager
def mail_of(session: Session, misbehave: Misbehave = behave, host: str = "127.0.0.1") -> Iterator[MailServer]:
    """Let notices of a session's site go to a mail server; what waited from before waits no more."""
    work_off(session)
    session.execute(
        update(Delivery)
        .where(Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.DROPPED, done_at=clock.now())
    )
    session.commit()
    with mail_server(misbehave, host) as server:
        mail = {"smtp_url": server.url, "mail_from": "xueji@example.cn", "public_url": PAGES}
        session.info["settings"] = session.info["settings"].model_copy(update=mail)
        yield server


def reached(session: Session, person: Person, address: str, channel: Channel = Channel.EMAIL) -> Person:
    """Let a person be reached at an address."""
    set_contact(session, person.account_id, channel, address, wanted=True)
    session.commit()
    return person


def family_of(road: Road, address: str = "family@example.org") -> Person:
    """The family, which reads its e-mails."""
    return reached(road.session, road.guardian, address)


def deliveries_of(session: Session, person: Person) -> list[Delivery]:
    """What was or is on its way to a person, the oldest first."""
    session.expire_all()
    own = select(Delivery).where(Delivery.account_id == person.account_id).order_by(Delivery.id)
    return list(session.scalars(own))


def states_of(road: Road) -> list[DeliveryState]:
    """What became of the family's notices so far."""
    return [delivery.state for delivery in deliveries_of(road.session, road.guardian)]


def later(road: Road, pause: timedelta) -> None:
    """Let the worker work after a pause."""
    with clock.freeze(clock.now() + pause):
        work_off(road.session)


class Moods:
    """How the mail server misbehaves: what it answers to a verb, until told otherwise."""

    def __init__(self):
        self.answers = {}

    def __call__(self, verb, _argument):
        return self.answers.get(verb)
