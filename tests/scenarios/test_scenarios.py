"""The printed examples of the law run, and an example that does not hold says what was found instead."""

import json
import re
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands.scenario import scenario
from webapp.scenarios.expectations import Expectation
from webapp.scenarios.given import Given
from webapp.scenarios.runner import run_file
from webapp.scenarios.scratch import scratch_settings, seeded
from webapp.scenarios.steps import Step
from webapp.scenarios.students import Student

pytestmark = pytest.mark.slow

EXAMPLES = sorted(Path(__file__).parent.glob("*.yaml"))
DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text()

GIVEN = """
id: X-1
title: an example
source: none
clock: 2025-09-10T09:00+08:00
given:
  schools:
    a: {at: 410323, stage: compulsory, name: 甲校}
    b: {at: 嵩县, stage: compulsory}
  terms: [{opens: 2025-09-01, closes: 2026-01-20}]
  students:
    s: {school: a, entered: 2023-09-01, grade: 3}
"""
APPLY = "apply: {kind: transfer, student: s, to: b}"
HOLDS = "state: in_review"


@pytest.fixture(scope="session")
def run(new_database, tmp_path_factory):
    settings = scratch_settings(tmp_path_factory.mktemp("scenarios"))
    with seeded(new_database(), settings) as engine:
        yield lambda path: run_file(engine, settings, path)


@pytest.fixture
def failure(run, tmp_path):
    """Runs the text of a scenario and returns why it failed."""

    def of(text):
        path = tmp_path / "example.yaml"
        path.write_text(text)
        return run(path).failure

    return of


def example(*steps, then, given=GIVEN):
    when = "".join(f"  - {textwrap.indent(step, '    ').strip()}\n" for step in steps)
    return f"{given}when:\n{when}then:\n  - {then}\n"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_of_the_law_holds(run, path):
    result = run(path)
    assert (result.id, result.failure) == (path.stem, None)


def test_nothing_of_a_scenario_is_left_for_the_next(run):
    results = [run(EXAMPLES[0]) for _ in range(2)]
    assert [result.failure for result in results] == [None, None]


OTHERWISE = {
    "state: completed": "then 1 (state): found in_review",
    "chain: [{at: 转入学校}, {at: 转入县级}]": "found 转入学校 registrar, 转入学校 lead, 转入县级",
    "chain: [{at: 转入学校, role: lead}, {at: 转入县级}, {at: 转出学校}, {at: 转出县级}]": "found 转入学校 registrar",
    "inbox: {at: 转入县级, has: s}": "it is with 转入学校 registrar",
    "inbox: {at: 转入市级, has: s}": "it is with 转入学校 registrar",
    "inbox: {at: 转入学校, role: lead, has: s}": "it is with 转入学校 registrar",
    "inbox: {at: 转入学校, has: s, blocking: false}": "it is with 转入学校 registrar",
    "not_inbox: {at: 转入学校, has: s}": "it is there for 转入学校核对",
    "due: {at: 转入学校, on: 2025-09-25}": "found 2025-09-24",
    "due: {at: 转入学校, on: 2025-09-24, provisional: true}": "found False",
    "due: {at: 转出县级, on: 2025-09-24}": "the case never came there",
    "due: {on: 2025-09-24}": "found 2025-12-09",
    "notices: {at: 申请人, has: [overdue]}": "found arrived, submitted",
    "notices: {at: 申请人, lacks: [submitted]}": "found arrived, submitted",
    "record: {student: s, school: b}": "found 甲校",
    "record: {student: s, grade: 4}": "found 3",
    "record: {student: s, state: suspended}": "found enrolled",
    'number: {student: s, is: "1501020015"}': "found None",
    "overlays: {case: [overdue]}": "case has nothing",
    "overdue: {at: 转入学校, role: registrar, count: 1}": "found 0",
    "overdue: {at: 转入学校, count: 0}": "2 people serve there",
    "overlays: {s: [problem]}": "s has nothing",
    "events: [opened, completed]": "found opened",
    "warnings: [T-P8]": "found nothing",
    "refused: [H1]": "found nothing",
    "asked: [opinion]": "found nothing",
}


@pytest.mark.parametrize("then", OTHERWISE)
def test_an_expectation_that_does_not_hold_tells_what_was_found(failure, then):
    assert OTHERWISE[then] in failure(example(APPLY, then=then))


WRONG_STEPS = {
    f"{APPLY}\nexpect: {{refused: [H1]}}": "when 1 (apply): it was to be refused, but went through",
    "decide: {at: 转入学校, outcome: approve}": "when 1 (decide): there is no case",
    "apply: {kind: transfer, student: t, to: b}": "there is no t in given.students",
    "apply: {kind: transfer, student: s, to: c}": "there is no c in given.schools",
    "clock: 2025-09-09T09:00+08:00": "the clock does not go back",
    f"{APPLY}\nas: wang": "nobody in given.people is called wang",
    "apply: {kind: transfer, student: s, to: b, papers: []}": "refused: FormIncomplete",
    "apply: {kind: transfer, student: s, to: b, papers: []}\nexpect: {error: NotEligible}": "refused otherwise",
    "apply: {kind: transfer, student: s, to: b, papers: []}\nexpect: {refused: [H1]}": "refused otherwise",
    "apply: {kind: transfer, student: s, to: b, papers: []}\nexpect: {says: 公章}": "refused otherwise",
    "look: {kind: transfer, student: s, to: b, refused: [H1]}": "when 1 (look): refused: found nothing",
    "look: {kind: transfer, student: s, to: b, form: {grade: 4}, refused: []}": "refused: found T-P6",
    "look: {kind: transfer, student: s, to: b, required: []}": "required: found proof_of_residence",
    "look: {kind: transfer, student: s, to: b, optional: []}": "optional: found basic_information_sheet",
    "look: {kind: transfer, student: s, to: b, says: 公章}": "found proof_of_residence 《中小学生学籍管理办法》",
    "look: {kind: transfer, student: s, to: b, chain: [{at: 转入学校}]}": "found 转入学校 registrar",
    "look: {kind: transfer, student: s, to: b, form: {colour: red}}": "form: a transfer does not ask for colour",
}


