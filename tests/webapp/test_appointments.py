"""Who holds which role in which office, from when to when."""

import hashlib
import re
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Account, Division, Guardianship, Membership, Office, SignIn
from models.enums import (
    DivisionLevel,
    OfficeKind,
    OfficeLevel,
    Relation,
    Role,
)
from tests.webapp.case_tasks import a_child
from tests.webapp.sessions import a_session
from webapp import clock
from webapp.policy import Post
from webapp.services.context import connection_of
from webapp.services.offices.appointments import (
    AlreadyAppointed,
    EndsBeforeItBegins,
    NotAppointed,
    appoint,
    dismiss,
)
from webapp.services.people.accounts import account_of

TOKEN = "token"
NOON = datetime(2025, 9, 10, 12, tzinfo=clock.SHANGHAI)
TODAY = date(2025, 9, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def session(database_url):
    """A session of which nothing stays."""
    with a_session(database_url) as session:
        yield session


@pytest.fixture
def wang(session):
    """An account that is signed in with TOKEN."""
    account = Account(login="wang", password_hash="!", name="王芳", created_at=NOON)
    session.add(account)
    session.flush()
    token_hash = hashlib.sha256(TOKEN.encode()).digest()
    ends = NOON + timedelta(days=1)
    session.add(SignIn(token_hash=token_hash, account_id=account.id, created_at=NOON, expires_at=ends))
    session.flush()
    return account


@pytest.fixture
def office(session):
    session.add(Division(code="410323", name="新安县", level=DivisionLevel.COUNTY))
    session.flush()
    office = Office(
        kind=OfficeKind.BUREAU,
        level=OfficeLevel.COUNTY,
        name="新安县教育局",
        division_code="410323",
        path=[1, 2],
        valid_from=date(2000, 1, 1),
    )
    session.add(office)
    session.flush()
    return office


@pytest.fixture
def child(session):
    return a_child(session)


def guard(session, guardian, child, *, since, until=None):
    session.add(
        Guardianship(
            account_id=guardian.id,
            student_id=child.id,
            relation=Relation.MOTHER,
            valid_from=since,
            valid_to=until,
        )
    )
    session.flush()


@contextmanager
def round_trips(session, path):
    """The list of what was sent to the database, and waited for, within the block."""
    server, trips = connection_of(session).pgconn, []
    with path.open("w") as trace:
        server.trace(trace.fileno())
        yield trips
        server.untrace()
    trips += re.findall(r"\tF\t\d+\t(?:Query|Sync)\b", path.read_text())


def test_a_person_comes_with_posts_and_children_in_one_round_trip(session, wang, office, child, tmp_path):
    for role in (Role.HANDLER, Role.CHIEF):
        appoint(session, wang.id, office.id, role, since=TODAY)
    guard(session, wang, child, since=YESTERDAY)
    with round_trips(session, tmp_path / "trace") as trips:
        person = account_of(session, TOKEN, NOON)
    post = Post(office.id, "新安县教育局", OfficeKind.BUREAU, OfficeLevel.COUNTY, Role.CHIEF, path=(1, 2))
    assert person.posts == (post, replace(post, role=Role.HANDLER))
    assert person.children == (child.id,)
    assert len(trips) == 1


PERIODS = [
    ({"since": YESTERDAY}, 1),
    ({"since": TODAY, "until": TOMORROW}, 1),
    ({"since": YESTERDAY, "until": TODAY}, 0),
    ({"since": TOMORROW}, 0),
]


@pytest.mark.parametrize(("period", "counts"), PERIODS)
def test_only_posts_that_are_held_today_count(session, wang, office, period, counts):
    appoint(session, wang.id, office.id, Role.CHIEF, **period)
    assert len(account_of(session, TOKEN, NOON).posts) == counts


@pytest.mark.parametrize(("period", "counts"), PERIODS)
def test_only_children_that_one_is_guardian_of_today_count(session, wang, child, period, counts):
    guard(session, wang, child, **period)
    assert len(account_of(session, TOKEN, NOON).children) == counts


def test_a_post_in_an_office_that_was_closed_does_not_count(session, wang, office):
    appoint(session, wang.id, office.id, Role.CHIEF, since=YESTERDAY)
    office.valid_to = TODAY
    session.flush()
    assert account_of(session, TOKEN, NOON).posts == ()


def test_the_day_turns_in_china(session, wang, office):
    appoint(session, wang.id, office.id, Role.CHIEF, since=TOMORROW)
    midnight = NOON + timedelta(hours=12)
    assert account_of(session, TOKEN, midnight - timedelta(seconds=1)).posts == ()
    assert len(account_of(session, TOKEN, midnight).posts) == 1


OVERLAPS = [
    ({"since": YESTERDAY}, AlreadyAppointed),
    ({"since": TODAY}, AlreadyAppointed),
    ({"since": YESTERDAY, "until": TOMORROW}, AlreadyAppointed),
    ({"since": YESTERDAY, "until": TODAY}, None),
    ({"since": TOMORROW}, None),
]


@pytest.mark.parametrize(("period", "refusal"), OVERLAPS)
def test_nobody_is_appointed_twice_for_the_same_day(session, wang, office, period, refusal):
    appoint(session, wang.id, office.id, Role.LEAD, since=TODAY, until=TOMORROW)
    with pytest.raises(refusal) if refusal else nullcontext():
        appoint(session, wang.id, office.id, Role.LEAD, **period)


def test_an_appointment_has_to_end_after_it_begins(session, wang, office):
    with pytest.raises(EndsBeforeItBegins):
        appoint(session, wang.id, office.id, Role.LEAD, since=TODAY, until=TODAY)


def test_a_dismissal_ends_what_has_begun_and_drops_what_has_not(session, wang, office):
    appoint(session, wang.id, office.id, Role.LEAD, since=YESTERDAY, until=TOMORROW)
    appoint(session, wang.id, office.id, Role.LEAD, since=TOMORROW)
    dismiss(session, wang.id, office.id, Role.LEAD, on=TODAY)
    kept = session.execute(select(Membership.valid_from, Membership.valid_to)).all()
    assert kept == [(YESTERDAY, TODAY)]
    with pytest.raises(NotAppointed):
        dismiss(session, wang.id, office.id, Role.LEAD, on=TODAY)
