"""Accounts: made, signed in to, signed out of, and known by their tokens.

`sign_in` commits, because a failed attempt must stay counted; for everything else the caller commits.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Account, SignIn
from models.text import says_something
from webapp import clock
from webapp.errors import Refusal
from webapp.policy import Person
from webapp.services.context import connection_of, settings_of
from webapp.services.people import throttle
from webapp.services.people.persons import BY_ID, SIGNED_IN, person_of

LOGIN = re.compile(r"[\w.@+-]{1,64}")
PASSWORD_LENGTHS = range(8, 129)
LONGEST_NAME = 60

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is no such account, so that the answer takes as long; made from random bytes nobody kept.
DECOY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$M1Wf36iRRc13dwgJyjwgmg$nd74ODV8FgnqTDhGraXKYee1dHxIzyZJSqSgyue68fs"
)


class WrongLoginOrPassword(Refusal):
    """The login or the password is not right."""

    status = 401


class AccountIsDisabled(Refusal):
    """The account is closed. Ask the administrator of your office to open it again."""

    status = 403


class UnfitLogin(Refusal):
    """A login consists of 1 to 64 letters, digits and the signs . @ + - _"""


class LoginIsTaken(Refusal):
    """The login “{login}” is taken. Choose another."""

    status = 409


class UnfitName(Refusal):
    """A person's name has at most {most} visible characters, a letter or a digit among them."""


class UnfitPassword(Refusal):
    """A password has 8 to 128 characters."""


def sign_in(session: Session, login: str, password: str, *, address: str) -> str:
    """Sign in and return the token that the browser keeps, good for XUEJI_SESSION_HOURS; commits.

    Raises WrongLoginOrPassword, AccountIsDisabled, or TooManyFailedSignIns as `throttle` counts.
    """
    login, password, now = _login(login), _typed(password), clock.now()
    throttle.count_attempt(session, login, address)
    account = _verified(session, login, password)
    throttle.forgive_attempt(session, login, address)
    token = secrets.token_urlsafe(32)
    ends = now + timedelta(hours=settings_of(session).session_hours)
    session.add(SignIn(token_hash=_hash(token), account_id=account.id, created_at=now, expires_at=ends))
    session.commit()
    return token


def account_of(session: Session, token: str, now: datetime) -> Person | None:
    """Who holds `token` and what they may act as on that day; None once it ended. One statement."""
    today = now.astimezone(clock.SHANGHAI).date()
    values = {"token_hash": _hash(token), "now": now, "today": today}
    return person_of(connection_of(session).execute(SIGNED_IN, values).fetchone())


def person_now(session: Session, account_id: int) -> Person | None:
    """Who an account is today, signed in or not; None if it is closed."""
    values = {"account": account_id, "today": clock.today()}
    return person_of(connection_of(session).execute(BY_ID, values).fetchone())


def require_person_now(session: Session, person: Person) -> Person:
    """Who somebody is by now, having waited for a lock; AccountIsDisabled if he has left."""
    now = person_now(session, person.account_id)
    if now is None:
        raise AccountIsDisabled
    return now


def sign_out(session: Session, token: str) -> None:
    """End the sign-in of `token`, in every process at once; does nothing if it has ended."""
    _revoke(session, SignIn.token_hash == _hash(token))


def sign_ins_of(session: Session, account_id: int) -> Sequence[SignIn]:
    """Return where the account is signed in at present, the newest first."""
    statement = select(SignIn).where(
        SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > clock.now()
    )
    return session.scalars(statement.order_by(SignIn.id.desc())).all()


def revoke_all(session: Session, account_id: int) -> None:
    """End every sign-in of the account, as after a lost phone."""
    _revoke(session, SignIn.account_id == account_id)


def forget_sign_ins(session: Session) -> None:
    """Delete the sign-ins that have expired; the worker's daily cleaning. The caller commits."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= clock.now()))


def create_account(
    session: Session,
    login: str,
    password: str,
    name: str,
    *,
    locale: str | None = None,
) -> Account:
    """Make an account that may sign in. Raises UnfitLogin, UnfitName, UnfitPassword or LoginIsTaken."""
    login, name = _login(login), name.strip()
    if not LOGIN.fullmatch(login):
        raise UnfitLogin
    if not says_something(name) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise UnfitName(most=LONGEST_NAME)
    made: Account | None = session.scalar(
        insert(Account)
        .values(login=login, password_hash=_hashed(password), name=name)
        .values(locale=locale, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=[Account.login])
        .returning(Account)
    )
    if made is None:
        raise LoginIsTaken(login=login)
    return made


def set_password(session: Session, account: Account, password: str) -> None:
    """Give an account another password; it is signed out everywhere, and its failures are forgotten. UnfitPassword."""
    account.password_hash = _hashed(password)
    revoke_all(session, account.id)
    throttle.forgive_login(session, account.login)


def _hashed(password: str) -> str:
    password = _typed(password)
    if len(password) not in PASSWORD_LENGTHS:
        raise UnfitPassword
    return HASHER.hash(password)


def _login(typed: str) -> str:
    # A phone's keyboard likes to begin with a capital.
    return _typed(typed).strip().lower()


def _typed(typed: str) -> str:
    # A Chinese keyboard may send full-width letters, and JSON half a character that nothing can store.
    return unicodedata.normalize("NFKC", typed).encode(errors="replace").decode()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _verified(session: Session, login: str, password: str) -> Account:
    known = LOGIN.fullmatch(login)
    account = session.scalar(select(Account).where(Account.login == login)) if known else None
    matches = _matches(account.password_hash if account else DECOY_HASH, password)
    if account is None or not matches:
        raise WrongLoginOrPassword
    if account.disabled_at is not None:
        raise AccountIsDisabled
    if HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = HASHER.hash(password)
    return account


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):  # some accounts have no password at all
        return False


def _revoke(session: Session, whose: ColumnElement[bool]) -> None:
    session.execute(update(SignIn).where(whose, SignIn.revoked_at.is_(None)).values(revoked_at=clock.now()))