@pytest.mark.parametrize("step", WRONG_STEPS)
def test_a_step_that_goes_otherwise_is_told_with_its_number(failure, step):
    assert WRONG_STEPS[step] in failure(example(step, then=HOLDS))


def test_a_decision_where_the_case_never_was_says_where_it_is(failure):
    told = failure(example(APPLY, "decide: {at: 转出县级, outcome: approve}", then=HOLDS))
    assert "the case never reached 转出县级; it is with 转入学校 registrar" in told


BESIDE = {
    "answer: {at: 转入学校}": "nobody was asked about 转入学校",
    "ask: {at: 转入学校, of: [wang]}": "nobody in given.people is called wang",
    "take_back: {at: 转入学校}": "refused: NothingAsked",
    "release: {at: 转入学校}": "refused: NotClaimed",
    "copy: {at: 转入县级, to: [wang]}": "the case never reached 转入县级",
}


@pytest.mark.parametrize("step", BESIDE)
def test_what_officers_ask_of_each_other_can_go_otherwise_too(failure, step):
    assert BESIDE[step] in failure(example(APPLY, step, then=HOLDS))


def test_a_refusal_that_nothing_expects_fails_the_scenario(failure):
    given = GIVEN.replace("grade: 3}", "grade: 3, overlays: [problem]}")
    assert "refused: NotEligible" in failure(example(APPLY, given=given, then="record: {student: s}"))
    assert failure(example(APPLY, given=given, then="refused: [H2]")) is None


UNREADABLE = {
    GIVEN + "then: []": "then: Tuple should have at least 1 item",
    GIVEN + "then: [state: in_review]\nwhat: 1": "unknown key: what",
    GIVEN.replace("stage:", "stege:") + f"then: [{HOLDS}]": "unknown key: given.schools.a.stege",
    example("applly: {}", then=HOLDS): "unknown key: when.0.applly",
    example(f"{APPLY}\nclock: 2025-09-11T09:00+08:00", then=HOLDS): "when.0: one of these, and one only",
    example("clock: 2025-09-11T09:00", then=HOLDS): "when.0.clock: Input should have timezone info",
    example("leave: {student: s}", then=HOLDS): "not served yet: leave (when.0)",
    example(
        "apply: {kind: graduation, student: s}", then=HOLDS
    ): "not served yet: graduation (when.0.apply.kind)",
    GIVEN + "id: X-2": "id is there twice",
    "- a list": "Input should be a valid dictionary",
    "": "Input should be a valid dictionary",
    "a: [": "expected the node content",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_file_that_is_no_scenario_is_refused_with_the_place(failure, text):
    assert UNREADABLE[text] in failure(text)


UNMAKEABLE = {
    ("at: 嵩县", "at: 市中区"): "市中区 is several divisions: 3",
    ("at: 嵩县", "at: 999999"): "999999 is no division",
    ("  terms:", "  packs: {a: k12-shanghai}\n  terms:"): "not served yet: the rule pack k12-shanghai",
    ("  terms:", "  packs: {c: voc-fujian}\n  terms:"): "there is no c in given.schools",
    ("at: 410323,", "at: 419001, run_by: city,"): "refused: NobodyRunsIt: 济源市 has no city bureau",
    ("grade: 3}", "grade: 3, number: '12'}"): "a_fujian_vocational_number_has_ten_digits",
    ("grade: 3}", "grade: 13}"): "a_grade_is_from_1_to_12",
    ("grade: 3}", "grade: 3, identity: '12'}"): "refused: IdentityNumberInvalid",
}


@pytest.mark.parametrize("change", UNMAKEABLE)
def test_a_world_that_cannot_be_made_says_why(failure, change):
    assert UNMAKEABLE[change] in failure(example(APPLY, then=HOLDS, given=GIVEN.replace(*change)))


def test_the_example_in_the_documentation_holds(failure):
    text = re.search("```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL)[1]
    assert failure(text) is None


@pytest.mark.parametrize("model", [Given, Student, Step, Expectation])
def test_every_key_is_in_the_documentation(model):
    keys = {field.alias or name for name, field in model.model_fields.items()} | model.later
    assert {key for key in keys if f"`{key}" not in DOCUMENTATION} == set()


def test_the_command_runs_every_file_and_fails_if_one_fails(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(example(APPLY, then="state: completed"))
    result = CliRunner().invoke(scenario, [str(EXAMPLES[0]), str(wrong), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == [
        {"id": EXAMPLES[0].stem, "ok": True, "failure": None},
        {"id": "X-1", "ok": False, "failure": "then 1 (state): found in_review"},
    ]


def test_the_command_succeeds_with_a_line_for_each_that_holds():
    result = CliRunner().invoke(scenario, [str(EXAMPLES[0])])
    assert (result.exit_code, result.stdout.split()[:2]) == (0, ["ok", EXAMPLES[0].stem])
