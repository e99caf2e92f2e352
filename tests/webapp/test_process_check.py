"""`xueji process check`: the shipped processes may be published, and what is changed for the worse in one is found."""

import json
import re
from contextlib import contextmanager
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webapp.test_process_check_country import DEFINITIONS
from webapp.cli import main
from webapp.commands import process as command
from webapp.services.process_check import check_files, check_process, with_shipped
from webapp.services.process_routing import CLASSES_TOLD
from workflows.engine import preview
from workflows.shipped import shipped_processes

TODAY = date(2025, 9, 10)
SHIPPED = shipped_processes()


def changed(process, file, *changes):
    """Return the files of a shipped process with texts of one file replaced."""
    text = SHIPPED[process][file].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**SHIPPED[process], file: text.encode()}


def codes(report):
    return [(finding.code.value, finding.element) for finding in report.findings]


@pytest.mark.parametrize("process", SHIPPED)
def test_a_shipped_process_may_be_published(session, process):
    report = check_process(session, SHIPPED[process], TODAY)
    assert [str(finding) for finding in report.findings] == []
    assert (report.process, report.publishable, report.gave_up) == (process, True, False)
    assert report.states > len(DEFINITIONS[process].steps)


STEP = r'(<bpmn:userTask id="{}".*?<xj:step )(role="\w+")'


def with_role(process, *roles):
    """Return the files of a shipped process with other roles for steps, given as (step, role)."""
    files = dict(SHIPPED[process])
    for step, role in roles:
        name = next(name for name, data in files.items() if f'<bpmn:userTask id="{step}"'.encode() in data)
        text = re.sub(STEP.format(step), rf'\1role="{role}"', files[name].decode(), count=1, flags=re.DOTALL)
        files[name] = text.encode()
    return files


@pytest.mark.parametrize(
    ("step", "role"),
    [
        ("in_county", "registrar"),
        ("out_city", "approver"),
        ("in_lead", "handler"),
        ("common_province", "principal"),
    ],
)
def test_a_role_that_an_office_has_not_is_found_with_the_schools_concerned(session, step, role):
    report = check_process(session, with_role("transfer", (step, role)), TODAY)
    assert codes(report) == [("role_not_in_office", step)]
    kinds = report.findings[0].classes
    assert 0 < len(kinds) <= CLASSES_TOLD
    for kind in kinds:
        taken = {one.step.id for one in preview(DEFINITIONS["transfer"], kind.facts) if one.skipped is None}
        assert step in {path.rpartition("/")[2] for path in taken}, kind.name
        assert re.fullmatch(r"\S+ \S+（[县市省]属） → \S+（[县市省]属） \w+", kind.name)


def test_two_separate_steps_of_one_principal_are_found(session):
    files = with_role("transfer", ("in_registrar", "principal"), ("in_lead", "principal"))
    report = check_process(session, files, TODAY)
    assert codes(report) == [("same_person", "in_lead")]


def test_two_separate_registrars_of_one_school_can_be_appointed(session):
    assert check_process(session, with_role("transfer", ("in_lead", "registrar")), TODAY).publishable


def test_a_process_that_is_only_filed_is_found(session):
    filed = ('role="lead" form="review"', 'role="lead" form="filing" outcomes="acknowledge" blocking="false"')
    files = changed("transfer_both_agree", "transfer_both_agree.bpmn", filed, filed)
    assert codes(check_process(session, files, TODAY)) == [("nobody_decides", "transfer_both_agree")]


