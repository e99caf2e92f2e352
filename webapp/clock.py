"""The only source of time: UTC in storage, Asia/Shanghai for law.

Nothing else in the project asks the operating system for the time; a test fences that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The days that time limits are computed for.
FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2099, 12, 31)


class _Clock:
    """How far this process's time is from the machine's, or where it stands still.

    One for the whole process and not a context variable: a test freezes the time of the server's threads too.
    """

    ahead = timedelta(0)
    standing: datetime | None = None


_clock = _Clock()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _clock.standing or machine_now() + _clock.ahead


def machine_now() -> datetime:
    """Return what the machine's own clock says, only to tell since when ours differs from it."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day in China, the day that deadlines and eligibility count by."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the day in China that a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


def spans(moment: datetime) -> bool:
    """Whether an aware moment falls, in China, on a day from FIRST_DAY to LAST_DAY."""
    first, last = (
        datetime.combine(FIRST_DAY, time.min, SHANGHAI),
        datetime.combine(LAST_DAY, time.max, SHANGHAI),
    )
    return first <= moment <= last


def run_from(start: datetime, *, since: datetime | None = None) -> None:
    """Let this process's time run on from `start`, which it was at the machine's time `since` (default: now).

    It runs on, and does not stand still, so that logins expire and throttled ones are let in again.
    """
    _clock.ahead = _aware(start) - (since or machine_now())


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Let time stand still at `at` within the block; freeze again inside it to move on.

    ValueError if `at` has no offset from UTC.
    """
    before = _clock.standing
    _clock.standing = _aware(at).astimezone(UTC)
    try:
        yield
    finally:
        _clock.standing = before


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs its offset from UTC, as 2022-09-05T09:00+08:00 has: {moment}")
    return moment
