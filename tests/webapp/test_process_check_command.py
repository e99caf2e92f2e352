"""`xueji process check` on the command line: which files it takes, and what it tells of them."""

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from tests.webapp.changed_processes import SHIPPED, diagram, with_role
from tests.webapp.sessions import a_session
from webapp.cli import main
from webapp.commands import process as command
from webapp.services.process_check.checking import with_shipped

pytestmark = pytest.mark.slow


@pytest.fixture
def run(session, monkeypatch, tmp_path):
    """Writes files and checks them; returns exit code and output."""

    @contextmanager
    def same_database():
        yield session

    monkeypatch.setattr(command, "command_session", same_database)

    def run(files, *options):
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        answer = CliRunner().invoke(
            main, ["process", "check", *[str(tmp_path / name) for name in files], *options]
        )
        return answer.exit_code, answer.output

    return run


def test_the_command_adds_the_shipped_tables_and_says_yes(run):
    code, printed = run(diagram("transfer"))
    assert code == 0
    assert printed.startswith("transfer may be published")


def test_the_command_tells_a_finding_on_a_line(run):
    files = {"transfer.bpmn": with_role("transfer", ("common_county", "registrar"))["transfer.bpmn"]}
    code, printed = run(files)
    assert code == 1
    line = next(
        n
        for n, text in enumerate(files["transfer.bpmn"].decode().splitlines(), 1)
        if 'id="common_county"' in text
    )
    assert printed.startswith(
        f"error role_not_in_office transfer.bpmn:{line} common_county: '转入县级' has no role 'registrar'"
    )
    assert "transfer may not be published" in printed


def test_the_command_tells_the_same_in_json(run):
    levels = SHIPPED["transfer"]["transfer_levels.dmn"].replace(b'"same_county","same_city"', b'"same_city"')
    code, printed = run({**diagram("transfer"), "transfer_levels.dmn": levels}, "--json")
    told = json.loads(printed)
    assert code == 1
    assert (told["process"], told["publishable"], told["explored"]["gave_up"]) == ("transfer", False, False)
    finding = told["findings"][0]
    assert finding.keys() == {
        "severity", "code", "file", "line", "element", "message", "remedy", "counter_example", "classes",
    }  # fmt: skip
    assert (finding["code"], finding["element"], finding["counter_example"]) == ("no_answer", "levels", [])
    assert finding["classes"][0]["facts"]["distance"] == "same_county"


def no_database():
    raise AssertionError


def test_a_way_that_nobody_can_tell_asks_for_no_database(run, monkeypatch):
    monkeypatch.setattr(command, "command_session", no_database)
    misspelt = SHIPPED["transfer"]["transfer_levels.dmn"].replace(b'"cross_city"', b'"across"')
    code, printed = run({**diagram("transfer"), "transfer_levels.dmn": misspelt})
    assert code == 1
    assert "value_unknown transfer_levels.dmn" in printed


def test_a_file_that_cannot_be_read_asks_for_no_database(run, monkeypatch):
    monkeypatch.setattr(command, "command_session", no_database)
    code, printed = run({"bomb.bpmn": b"<!DOCTYPE a>"})
    assert code == 1
    assert printed.startswith("error unreadable bomb.bpmn:1: a DOCTYPE is not allowed")


@pytest.mark.parametrize(
    "arguments", [[], ["no-such-file.bpmn"], ["pyproject.toml"], ["workflows/rules/papers.dmn"]]
)
def test_a_command_without_a_diagram_is_no_command(arguments):
    assert CliRunner().invoke(main, ["process", "check", *arguments]).exit_code == 2


def test_a_given_table_stands_in_for_the_shipped_one_of_its_name():
    given = {"papers.dmn": b"<other/>"}
    assert with_shipped(given)["papers.dmn"] == b"<other/>"
    assert with_shipped({}).keys() == {name for name in SHIPPED["transfer"] if name.endswith(".dmn")}


@pytest.mark.parametrize("process", SHIPPED)
def test_shipped_diagrams_that_are_called_need_not_be_given(process):
    assert with_shipped(diagram(process)) == SHIPPED[process]


def test_a_given_diagram_stands_in_for_the_shipped_one_that_is_called():
    called = next(name for name in SHIPPED["transfer"] if name.endswith(".bpmn") and name != "transfer.bpmn")
    assert with_shipped(diagram("transfer") | {called: b"<other/>"})[called] == b"<other/>"


def test_a_process_is_checked_over_the_country_before_anything_is_loaded(new_database, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "command_session", lambda: a_session(new_database()))
    [(name, data)] = diagram("transfer").items()
    (tmp_path / name).write_bytes(data)
    answer = CliRunner().invoke(main, ["process", "check", str(tmp_path / name)])
    assert answer.output.startswith("transfer may be published")
