import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from webapp import clock
from workflows import timers

ROOT = Path(__file__).parents[2]
NOON = datetime(2022, 9, 30, 12, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def _clock_put_back(monkeypatch):
    monkeypatch.setattr(clock, "_clock", clock._Clock())


def test_unless_told_otherwise_it_is_what_the_machine_says():
    before, now, after = clock.machine_now(), clock.now(), clock.machine_now()

    assert before <= now <= after
    assert now.tzinfo is UTC


def test_a_frozen_clock_stands_still_and_is_told_in_utc():
    with clock.freeze(NOON):
        assert clock.now() == clock.now() == datetime(2022, 9, 30, 4, tzinfo=UTC)
        assert clock.now().tzinfo is UTC


def test_a_frozen_clock_is_moved_on_by_freezing_it_again():
    with clock.freeze(NOON):
        with clock.freeze(NOON + timedelta(days=1)):
            assert clock.today() == date(2022, 10, 1)
        assert clock.today() == date(2022, 9, 30)

    assert clock.now() > NOON + timedelta(days=365)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2022, 9, 30, 15, 59, tzinfo=UTC), date(2022, 9, 30)),
        (datetime(2022, 9, 30, 16, 0, tzinfo=UTC), date(2022, 10, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(utc, day):
    with clock.freeze(utc):
        assert clock.today() == day


def test_a_clock_set_to_a_moment_runs_on_from_it():
    clock.run_from(NOON)

    first = clock.now()
    while clock.now() == first:
        pass
    assert NOON <= first < NOON + timedelta(hours=1)


def test_processes_told_since_when_agree_on_the_time():
    clock.run_from(NOON, since=clock.machine_now() - timedelta(days=2))

    assert timedelta(days=2) <= clock.now() - NOON < timedelta(days=2, hours=1)


@pytest.mark.parametrize("set_clock", [clock.run_from, lambda at: clock.freeze(at).__enter__()])
def test_a_moment_without_its_offset_is_refused(set_clock):
    with pytest.raises(ValueError, match=r"needs its offset from UTC.*2022-09-30 12:00"):
        set_clock(NOON.replace(tzinfo=None))


def test_nothing_else_asks_the_machine_for_the_time():
    asks = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|localtime|gmtime))\(")
    sources = [
        path for name in ("workflows", "models", "forms", "webapp") for path in (ROOT / name).rglob("*.py")
    ]
    asking = {path.relative_to(ROOT).as_posix() for path in sources if asks.search(path.read_text("utf-8"))}

    assert asking == {"webapp/clock.py"}


def test_a_timer_waits_for_the_days_that_time_limits_are_computed_for():
    assert (timers.FIRST_DAY, timers.LAST_DAY) == (clock.FIRST_DAY, clock.LAST_DAY)
