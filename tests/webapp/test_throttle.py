"""Whoever guesses passwords is slowed down, by login and by address, whichever process he asks."""

import threading
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models import Throttle
from tests.webapp.sessions import several_sessions
from webapp import clock
from webapp.services.people.throttle import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_LOGIN,
    WINDOW,
    TooManyFailedSignIns,
    count_attempt,
    forget_failures,
    forgive_attempt,
)

pytestmark = pytest.mark.slow

NOON = datetime(2025, 9, 10, 12, tzinfo=clock.SHANGHAI)
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def sessions(database_url):
    """Makes sessions on connections of their own, at noon; the counts are gone afterwards."""
    with several_sessions(database_url, Throttle) as make, clock.freeze(NOON):
        yield make


@pytest.fixture
def session(sessions):
    return sessions()


def shut_out(address, session):
    for number in range(FAILURES_PER_ADDRESS):
        count_attempt(session, f"guess{number}", address)


def is_shut_out(session, login, address):
    try:
        count_attempt(session, login, address)
    except TooManyFailedSignIns:
        return True
    return False


def test_a_login_may_fail_five_times_in_a_quarter_of_an_hour(session):
    answers = [is_shut_out(session, "wang", f"192.0.2.{number}") for number in range(FAILURES_PER_LOGIN + 1)]
    assert answers == [False] * 5 + [True]


def test_an_address_may_fail_twenty_times_in_a_quarter_of_an_hour(session):
    shut_out(HERE, session)
    assert is_shut_out(session, "wang", HERE)
    assert not is_shut_out(session, "wang", THERE)


def test_the_refusal_says_when_to_try_again_and_going_on_does_not_put_it_off(session):
    shut_out(HERE, session)
    for minutes in (5, 10):
        with (
            clock.freeze(NOON + timedelta(minutes=minutes)),
            pytest.raises(TooManyFailedSignIns, match=r"Try again after 12:15\.") as refused,
        ):
            count_attempt(session, "wang", HERE)
        assert refused.value.until == NOON + WINDOW
    with clock.freeze(NOON + WINDOW):
        assert not is_shut_out(session, "wang", HERE)


def test_an_address_that_is_shut_out_cannot_shut_out_a_login(session):
    shut_out(HERE, session)
    for _ in range(FAILURES_PER_LOGIN + 1):
        assert is_shut_out(session, "wang", HERE)
    assert not is_shut_out(session, "wang", THERE)


def test_a_forgiven_attempt_clears_the_login_and_gives_the_address_its_attempt_back(session):
    for _ in range(FAILURES_PER_LOGIN):
        count_attempt(session, "wang", HERE)
    forgive_attempt(session, "wang", HERE)
    answers = [is_shut_out(session, f"guess{number}", HERE) for number in range(FAILURES_PER_ADDRESS)]
    assert answers.index(True) == FAILURES_PER_ADDRESS - FAILURES_PER_LOGIN + 1
    assert not is_shut_out(session, "wang", THERE)


SITES = [
    ("2001:db8:0:1::1", "2001:db8:0:1:ffff::1", True),
    ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ("fe80::1%eth0", "fe80::1%eth1", True),
    ("::ffff:192.0.2.1", "192.0.2.1", True),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ("unknown", "' OR true --", True),
    ("unknown", "192.0.2.1", False),
]


@pytest.mark.parametrize(("address", "other", "same"), SITES)
def test_all_addresses_of_one_site_count_together(session, address, other, same):
    shut_out(address, session)
    with pytest.raises(TooManyFailedSignIns) if same else nullcontext():
        count_attempt(session, "guess", other)


def test_guesses_at_once_from_several_connections_count_like_guesses_in_a_row(sessions):
    answers = []
    guessers = [
        threading.Thread(
            target=lambda session: answers.append(is_shut_out(session, "wang", HERE)), args=[each]
        )
        for each in [sessions() for _ in range(8)]
    ]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert sorted(answers) == [False] * FAILURES_PER_LOGIN + [True] * 3


def test_counts_are_forgotten_when_their_window_is_over(session):
    count_attempt(session, "wang", HERE)
    forget_failures(session)
    assert len(session.scalars(select(Throttle)).all()) == 2
    with clock.freeze(NOON + WINDOW):
        forget_failures(session)
    assert not session.scalars(select(Throttle)).all()
