"""`xueji rules coverage` and `pytest --rules-coverage`: which rows of the tables have an example."""

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.workflows.shipped_tables import NATIONAL, TABLES, XJ_CORPS
from webapp.commands import rules_coverage
from webapp.commands.rules import rules
from webapp.scenarios.coverage import RowsError, add_rows, coverage_of, read_rows, rows_hit
from webapp.scenarios.scratch import scratch_settings, seeded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
EVERY_ROW = {name: {rule.id for rule in table.rules} for name, table in TABLES.items()}


@pytest.fixture(scope="module")
def database(new_database, tmp_path_factory):
    settings = scratch_settings(tmp_path_factory.mktemp("scenarios"))
    with seeded(new_database(), settings) as engine:
        yield engine, settings


@pytest.fixture
def coverage(database, monkeypatch):
    """Runs `xueji rules coverage … --json` on the tests' PostgreSQL; returns the exit code, and what is told."""

    @contextmanager
    def scratch():
        yield database

    monkeypatch.setattr(rules_coverage, "scratch", scratch)

    def run(*arguments):
        result = CliRunner().invoke(rules, ["coverage", *map(str, arguments), "--json"])
        return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr

    return run


def missed(told):
    return {table["table"]: {row["id"] for row in table["missed"]} for table in told["tables"]}


def hit_in(told, table):
    return EVERY_ROW[table] - missed(told)[table]


def test_the_rows_that_answered_are_noted_and_no_others():
    table = TABLES["step_limits"]
    with rows_hit() as rows:
        table.hits({"packs": (XJ_CORPS, NATIONAL)})
        with rows_hit() as inner:
            table.decide({"packs": (NATIONAL,)})
    table.hits({"packs": (NATIONAL,)})
    assert inner == {"step_limits": {"limit_general"}}
    assert rows == {"step_limits": {"limit_xj_corps", "limit_general"}}


def test_rows_of_several_runs_come_together_in_a_file(tmp_path):
    file = tmp_path / "rows.json"
    for rows in ({"a": {"1", "2"}}, {}, {"a": {"2", "3"}, "b": {"1"}}):
        add_rows(file, rows)
    assert json.loads(file.read_text()) == {"a": ["1", "2", "3"], "b": ["1"]}
    assert read_rows(file) == {"a": {"1", "2", "3"}, "b": {"1"}}


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "rows"])
def test_another_file_holds_no_rows(tmp_path, text):
    file = tmp_path / "rows.json"
    file.write_text(text)
    with pytest.raises(RowsError):
        read_rows(file)


def test_every_table_that_ships_is_told_with_the_rows_that_nothing_hit():
    some = coverage_of({"step_limits": {"limit_general"}, "no_such_table": {"r1"}})
    assert {one.table.id for one in some} == TABLES.keys()
    left = {one.table.id: {rule.id for rule in one.missed} for one in some}
    assert left == EVERY_ROW | {"step_limits": {"limit_xj_corps"}}
    assert not [one for one in coverage_of(EVERY_ROW) if one.missed or len(one.hit) != len(one.table.rules)]


def test_what_people_are_refused_by_and_who_decides_when_on_which_papers_is_demanded():
    assert {one.table.id for one in coverage_of({}) if not one.is_demanded} == {
        "new_student_number",
        "on_expiry",
        "pack_lineage",
        "registry_number",
        "rejection_reasons",
        "rule_pack",
        "validation_codes",
    }


def test_the_rows_that_a_scenario_hits_are_told(coverage):
    code, told = coverage("--only", SCENARIOS / "T-01.yaml")
    assert (code, told["scenarios"], told["failed"]) == (0, 1, [])
    assert hit_in(told, "transfer_eligibility") == {"p1_fujian", "p3_fujian"}
    assert hit_in(told, "suspension_eligibility") == set()
    papers = next(table for table in told["tables"] if table["table"] == "suspension_papers")
    assert (papers["rows"], papers["hit"], papers["demanded"]) == (
        len(EVERY_ROW["suspension_papers"]),
        0,
        True,
    )
    assert all(row["annotation"] for row in papers["missed"])


