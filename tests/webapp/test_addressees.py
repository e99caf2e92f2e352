"""A seat without a holder: who is asked instead."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from models import Office
from models.enums import Role
from tests.webapp.case_tasks import HENAN, LUOYANG, XINAN, YIYANG, a_member, four_bureaus
from webapp.services.offices.addressees import Addressee, addressee_sql

pytestmark = pytest.mark.slow

TODAY, TOMORROW = date(2026, 9, 7), date(2026, 9, 8)
ASKED = text(addressee_sql(":office", ":role", ":day", ":excluded"))


@pytest.fixture
def session(database_url):
    """A session on Henan, Luoyang and two of its counties, of which nothing stays."""
    with four_bureaus(database_url) as session:
        yield session


def holder_of(session, office_id, role, on, excluded=()):
    """Who is asked for a seat on a day, but for some accounts."""
    seat = {"office": office_id, "role": role, "day": on, "excluded": [*excluded]}
    return Addressee(*session.execute(ASKED, seat).one())


# Who is there, and who is asked for the handler (经办人) of Xinan county.
CASES = {
    "its holder, though a lead came after": (
        [(XINAN, "handler"), (XINAN, "lead")],
        (XINAN, "handler", False),
    ),
    "its holder, though a lead was before": (
        [(XINAN, "lead"), (XINAN, "handler")],
        (XINAN, "handler", False),
    ),
    "the lead of the office": (
        [(XINAN, "lead"), (LUOYANG, "handler"), (LUOYANG, "lead")],
        (XINAN, "lead", True),
    ),
    "the lead of the city": ([(LUOYANG, "lead"), (HENAN, "lead"), (XINAN, "chief")], (LUOYANG, "lead", True)),
    "the lead of the province": ([(HENAN, "lead"), (LUOYANG, "handler")], (HENAN, "lead", True)),
    "nobody, but it stays": ([(YIYANG, "handler"), (YIYANG, "lead")], (XINAN, "handler", True)),
}


@pytest.mark.parametrize(("there", "asked"), CASES.values(), ids=CASES)
def test_a_task_goes_to_the_nearest_who_may_take_it(session, there, asked):
    for office_id, role in there:
        a_member(session, office_id, role, login=f"{office_id}-{role}")
    assert holder_of(session, XINAN, Role.HANDLER, TODAY) == Addressee(*asked)


def test_a_lead_who_is_missing_is_stood_in_for_by_the_next_one_up(session):
    a_member(session, HENAN, Role.LEAD, login="lead")
    assert holder_of(session, XINAN, Role.LEAD, TODAY) == Addressee(HENAN, Role.LEAD, vacant=True)


@pytest.mark.parametrize(
    "given",
    [
        {"ends": TODAY},
        {"begins": TOMORROW},
        {"disabled_at": datetime(2026, 9, 1, tzinfo=UTC)},
    ],
    ids=["has left", "comes tomorrow", "is disabled"],
)
def test_who_is_not_there_today_holds_no_seat(session, given):
    a_member(session, XINAN, Role.HANDLER, login="handler", **given)
    assert holder_of(session, XINAN, Role.HANDLER, TODAY).vacant


@pytest.mark.parametrize(
    "given", [{"ends": TOMORROW}, {"begins": TODAY}], ids=["the last day", "the first day"]
)
def test_who_is_there_today_holds_the_seat(session, given):
    a_member(session, XINAN, Role.HANDLER, login="handler", **given)
    assert not holder_of(session, XINAN, Role.HANDLER, TODAY).vacant


# Which days an office on the way is there, and who is asked for the handler of Xinan county.
ENDED_OFFICES = {
    "the county has ended: the city's lead": (XINAN, {"valid_to": TODAY}, (LUOYANG, "lead", True)),
    "the county begins tomorrow: the city's lead": (XINAN, {"valid_from": TOMORROW}, (LUOYANG, "lead", True)),
    "the county's last day: its handler": (XINAN, {"valid_to": TOMORROW}, (XINAN, "handler", False)),
    "the city has ended: the county is still there": (
        LUOYANG,
        {"valid_to": TODAY},
        (XINAN, "handler", False),
    ),
}


@pytest.mark.parametrize(("office_id", "given", "asked"), ENDED_OFFICES.values(), ids=ENDED_OFFICES)
def test_nobody_holds_a_seat_of_an_office_that_has_ended(session, office_id, given, asked):
    a_member(session, XINAN, Role.HANDLER, login="handler")
    a_member(session, XINAN, Role.LEAD, login="county")
    a_member(session, LUOYANG, Role.LEAD, login="city")
    for name, day in given.items():
        setattr(session.get_one(Office, office_id), name, day)
    session.flush()
    assert holder_of(session, XINAN, Role.HANDLER, TODAY) == Addressee(*asked)


def test_a_lead_of_an_office_that_has_ended_stands_in_for_nobody(session):
    a_member(session, LUOYANG, Role.LEAD, login="city")
    a_member(session, HENAN, Role.LEAD, login="province")
    session.get_one(Office, LUOYANG).valid_to = TODAY
    session.flush()
    assert holder_of(session, XINAN, Role.HANDLER, TODAY) == Addressee(HENAN, Role.LEAD, vacant=True)


# Who of those in the seats must not decide, and who is asked for the handler of Xinan county.
EXCLUDED = {
    "nobody": ([], (XINAN, "handler", False)),
    "the only handler": (["handler"], (XINAN, "lead", True)),
    "the handler and his lead": (["handler", "county"], (LUOYANG, "lead", True)),
    "the lead alone": (["county"], (XINAN, "handler", False)),
    "everybody, but it stays": (["handler", "county", "city"], (XINAN, "handler", True)),
}


@pytest.mark.parametrize(("excluded", "asked"), EXCLUDED.values(), ids=EXCLUDED)
def test_who_must_not_decide_is_no_holder(session, excluded, asked):
    there = {"handler": (XINAN, "handler"), "county": (XINAN, "lead"), "city": (LUOYANG, "lead")}
    ids = {login: a_member(session, *seat, login=login).account_id for login, seat in there.items()}
    found = holder_of(session, XINAN, Role.HANDLER, TODAY, excluded=[ids[login] for login in excluded])
    assert found == Addressee(*asked)


def test_a_colleague_of_who_must_not_decide_holds_the_seat(session):
    parent = a_member(session, XINAN, Role.HANDLER, login="parent")
    a_member(session, XINAN, Role.HANDLER, login="colleague")
    found = holder_of(session, XINAN, Role.HANDLER, TODAY, excluded=[parent.account_id])
    assert found == Addressee(XINAN, Role.HANDLER, vacant=False)
