"""Notices by e-mail: who gets them, once, and what is kept of it."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bench.mail_server import behave
from models import Account, Contact, Delivery, Guardianship, Membership, Notice
from models.enums import DeliveryState, NoticeKind, Role
from tests.webapp.posted import deliveries_of, family_of, later, mail_of, reached, states_of
from tests.webapp.road import work_off
from tests.webapp.standing_in import stands_in
from webapp import clock
from webapp.services.calendar.deadlines import overdue_at
from webapp.services.demo import makers
from webapp.services.notices import posting
from webapp.services.notices.contacts import cipher_of
from webapp.services.notices.deliveries import FIRST_PAUSE, KEPT, forget_deliveries
from webapp.services.notices.outbox import drain

pytestmark = pytest.mark.slow

WAITING, SENT = DeliveryState.WAITING, DeliveryState.SENT
GIVEN_UP, DROPPED = DeliveryState.GIVEN_UP, DeliveryState.DROPPED


@pytest.fixture
def mail(session):
    with mail_of(session) as server:
        yield server


def test_each_notice_arrives_once_and_all_on_one_connection(mail, road):
    family_of(road)
    road.approve(road.applied())
    work_off(road.session)
    work_off(road.session)
    assert [mail.receiver for mail in mail.mails] == ["family@example.org"] * 3
    assert states_of(road) == [SENT] * 3
    assert len({mail.message["Message-ID"] for mail in mail.mails}) == 3
    assert mail.conversations == 1


def test_a_notice_to_a_post_reaches_todays_holders_by_where_they_want_it(mail, road, session):
    post, yesterday = road.receiving, clock.today() - timedelta(days=1)
    for number in range(2):
        reached(session, makers.an_officer(session, post, Role.REGISTRAR), f"now-{number}@example.org")
    gone, closed, off = (makers.an_officer(session, post, Role.REGISTRAR) for _ in range(3))
    for person in (gone, closed, off):
        reached(session, person, "nobody@example.org")
    session.execute(
        update(Membership).where(Membership.account_id == gone.account_id).values(valid_to=yesterday)
    )
    session.execute(update(Account).where(Account.id == closed.account_id).values(disabled_at=clock.now()))
    session.execute(update(Contact).where(Contact.account_id == off.account_id).values(wanted=False))
    session.commit()
    road.applied()
    work_off(session)
    assert Counter(mail.receiver for mail in mail.mails) == {"now-0@example.org": 1, "now-1@example.org": 1}


def test_whoever_acts_in_a_post_is_told_too_on_these_days(mail, road, session):
    substitute = acting(road, "substitute@example.org")
    road.applied()
    work_off(session)
    assert [mail.receiver for mail in mail.mails] == ["substitute@example.org"]
    [delivery] = deliveries_of(session, substitute)
    assert delivery.state == SENT


def test_whoever_reads_it_in_two_posts_gets_it_once(mail, road, session):
    away, lead = (road.officers[road.receiving.id, role] for role in (Role.REGISTRAR, Role.LEAD))
    reached(session, stands_in(session, away, lead, days=40), "both@example.org")
    due_on = road.open_task(road.applied()).due_on
    with clock.freeze(overdue_at(due_on) - timedelta(hours=12)):
        work_off(session)
    delivered = select(Notice.kind).join(Delivery, Delivery.notice_id == Notice.id)
    own = delivered.where(Delivery.account_id == lead.account_id).order_by(Notice.id)
    assert session.scalars(own).all() == [NoticeKind.ARRIVED, NoticeKind.REMINDER, NoticeKind.YELLOW]


def test_whoever_acts_for_somebody_who_must_not_decide_is_not_told(mail, road, session):
    acting(road, "substitute@example.org")
    mine = session.get_one(Account, road.officers[road.receiving.id, Role.REGISTRAR].account_id)
    makers.a_guardian(session, road.student, account=mine)
    session.commit()
    road.applied()
    work_off(session)
    assert mail.mails == []


def test_whoever_acts_no_more_gets_nothing_that_was_on_its_way(mail, road, session):
    substitute = acting(road, "substitute@example.org")
    road.applied()
    mail.misbehave = lambda verb, _: "450 busy" if verb == "RCPT" else None
    work_off(session)
    mail.misbehave = behave
    later(road, timedelta(days=1))
    assert [delivery.state for delivery in deliveries_of(session, substitute)] == [DROPPED]
    assert mail.mails == []


def acting(road, address):
    """Somebody who acts for the receiving registrar today, and reads his e-mails."""
    away = road.officers[road.receiving.id, Role.REGISTRAR]
    substitute = makers.an_officer(road.session, road.receiving, Role.PRINCIPAL)
    return reached(road.session, stands_in(road.session, away, substitute), address)


def test_who_is_a_guardian_no_more_gets_nothing_that_was_on_its_way(mail, road, session):
    family_of(road)
    road.applied()
    mail.misbehave = lambda verb, _: "450 busy" if verb == "RCPT" else None
    work_off(session)
    mail.misbehave = behave
    session.execute(update(Guardianship).where(own(road)).values(valid_to=clock.today()))
    session.commit()
    later(road, FIRST_PAUSE)
    assert states_of(road) == [DROPPED] * 2
    assert mail.mails == []


def own(road):
    return Guardianship.account_id == road.guardian.account_id


def test_without_a_mail_server_no_deliveries_are_made(session, road):
    family_of(road)
    road.applied()
    work_off(session)
    assert states_of(road) == []


def test_two_workers_share_what_is_due_and_send_each_once(mail, road, session):
    family_of(road)
    road.approve(road.applied(), times=3)
    while drain(session):
        pass
    workers = [threading.Thread(target=post_alone, args=[session]) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert states_of(road) == [SENT] * 5
    assert len(mail.mails) == 5


def post_alone(session):
    with type(session)(session.get_bind(), info=session.info) as alone:
        while posting.post_due(alone):
            pass


def test_addresses_are_encrypted_where_they_are_kept(road, session):
    family_of(road, "li@example.org")
    stored = session.scalars(
        select(Contact.address).where(Contact.account_id == road.guardian.account_id)
    ).one()
    assert b"li@example" not in stored
    assert cipher_of(session).decrypt(stored) == "li@example.org"


def test_a_notice_that_is_gone_is_not_sent(mail, road, session):
    family_of(road)
    road.applied()
    drain(session)
    session.execute(Notice.__table__.delete().where(Notice.account_id == road.guardian.account_id))
    session.commit()
    work_off(session)
    assert states_of(road) == [DROPPED] * 2


def test_what_ended_is_forgotten_after_a_while(mail, road, session):
    family_of(road)
    road.applied()
    work_off(session)
    with clock.freeze(clock.now() + KEPT - timedelta(seconds=1)):
        forget_deliveries(session)
        assert states_of(road) == [SENT] * 2
    with clock.freeze(clock.now() + KEPT):
        forget_deliveries(session)
    assert states_of(road) == []
    session.commit()


def test_the_server_is_told_user_and_password(mail, road, session):
    family_of(road)
    with_login = {"smtp_url": mail.url.replace("//", "//xueji:p%40ss@")}
    session.info["settings"] = session.info["settings"].model_copy(update=with_login)
    road.applied()
    work_off(session)
    assert mail.logins == ["\0xueji\0p@ss"]


def test_over_the_network_nothing_is_said_before_the_connection_is_encrypted(road, session):
    with mail_of(session, host="127.0.0.2") as mail:
        family_of(road)
        with_login = {"smtp_url": mail.url.replace("//", "//xueji:secret@")}
        session.info["settings"] = session.info["settings"].model_copy(update=with_login)
        road.applied()
        work_off(session)
    assert (mail.logins, mail.mails) == ([], [])
    assert {each.error for each in deliveries_of(session, road.guardian)} == {
        "SMTPNotSupportedError STARTTLS extension not supported by server."
    }
