"""Examples of the law that are written down and not served yet; one that is served moves up to the others."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands.scenario import scenario

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "waiting"
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "scenarios.md"

WAITING = {
    "N-07": ["graduate (when.0)", "diploma (then.1.number)"],
}


def test_the_command_refuses_what_is_not_served_yet_by_its_name_and_says_nothing_else():
    result = CliRunner().invoke(scenario, [*map(str, FOLDER.iterdir()), "--json"])
    assert result.exit_code == 1
    assert {each["id"]: each["failure"] for each in json.loads(result.stdout)} == {
        name: "; ".join(f"not served yet: {what}" for what in wanting) for name, wanting in WAITING.items()
    }


def test_the_documentation_says_which_file_waits_for_what():
    wanted = {(name, what.split()[0]) for name, wanting in WAITING.items() for what in wanting}
    told = set(waiting_by_the_documentation())
    assert wanted <= told
    assert {name for name, _ in told} == set(WAITING)


def waiting_by_the_documentation():
    """Yield (file, what it waits for) for every row of the table; a row may name several of both."""
    _, not_served = DOCUMENTATION.read_text().split("## Not served yet")
    for row in re.findall(r"^\| (.+) \| (.+) \|$", not_served, re.MULTILINE):
        things, names = re.findall("`([^`]+)`", row[0]), re.findall(r"[A-Z]-[0-9][-\w]*", row[1])
        yield from product(names, things)
