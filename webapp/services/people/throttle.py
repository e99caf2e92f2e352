"""Failed attempts, and schools that are named for the first time: counted across processes in a fixed window.

It begins with the first. Sign-ins are counted by login and by address, the rest by the account that tries.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from models import Throttle
from webapp import clock
from webapp.errors import Refusal

FAILURES_PER_LOGIN = 5
FAILURES_PER_ADDRESS = 20
WINDOW = timedelta(minutes=15)

# Who copies number and name from a family's papers errs now and then, who tries names on a number more often.
FAILED_LOOK_UPS = 20
LOOK_UP_WINDOW = timedelta(hours=1)

# A family names one school elsewhere, a registrar one for each letter; nobody fills the list with made-up ones.
MOST_NEW_SCHOOLS = 20
NEW_SCHOOLS_WINDOW = timedelta(days=1)

IPV6_SITE_BITS = 64

_COUNT = text("""
    INSERT INTO throttle AS counted (subject, failures, window_ends_at)
    VALUES (:subject, 1, :window_ends_at)
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN counted.window_ends_at <= :now THEN 1 ELSE counted.failures + 1 END,
        window_ends_at = CASE WHEN counted.window_ends_at <= :now
                              THEN excluded.window_ends_at ELSE counted.window_ends_at END
    RETURNING failures, window_ends_at
""")


class TooManyFailures(Refusal):
    """Too many attempts have failed. Try again after {until}."""

    status = 429

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until=until.astimezone(clock.SHANGHAI).strftime("%H:%M"))


class TooManyFailedSignIns(TooManyFailures):
    """Too many attempts to sign in have failed. Try again after {until}."""


class TooManyFailedLookUps(TooManyFailures):
    """Too many look-ups have found nobody. Check number and name with the family, and try again after {until}."""


class TooManyNewSchools(Refusal):
    """You have named as many new schools as one person may in a day. Go on after {until}."""

    status = 429


def count_attempt(session: Session, login: str, address: str) -> None:
    """Count an attempt as failed until it is forgiven; commits. Raises TooManyFailedSignIns.

    An address that is shut out can no longer shut out logins.
    """
    _count(session, _of_address(address), FAILURES_PER_ADDRESS, WINDOW, TooManyFailedSignIns)
    _count(session, _of_login(login), FAILURES_PER_LOGIN, WINDOW, TooManyFailedSignIns)


def forgive_attempt(session: Session, login: str, address: str) -> None:
    """Take back the count of a successful attempt and the login's failures before it. The caller commits."""
    _forgive(session, _of_address(address))
    forgive_login(session, login)


def forgive_login(session: Session, login: str) -> None:
    """Take back all failures of a login. The caller commits."""
    session.execute(delete(Throttle).where(Throttle.subject == _of_login(login)))


def count_look_up(session: Session, account_id: int) -> None:
    """Count a look-up as failed until it is forgiven; commits. Raises TooManyFailedLookUps."""
    _count(session, _of_account(account_id), FAILED_LOOK_UPS, LOOK_UP_WINDOW, TooManyFailedLookUps)


def forgive_look_up(session: Session, account_id: int) -> None:
    """Take back the count of a look-up that found somebody. The caller commits."""
    _forgive(session, _of_account(account_id))


def count_new_school(session: Session, account_id: int) -> None:
    """Count a school that an account names for the first time, if the caller commits it. Raises TooManyNewSchools."""
    named, until = _counted(session, f"new schools {account_id}", NEW_SCHOOLS_WINDOW)
    if named > MOST_NEW_SCHOOLS:
        raise TooManyNewSchools(until=until)


def forget_failures(session: Session) -> None:
    """Delete the counts whose window is over; the worker's daily cleaning. The caller commits."""
    session.execute(delete(Throttle).where(Throttle.window_ends_at <= clock.now()))


def _count(
    session: Session, subject: str, most: int, window: timedelta, refusal: type[TooManyFailures]
) -> None:
    # Committed before anything is looked at: guesses made at once count like guesses made in a row.
    failures, until = _counted(session, subject, window)
    session.commit()
    if failures > most:
        raise refusal(until)


def _counted(session: Session, subject: str, window: timedelta) -> tuple[int, datetime]:
    """Count one more, and return how many there are by now in a window, and when it ends."""
    now = clock.now()
    counted = {"subject": subject, "now": now, "window_ends_at": now + window}
    count, until = session.execute(_COUNT, counted).one()
    return count, until


def _forgive(session: Session, subject: str) -> None:
    session.execute(
        update(Throttle)
        .where(Throttle.subject == subject, Throttle.failures > 0)
        .values(failures=Throttle.failures - 1)
    )


def _of_account(account_id: int) -> str:
    return f"look-ups {account_id}"


def _of_login(login: str) -> str:
    # Hashed, as people type their passwords where the login belongs.
    return "login " + hashlib.sha256(login.encode()).hexdigest()


def _of_address(address: str) -> str:
    return "address " + hashlib.sha256(_site(address).encode()).hexdigest()


def _site(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # such as a proxy's "unknown": all of these count as one
        return "unknown"
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    # A home has 2**64 addresses of IPv6: they are one. An IPv4 address may come in the dress of IPv6.
    return str(ip.ipv4_mapped or ipaddress.ip_network((ip, IPV6_SITE_BITS), strict=False))
