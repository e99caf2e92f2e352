"""Failed sign-ins, counted across processes: by login and by address, in a fixed window from the first."""

import hashlib
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from models import SignInThrottle
from webapp import clock
from webapp.errors import Refusal

FAILURES_PER_LOGIN = 5
FAILURES_PER_ADDRESS = 20
WINDOW = timedelta(minutes=15)
IPV6_SITE_BITS = 64

_COUNT = text("""
    INSERT INTO sign_in_throttle AS counted (subject, failures, window_ends_at)
    VALUES (:subject, 1, :window_ends_at)
    ON CONFLICT (subject) DO UPDATE SET
        failures = CASE WHEN counted.window_ends_at <= :now THEN 1 ELSE counted.failures + 1 END,
        window_ends_at = CASE WHEN counted.window_ends_at <= :now
                              THEN excluded.window_ends_at ELSE counted.window_ends_at END
    RETURNING failures, window_ends_at
""")


class TooManyFailedSignIns(Refusal):
    """Too many attempts to sign in have failed. Try again after {until}."""

    status = 429

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until=until.astimezone(clock.SHANGHAI).strftime("%H:%M"))


def count_attempt(session: Session, login: str, address: str) -> None:
    """Count an attempt as failed until it is forgiven; commits. Raises TooManyFailedSignIns.

    An address that is shut out can no longer shut out logins.
    """
    _count(session, _of_address(address), FAILURES_PER_ADDRESS)
    _count(session, _of_login(login), FAILURES_PER_LOGIN)


def forgive_attempt(session: Session, login: str, address: str) -> None:
    """Take back the count of a successful attempt and the login's failures before it. The caller commits."""
    session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.subject == _of_address(address), SignInThrottle.failures > 0)
        .values(failures=SignInThrottle.failures - 1)
    )
    session.execute(delete(SignInThrottle).where(SignInThrottle.subject == _of_login(login)))


def forget_failures(session: Session) -> None:
    """Delete the counts whose window is over; the worker's daily cleaning. The caller commits."""
    session.execute(delete(SignInThrottle).where(SignInThrottle.window_ends_at <= clock.now()))


def _count(session: Session, subject: str, most: int) -> None:
    # Committed before the password is looked at: guesses made at once count like guesses made in a row.
    now = clock.now()
    counted = {"subject": subject, "now": now, "window_ends_at": now + WINDOW}
    failures, until = session.execute(_COUNT, counted).one()
    session.commit()
    if failures > most:
        raise TooManyFailedSignIns(until)


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
