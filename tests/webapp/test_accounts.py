"""Accounts: signing in, staying signed in, and being signed out."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from models import Account, SignIn, Throttle
from tests.webapp.sessions import several_sessions
from webapp import clock
from webapp.policy import Person
from webapp.services.people.accounts import (
    DECOY_HASH,
    HASHER,
    AccountIsDisabled,
    LoginIsTaken,
    UnfitLogin,
    UnfitName,
    UnfitPassword,
    WrongLoginOrPassword,
    account_of,
    create_account,
    revoke_all,
    sign_in,
    sign_out,
)
from webapp.services.people.throttle import FAILURES_PER_ADDRESS, TooManyFailedSignIns

pytestmark = pytest.mark.slow

PASSWORD = "correct horse"
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
NOON = datetime(2025, 9, 10, 12, tzinfo=clock.SHANGHAI)
TABLES = (SignIn, Throttle, Account)


@pytest.fixture
def sessions(database_url, settings_for):
    """Makes sessions on connections of their own; the tables are empty again afterwards."""
    settings = settings_for(database_url)
    with several_sessions(database_url, *TABLES, settings=settings) as make, clock.freeze(NOON):
        yield make


@pytest.fixture
def session(sessions):
    return sessions()


@pytest.fixture
def wang(session):
    """An account that may sign in."""
    account = create_account(session, "wang.fang", PASSWORD, "王芳")
    session.commit()
    return account


def signed_in(session, login="wang.fang", password=PASSWORD, address=HOME):
    return sign_in(session, login, password, address=address)


def fail(session, times, login="wang.fang", address=HOME):
    for _ in range(times):
        with pytest.raises(WrongLoginOrPassword):
            signed_in(session, login, "wrong password", address)


# ---- signing in ----


def test_whoever_signs_in_is_known_by_the_token(session, wang):
    person = account_of(session, signed_in(session), NOON)
    sign_in_id = session.scalars(select(SignIn.id)).one()
    assert person == Person(wang.id, "王芳", "wang.fang", None, sign_in_id, (), ())


@pytest.mark.parametrize("typed", ["Wang.Fang", " wang.fang ", "ｗａｎｇ．ｆａｎｇ"])
def test_a_login_is_understood_however_a_phone_types_it(session, wang, typed):
    assert account_of(session, signed_in(session, typed), NOON).account_id == wang.id


def test_a_password_is_understood_in_full_width_letters(session, wang):
    assert signed_in(session, password="ｃｏｒｒｅｃｔ ｈｏｒｓｅ")


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("wang.fang", "wrong password"),
        ("wang.fang", ""),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("wang\0fang", PASSWORD),
        ("wang.fang' OR true --", PASSWORD),
        ("\ud800", "\udfff"),
        ("w" * 100_000, "p" * 100_000),
    ],
)
def test_whatever_is_wrong_gets_the_same_answer(session, wang, login, password):
    with pytest.raises(WrongLoginOrPassword, match="The login or the password is not right"):
        signed_in(session, login, password)


def test_an_unknown_login_takes_the_work_of_a_known_one():
    assert not HASHER.check_needs_rehash(DECOY_HASH)


def test_a_disabled_account_is_told_so_only_with_its_password(session, wang):
    wang.disabled_at = NOON
    session.commit()
    fail(session, 1)
    with pytest.raises(AccountIsDisabled):
        signed_in(session)


def test_a_password_is_hashed_anew_when_the_parameters_changed(session, wang):
    wang.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.commit()
    signed_in(session)
    assert not HASHER.check_needs_rehash(wang.password_hash)
    assert signed_in(session)


def test_nobody_signs_in_to_an_account_without_a_password(session, wang):
    wang.password_hash = "!"
    session.commit()
    for password in ("", "!", PASSWORD):
        with pytest.raises(WrongLoginOrPassword):
            signed_in(session, password=password)


def test_neither_token_nor_password_is_stored(session, wang):
    token = signed_in(session)
    assert token.encode() not in session.scalars(select(SignIn.token_hash)).one()
    assert wang.password_hash.startswith("$argon2id$")


# ---- throttling ----


def test_after_five_failures_not_even_the_right_password_helps(session, wang):
    fail(session, 5)
    with pytest.raises(TooManyFailedSignIns, match=r"Try again after 12:15\."):
        signed_in(session)
    with pytest.raises(TooManyFailedSignIns):
        signed_in(session, address=ELSEWHERE)


def test_fifteen_minutes_later_one_may_try_again(session, wang):
    fail(session, 5)
    with clock.freeze(NOON + timedelta(minutes=15)):
        assert signed_in(session)


def test_a_success_clears_the_failures_of_its_login(session, wang):
    fail(session, 4)
    signed_in(session)
    fail(session, 5)


def test_successes_do_not_count_against_an_address(session, wang):
    for _ in range(FAILURES_PER_ADDRESS + 1):
        assert signed_in(session)


def test_what_was_typed_as_a_login_is_not_kept(session):
    fail(session, 1, login="my-secret-password")
    assert not [row for row in session.scalars(select(Throttle.subject)) if "secret" in row]


# ---- who is it ----


def test_a_sign_in_expires(session, wang):
    token = signed_in(session)
    assert account_of(session, token, NOON + timedelta(hours=8, seconds=-1))
    assert account_of(session, token, NOON + timedelta(hours=8)) is None


def test_signing_out_ends_one_sign_in_everywhere(sessions, session, wang):
    phone, desktop = signed_in(session), signed_in(session)
    sign_out(session, phone)
    session.commit()
    elsewhere = sessions()
    assert account_of(elsewhere, phone, NOON) is None
    assert account_of(elsewhere, desktop, NOON)


def test_revoking_all_ends_every_sign_in_of_that_account_only(session, wang):
    create_account(session, "other", PASSWORD, "李四")
    tokens = [signed_in(session), signed_in(session)]
    others = signed_in(session, "other")
    revoke_all(session, wang.id)
    assert [account_of(session, token, NOON) for token in tokens] == [None, None]
    assert account_of(session, others, NOON)


def test_disabling_an_account_ends_what_it_signed_in(session, wang):
    token = signed_in(session)
    wang.disabled_at = NOON
    session.flush()
    assert account_of(session, token, NOON) is None


@pytest.mark.parametrize("token", ["", "made up", "\ud800", "字" * 10_000])
def test_a_made_up_token_is_nobodys(session, wang, token):
    signed_in(session)
    assert account_of(session, token, NOON) is None


# ---- accounts ----


@pytest.mark.parametrize("login", ["", "wang fang", "a" * 65, "wang\0", "<script>", "王'芳"])
def test_an_unfit_login_is_refused(session, login):
    with pytest.raises(UnfitLogin):
        create_account(session, login, PASSWORD, "王芳")


@pytest.mark.parametrize(
    "name", ["", "  ", "…", "\u200b", "王" * 61, "王\0芳", "王\n芳", "王\x1b[2J", "王\udcff"]
)
def test_a_name_that_nobody_can_read_is_refused(session, name):
    with pytest.raises(UnfitName):
        create_account(session, "wang.fang", PASSWORD, name)


@pytest.mark.parametrize("name", ["王" * 60, "阿依古丽·买买提", "Anna Maria O'Neill", " 王芳 "])
def test_a_name_is_kept_as_it_is_written(session, name):
    assert create_account(session, "wang.fang", PASSWORD, name).name == name.strip()


@pytest.mark.parametrize("password", ["", "7 chars", "x" * 129])
def test_a_password_that_is_too_short_or_too_long_is_refused(session, password):
    with pytest.raises(UnfitPassword):
        create_account(session, "wang.fang", password, "王芳")


def test_a_login_belongs_to_one_account(session, wang):
    with pytest.raises(LoginIsTaken, match=r"wang\.fang"):
        create_account(session, "WANG.FANG", PASSWORD, "王方")
    assert session.scalars(select(Account.name)).all() == ["王芳"]
