"""`xueji rules mutate`: what the scenarios would not notice if a table were another."""

import json
from contextlib import contextmanager

import pytest
import yaml
from click.testing import CliRunner

from tests.workflows.shipped_tables import NATIONAL, TABLES, XJ_CORPS
from webapp.commands import rules_mutate
from webapp.commands.rules import rules
from webapp.database import session_at
from webapp.scenarios.mutation import Bench
from webapp.scenarios.scratch import scratch_settings, seeded
from webapp.services.processes.versions import answering_by, definition_in_force
from workflows.mutants import mutants_of

pytestmark = pytest.mark.slow

A_CASE = """
title: an example
source: none
clock: 2025-09-10T09:00+08:00
given:
  schools:
    a: {{at: 石河子市, stage: compulsory}}
    b: {{at: 五家渠市, stage: compulsory}}
  packs: {packs}
  terms: [{{opens: 2025-09-01, closes: 2026-01-20}}]
  students:
    s: {{school: a, entered: 2023-09-01, grade: 3}}
when:
  - apply: {{kind: transfer, student: s, to: b}}
then:
  - due: {{at: 转入学校, on: {due}}}
"""
CORPS = A_CASE.format(packs="{a: k12-xj-corps, b: k12-xj-corps}", due="2025-09-17")
ELSEWHERE = A_CASE.format(packs="{}", due="2025-09-24")
SURVIVES = {
    "table": "step_limits",
    "rows": ["limit_xj_corps"],
    "mutations": ["packs: -"],
    "why": "nobody is elsewhere",
}


@pytest.fixture(scope="module")
def database(new_database, tmp_path_factory):
    settings = scratch_settings(tmp_path_factory.mktemp("scenarios"))
    url = new_database()
    with seeded(url, settings) as engine:
        yield url, engine, settings


@pytest.fixture
def mutate(database, monkeypatch, tmp_path):
    """Runs `xueji rules mutate` on one small table; returns the exit code, and what is told."""

    @contextmanager
    def testers(processes):
        _, engine, settings = database
        yield Bench(engine, settings)

    monkeypatch.setattr(rules_mutate, "testers", testers)

    def run(*scenarios, explained=(), table="step_limits"):
        files = [tmp_path / f"{number}.yaml" for number in range(len(scenarios))]
        for file, text in zip(files, scenarios, strict=True):
            file.write_text(f"id: X-{file.stem}\n{text}")
        reasons = tmp_path / "explained"
        reasons.write_text(yaml.safe_dump([*explained]) if not isinstance(explained, str) else explained)
        options = ["--only", "--table", table, "--explained", str(reasons), "--json"]
        result = CliRunner().invoke(rules, ["mutate", *map(str, files), *options])
        return result.exit_code, json.loads(result.stdout) if result.stdout else result.stderr

    return run


def named(told, kind):
    return [(one["row"], one["mutation"]) for one in told[kind]]


def test_what_no_scenario_notices_survives_until_one_does(mutate):
    code, told = mutate(CORPS)
    assert (code, told["mutants"], told["killed"]) == (1, 3, 1)
    assert named(told, "unexplained") == [("limit_xj_corps", "packs: -"), ("limit_general", "deleted")]
    code, told = mutate(CORPS, ELSEWHERE)
    assert (code, told) == (
        0,
        {"mutants": 3, "killed": 3, "explained": [], "unexplained": [], "needless": []},
    )


def test_a_survivor_is_explained_and_an_explanation_is_needed(mutate):
    general = {"table": "step_limits", "rows": ["limit_general"], "mutations": ["deleted"], "why": "so"}
    code, told = mutate(CORPS, explained=[SURVIVES, general])
    assert (code, named(told, "explained")) == (
        0,
        [("limit_xj_corps", "packs: -"), ("limit_general", "deleted")],
    )
    code, told = mutate(CORPS, ELSEWHERE, explained=[SURVIVES])
    assert (code, named(told, "needless")) == (1, [("limit_xj_corps", "packs: -")])


def test_a_scenario_that_fails_as_it_is_can_notice_nothing(mutate):
    code, told = mutate(CORPS.replace("2025-09-17", "2025-09-18"))
    assert code == 1
    assert "failed X-0 then 1 (due): found 2025-09-17" in told


WRONG = {
    "- {table: a}": "rows",
    "a: [": "expected",
    "- {table: step_limits, rows: [], mutations: [deleted], why: so}": "at least 1 item",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_file_without_explanations_is_refused(mutate, text):
    code, told = mutate(CORPS, explained=text)
    assert (code, WRONG[text] in told) == (2, True)


def test_a_table_of_which_nothing_is_demanded_is_not_changed(mutate):
    code, told = mutate(CORPS, table="rule_pack")
    assert (code, "no such table: rule_pack; there are admission_end_eligibility," in told) == (2, True)


def test_what_is_explained_of_the_tables_that_ship_is_a_mutant_of_theirs():
    known = {
        (name, mutant.rule.id, mutant.change)
        for name, table in TABLES.items()
        for mutant in mutants_of(table)
    }
    assert rules_mutate.read_explanations(rules_mutate.EXPLAINED).keys() <= known


def test_versions_answer_by_another_table_within_the_block_alone(database):
    url, _, settings = database
    table = TABLES["step_limits"]
    general = type(table)(
        table.id, table.name, table.hit_policy, table.inputs, table.outputs, table.rules[1:]
    )
    corps = {"packs": (XJ_CORPS, NATIONAL)}

    def limit(session):
        return (
            definition_in_force(session, "transfer")[1].decisions["step_limits"].decide(corps)["step_limit"]
        )

    with session_at(url, settings) as session:
        own = limit(session)
        with answering_by(general):
            other = limit(session)
        assert (own, other, limit(session)) == (5, 10, 5)
