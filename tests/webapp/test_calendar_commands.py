"""`xueji calendar`, as an administrator types it."""

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from webapp import clock
from webapp.cli import main

YEAR_2027 = """
year = 2027
source = "国务院办公厅关于2027年部分节假日安排的通知"
[days_off]
2027-01-01 = "元旦"
2027-10-01 = "国庆节"
[make_up_days]
2027-01-03 = "元旦"
"""


@pytest.fixture(scope="module")
def variables(new_database, settings_for):
    """The settings of a site whose database is fresh."""
    return settings_for(new_database()).environment()


@pytest.fixture
def xueji_calendar(variables, monkeypatch):
    """Runs `xueji calendar …`; returns the exit code and what was printed."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    def run(*arguments):
        result = CliRunner().invoke(main, ["calendar", *arguments])
        return result.exit_code, result.output

    return run


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2022-09-30T10:00", "5wd", "2022-10-12"),
        ("2022-09-30", "5wd", "2022-10-12"),
        ("2022-09-29T16:30Z", "5wd", "2022-10-12"),  # half past midnight of the 30th in China
        ("2024-09-13T09:00+08:00", "10wd", "2024-09-29"),
    ],
)
def test_a_limit_is_computed_on_a_fresh_database(xueji_calendar, start, limit, due):
    code, printed = xueji_calendar("due", start, limit, "--json")
    assert (code, json.loads(printed)) == (0, {"due": due, "provisional": False})


def test_a_provisional_day_is_said_to_be_so(xueji_calendar):
    code, printed = xueji_calendar("due", "2026-12-17", "10wd", "--json")
    assert (code, json.loads(printed)) == (0, {"due": "2026-12-31", "provisional": True})
    assert xueji_calendar("due", "2026-12-17", "10wd") == (
        0,
        "2026-12-31 Thursday (provisional: 2027 not loaded)\n",
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["due", "tomorrow", "5wd"], "“tomorrow” is no moment"),
        (["due", "0001-01-01T00:00+14:00", "5wd"], "is no moment"),
        (["due", "2022-09-30", "5"], "“5” is no limit in working days"),
        (["due", "--", "2022-09-30", "-5wd"], "“-5wd” is no limit"),
        (["due", "2022-09-30", "99999wd"], "“99999wd” is no limit"),
        (["load", "no-such-file.toml"], "does not exist"),
        (["set", "2026-02-30", "off", "休"], "2026-02-30"),
    ],
)
def test_what_is_no_day_limit_or_file_is_refused(xueji_calendar, arguments, reason):
    code, printed = xueji_calendar(*arguments)
    assert code == 2
    assert reason in printed


def test_a_file_that_is_no_year_is_refused_in_a_sentence(xueji_calendar, tmp_path):
    file = tmp_path / "brackets.toml"
    file.write_text("a = " + "[" * 20_000)
    code, printed = xueji_calendar("load", str(file))
    assert (code, printed) == (
        1,
        "Error: brackets.toml is no calendar of a year. It is not written in TOML.\n",
    )


def test_a_year_is_loaded_corrected_and_listed(xueji_calendar, tmp_path):
    file = tmp_path / "2027.toml"
    file.write_text(YEAR_2027)
    assert xueji_calendar("load", str(file)) == (0, "2027 is loaded; 0 due dates changed.\n")
    assert xueji_calendar("due", "2026-12-31", "1wd") == (0, "2027-01-03 Sunday\n")
    assert xueji_calendar("set", "2027-01-03", "off", "元旦") == (0, "0 due dates changed.\n")
    assert xueji_calendar("due", "2026-12-31", "1wd") == (0, "2027-01-04 Monday\n")
    listed = json.loads(xueji_calendar("years", "--json")[1])
    year = listed["loaded"]["2027"]
    assert year["source"] == "国务院办公厅关于2027年部分节假日安排的通知"
    assert year["loaded_by"] is None
    assert datetime.fromisoformat(year["loaded_at"]).date() == clock.today()
    assert listed["missing"] == []
    assert "2027  国务院办公厅" in xueji_calendar("years")[1]


def test_the_usage_names_what_is_to_be_typed(xueji_calendar):
    assert "[OPTIONS] DAY {work|off} NAME" in xueji_calendar("set", "--help")[1]