def test_those_that_ship_are_run_beside_those_that_are_given(coverage, monkeypatch, tmp_path):
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    shutil.copy(SCENARIOS / "T-01.yaml", shipped)
    monkeypatch.setattr(rules_coverage, "SHIPPED", shipped)
    assert coverage()[1]["scenarios"] == 1
    code, told = coverage(SCENARIOS / "SU-01.yaml", shipped)
    assert (code, told["scenarios"]) == (0, 2)
    assert hit_in(told, "transfer_eligibility")
    assert hit_in(told, "suspension_papers")


def test_the_scenarios_of_the_project_are_those_that_ship():
    assert rules_coverage.SHIPPED == SCENARIOS


def test_it_is_told_in_words_too(coverage, database):
    result = CliRunner().invoke(rules, ["coverage", "--only", str(SCENARIOS / "SU-01.yaml")])
    lines = result.stdout.splitlines()
    total = sum(map(len, EVERY_ROW.values()))
    assert result.exit_code == 0
    assert f"case_limits  0 of {len(EVERY_ROW['case_limits'])} rows" in lines
    assert any(line.startswith("  no example of row 1 (total_baoan)  深圳市宝安区") for line in lines)
    assert lines[-1].startswith("1 scenarios, ")
    assert lines[-1].endswith(f" of {total} rows of {len(TABLES)} tables")


def test_a_row_without_an_example_fails_only_if_that_is_asked_for(coverage, tmp_path):
    file, example = tmp_path / "rows.json", SCENARIOS / "T-01.yaml"
    add_rows(file, {name: rows for name, rows in EVERY_ROW.items() if name != "rule_pack"})
    assert coverage("--only", example)[0] == 0
    assert coverage("--only", example, "--strict")[0] == 1
    code, told = coverage("--only", example, "--strict", "--also", file)
    assert code == 0
    assert {name for name, rows in missed(told).items() if rows} == {"rule_pack"}


def test_what_does_not_hold_is_no_example_and_is_told(coverage, tmp_path):
    wrong = tmp_path / "T-01.yaml"
    wrong.write_text((SCENARIOS / "T-01.yaml").read_text().replace("state: enrolled", "state: suspended"))
    code, told = coverage("--only", wrong)
    assert code == 1
    assert told["failed"] == [{"id": "T-01", "failure": "then 1 (record): found enrolled"}]
    assert missed(told) == EVERY_ROW


def test_what_is_wrong_in_the_command_is_told(coverage, tmp_path, monkeypatch):
    no_rows = tmp_path / "rows.json"
    no_rows.write_text("[]")
    refused = {
        ("--only",): "there are no scenarios (*.yaml) to run",
        ("--only", tmp_path): "there are no scenarios (*.yaml) to run",
        ("--also", no_rows): "it does not hold rows by table, as `pytest --rules-coverage` writes them",
        (tmp_path / "nowhere.yaml",): "does not exist",
    }
    for arguments, said in refused.items():
        code, told = coverage(*arguments)
        assert code == 2
        assert said in told
    monkeypatch.setattr(rules_coverage, "SHIPPED", tmp_path / "nowhere")
    code, told = coverage()
    assert (code, "no scenarios ship with this installation" in told) == (2, True)


def test_the_tests_write_the_rows_that_they_hit(tmp_path):
    """Run as a process of its own, as the option is one of a whole run."""
    file = tmp_path / "rows.json"
    add_rows(file, {"step_limits": {"limit_general"}})
    options = ["-q", "-p", "no:cacheprovider", f"--rules-coverage={file}"]
    command = [sys.executable, "-m", "pytest", *options, "tests/workflows/test_rejection_reasons.py"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    rows = read_rows(file)
    assert rows["step_limits"] == {"limit_general"}
    assert rows["rejection_reasons"] <= EVERY_ROW["rejection_reasons"]
    assert len(rows["rejection_reasons"]) > 20