def test_without_bureaus_nobody_can_be_asked(session):
    report = check_process(session, SHIPPED["transfer"], date(1900, 1, 1))
    assert codes(report) == [("no_offices", "transfer")]


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        (
            "transfer.bpmn",
            "common != 'county'",
            "common != 'count'",
            ("value_unknown", "common_county"),
        ),
        ("transfer.bpmn", 'due="step_limit"', 'due="step_limits"', ("name_unknown", "in_registrar")),
        ("transfer.bpmn", 'name="转入县级"', 'name="转入区级"', ("seat_unknown", "common_county")),
        ("transfer.bpmn", "common != 'county'", "stage != 'college'", ("value_unknown", "common_county")),
        ("transfer.bpmn", "common != 'county'", "free_places != 0", ("name_unknown", "common_county")),
        (
            "transfer.bpmn",
            'separate_from="in_registrar"',
            'separate_from="out_lead"',
            ("not_earlier", "in_lead"),
        ),
        ("transfer_levels.dmn", '"cross_city"', '"across"', ("value_unknown", "senior_high_across_cities")),
        ("transfer_levels.dmn", '"senior_high"', '"compulsory"', ("table", None)),
        ("transfer_levels.dmn", 'hitPolicy="UNIQUE"', 'hitPolicy="COLLECT"', ("diagram", "levels")),
        ("transfer_eligibility.dmn", '"block"', '"stop"', ("value_unknown", "h1_in_progress")),
        (
            "transfer_eligibility.dmn",
            'name="message_en"',
            'name="message"',
            ("output_missing", "transfer_eligibility"),
        ),
        (
            "transfer_eligibility.dmn",
            "<text>overlays</text>",
            "<text>overlay</text>",
            ("name_unknown", "transfer_eligibility"),
        ),
        ("papers.dmn", '"transfer_form"', '"form"', ("value_unknown", "form_fujian")),
        ("papers.dmn", '"voc-fujian"', '"voc-fujan"', ("value_unknown", "form_fujian")),
        ("rule_packs.dmn", 'id="pack_lineage"', 'id="lineage"', ("table_missing", "pack_lineage")),
    ],
)
def test_what_is_changed_for_the_worse_in_a_shipped_process_is_found(file, old, new, found):
    report = check_files(changed("transfer", file, (old, new)))
    assert found in codes(report), [str(finding) for finding in report.findings]
    assert not report.publishable


def test_a_row_that_is_missing_is_found_with_the_cases_that_lack_it():
    text = SHIPPED["transfer"]["transfer_levels.dmn"].decode()
    text = re.sub(r'<rule id="senior_high_across_cities">.*?</rule>', "", text, count=1, flags=re.DOTALL)
    report = check_files({**SHIPPED["transfer"], "transfer_levels.dmn": text.encode()})
    assert codes(report) == [("no_answer", "levels")]
    finding = report.findings[0]
    assert finding.counter_example == ()
    assert {(kind.facts["stage"], kind.facts["distance"]) for kind in finding.classes} == {
        ("senior_high", "cross_city")
    }


def test_a_process_that_the_governing_table_does_not_know_is_found():
    files = {name.replace("transfer.", "move."): data for name, data in SHIPPED["transfer"].items()}
    files["move.bpmn"] = files["move.bpmn"].replace(b'process id="transfer"', b'process id="move"')
    files["move.bpmn"] = files["move.bpmn"].replace(b'processRef="transfer"', b'processRef="move"')
    assert codes(check_files(files)) == [("never_starts", "move")]


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


def diagram(process):
    return {f"{process}.bpmn": SHIPPED[process][f"{process}.bpmn"]}


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


def test_a_file_that_cannot_be_read_asks_for_no_database(run, monkeypatch):
    def no_database():
        raise AssertionError

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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_damaged_in_a_shipped_process_is_judged_and_nothing_else(session, data):
    process = data.draw(st.sampled_from(sorted(SHIPPED)))
    file = data.draw(
        st.sampled_from(
            [f"{process}.bpmn", "rule_packs.dmn", "transfer_governing.dmn", "transfer_levels.dmn"]
        )
    )
    words = re.findall(r'[^<>="\s]+|["<>=]', SHIPPED[process][file].decode())
    old, new = data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, "", "学", "'"]))
    damaged = SHIPPED[process][file].decode().replace(old, new, data.draw(st.sampled_from([1, -1])))
    report = check_process(session, {**SHIPPED[process], file: damaged.encode()}, TODAY)
    assert report.publishable == all(finding.severity == "warning" for finding in report.findings)
    assert all(finding.message and finding.remedy for finding in report.findings)


def test_a_row_without_a_source_is_warned_of_and_the_offices_are_asked_all_the_same(session):
    files = with_role("transfer", ("in_lead", "handler"))
    levels = re.sub(rb"<description>.*?</description>", b"", files["transfer_levels.dmn"], flags=re.DOTALL)
    report = check_process(session, {**files, "transfer_levels.dmn": levels}, TODAY)
    assert {(finding.severity.value, finding.code.value) for finding in report.findings} == {
        ("warning", "no_source"),
        ("error", "role_not_in_office"),
    }


def test_a_pack_may_have_any_name():
    assert check_files(changed("transfer", "rule_packs.dmn", ('"full-chain"', '"full\'chain or ("'))).process
