"""The shipped processes may be published, and what is changed for the worse in one is found."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webapp.changed_processes import SHIPPED, changed, with_role, with_step
from tests.workflows.shipped_tables import DEFINITIONS
from webapp.services.process_check.checking import check_files, check_process, with_shipped
from webapp.services.process_check.routing import CLASSES_TOLD
from workflows.engine import preview

pytestmark = pytest.mark.slow

TODAY = date(2025, 9, 10)


def codes(report):
    return [(finding.code.value, finding.element) for finding in report.findings]


@pytest.mark.parametrize("process", SHIPPED)
def test_a_shipped_process_may_be_published(session, process):
    report = check_process(session, SHIPPED[process], TODAY)
    assert [str(finding) for finding in report.findings] == []
    assert (report.process, report.publishable, report.gave_up) == (process, True, False)
    assert report.states > len(DEFINITIONS[process].steps)


def test_a_diagram_of_sixty_nodes_for_the_whole_country_is_seen_to_the_end():
    drawn = Path(__file__).parents[2] / "bench/check.bpmn"
    report = check_files(with_shipped({drawn.name: drawn.read_bytes()}))
    assert (report.publishable, report.gave_up) == (True, False)
    assert {finding.code.value for finding in report.findings} == {"no_source"}


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


def test_a_principal_who_would_sign_twice_is_found(session):
    report = check_process(
        session, with_step("transfer", "in_lead", role="principal principal", mode="all"), TODAY
    )
    assert codes(report) == [("same_person", "in_lead")]


def test_several_roles_of_an_office_may_sign(session):
    report = check_process(
        session, with_step("transfer", "in_lead", role="lead lead principal", mode="all"), TODAY
    )
    assert report.publishable


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
        ("transfer.bpmn", 'name="转入县级"', 'name="转入区级"', ("seat_unknown", "lane_2")),
        ("transfer.bpmn", "common != 'county'", "stage != 'college'", ("value_unknown", "common_county")),
        ("transfer.bpmn", "common != 'county'", "free_places != 0", ("name_unknown", "common_county")),
        (
            "transfer.bpmn",
            'separate_from="in_registrar"',
            'separate_from="out_lead"',
            ("not_earlier", "in_lead"),
        ),
        ("transfer_levels.dmn", '"cross_city"', '"across"', ("value_unknown", "senior_high_across_cities")),
        (
            "transfer_levels.dmn",
            '"senior_high"',
            '"compulsory"',
            ("table", "senior_high_one_city"),
        ),
        ("transfer_levels.dmn", 'hitPolicy="UNIQUE"', 'hitPolicy="COLLECT"', ("diagram", "levels")),
        ("hard_checks.dmn", '"block"', '"stop"', ("value_unknown", "h1_in_progress")),
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
        ("case_limits.dmn", 'id="case_limits"', 'id="limits"', ("table_missing", "case_limits")),
        ("on_expiry.dmn", 'id="on_expiry"', 'id="expiry"', ("table_missing", "on_expiry")),
        (
            "rejection_reasons.dmn",
            'id="rejection_reasons"',
            'id="reasons"',
            ("table_missing", "rejection_reasons"),
        ),
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
