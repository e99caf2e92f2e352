"""Where notices reach somebody: chosen on the account's page, or by command."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from models.enums import Channel, Role
from tests.webapp.posted import family_of, mail_of
from tests.webapp.road import work_off
from tests.webapp.site import a_site, said
from webapp.cli import main
from webapp.commands import people
from webapp.services.demo import makers
from webapp.services.notices.contacts import contacts_of

pytestmark = pytest.mark.slow

EVERYWHERE = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "x@example.cn", "public_url": "https://x.cn"} | {
    "sms_url": "https://sms.cn",
    "sms_key": bytes(32),
}


@contextmanager
def site_with(session, **settings):
    session.info["settings"] = session.info["settings"].model_copy(update=settings)
    with a_site(session) as site:
        yield site


@pytest.fixture
def family(session, road):
    """The family at a browser, on a site with every channel."""
    with site_with(session, **EVERYWHERE) as site:
        yield site.visitor(road.guardian)


def reached(session, person):
    session.expire_all()
    return {
        channel: (reach.address, reach.wanted)
        for channel, reach in contacts_of(session, person.account_id).items()
    }


def test_what_is_saved_is_shown_again_and_counts(family, road, session):
    answer = family.post(
        "/account/notices", email=" li@example.org ", email_wanted="y", sms="+86 138 0013 8000"
    )
    assert answer.status_code == 303
    assert reached(session, road.guardian) == {
        Channel.EMAIL: ("li@example.org", True),
        Channel.SMS: ("13800138000", False),
    }
    page = family.get("/account").text
    assert 'value="li@example.org"' in page
    assert 'value="13800138000"' in page


def test_an_address_that_is_emptied_is_forgotten(family, road, session):
    family.post("/account/notices", email="li@example.org", email_wanted="y")
    family.post("/account/notices", email="", email_wanted="y")
    assert reached(session, road.guardian) == {}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "li"}, "no e-mail address"),
        ({"email": "li@example"}, "no e-mail address"),
        ({"email": "li@example.org\nBcc: x@example.org"}, "no e-mail address"),
        ({"email": "li@example.org, x@example.org"}, "no e-mail address"),
        ({"email": "李@example.org"}, "no e-mail address"),
        ({"email": "a" * 300 + "@example.org"}, "cannot be longer"),
        ({"sms": "1380013800"}, "no mobile number"),
        ({"sms": "010-12345678"}, "no mobile number"),
        ({"sms": "+85291234567"}, "no mobile number"),
    ],
)
def test_what_is_no_address_is_refused_beside_it_and_nothing_is_saved(family, road, session, typed, told):
    fit = {"email": "li@example.org", "sms": "13800138000"}
    answer = family.post("/account/notices", **fit | typed)
    assert answer.status_code == 422
    assert told in said(answer)
    assert reached(session, road.guardian) == {}


@pytest.mark.parametrize(
    ("settings", "shown"),
    [({}, set()), ({"demo": True}, {"sms"}), (EVERYWHERE, {"email", "sms"})],
)
def test_only_what_the_site_serves_is_asked_for(session, road, settings, shown):
    with site_with(session, **settings) as site:
        page = site.visitor(road.guardian).get("/account").text
    assert {field for field in ("email", "sms") if f'name="{field}"' in page} == shown


def test_what_could_not_be_sent_is_told_to_its_reader_and_the_administrator(session, road):
    with mail_of(session, lambda verb, _: "550 unknown" if verb == "RCPT" else None):
        family_of(road)
        road.applied()
        work_off(session)
    administrator = makers.an_officer(session, road.receiving, Role.ADMINISTRATOR)
    session.commit()
    with site_with(session) as site:
        assert "E-mail: the last notice could not be sent to you" in site.visitor(road.guardian).reads(
            "/account"
        )
        told = site.visitor(administrator).reads("/admin")
    assert "E-mail: " in told
    assert "The last answer: 550 unknown" in told


@pytest.fixture
def run(session: Session, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def same_database() -> Iterator[Session]:
        yield session

    monkeypatch.setattr(people, "command_session", same_database)
    return lambda *words: CliRunner().invoke(main, ["account", "contact", *words])


def test_by_command_addresses_are_given_switched_off_and_taken_away(run, session, road):
    login = road.guardian.login
    assert run(login, "--email", "li@example.org", "--sms", "13800138000").output == (
        f"{login} gets notices by page, email, sms.\n"
    )
    assert run(login, "--sms", "13800138000", "--off").output == f"{login} gets notices by page, email.\n"
    assert run(login, "--email", "").output == f"{login} gets notices by page.\n"
    assert reached(session, road.guardian) == {Channel.SMS: ("13800138000", False)}


def test_by_command_too_an_address_must_be_one(run, road):
    answer = run(road.guardian.login, "--email", "li")
    assert answer.exit_code == 1
    assert "no e-mail address" in answer.output
