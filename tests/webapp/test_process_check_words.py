"""What is changed for the worse in the words of a shipped process, or in what its tables say to people, is found."""

import pytest

from tests.webapp.changed_processes import SHIPPED, changed
from webapp.services.process_check.checking import check_files, with_shipped

pytestmark = pytest.mark.slow

LEAD = 'id="in_lead" name="转入学校审核"'
FILING = 'role="registrar" form="filing" due="file_limit" outcomes="acknowledge" blocking="false"'
DECISION = 'role="lead" form="review" due="step_limit" separate_from="in_registrar"'
H1 = "The student has other business in progress ({case})."

# name: (file, old, new, code, element), all in the process "cross_province_transfer"
WORSE = {
    "a limit beyond the calendar": (
        "", DECISION, DECISION.replace("step_limit", "999999999999"), "limit_too_long", "in_lead",
    ),
    "a limit of a day more than a year of work": (
        "", DECISION, DECISION.replace("step_limit", "step_limit + 241"), "limit_too_long", "in_lead",
    ),
    "a name of nothing visible": ("", LEAD, 'id="in_lead" name="&#x200b;&#x202e;"', "no_name", "in_lead"),
    "a name that turns the text around": ("", LEAD, 'id="in_lead" name="审核&#x202e;校"', "no_name", "in_lead"),
    "a name of a thousand signs": ("", LEAD, f'id="in_lead" name="{"审" * 1_000}"', "no_name", "in_lead"),
    "a lane of calls that names no seat": ("", 'name="转出县级"', 'name="转出县局"', "seat_unknown", "lane_5"),
    "a lane without a name": ("", 'name="转出县级"', 'name=""', "seat_unknown", "lane_5"),
    "a decision that is only acknowledged": (
        "", DECISION, f'{DECISION} outcomes="acknowledge"', "filing_unclear", "in_lead",
    ),
    "a decision with the form of a filing": (
        "", DECISION, DECISION.replace("review", "filing"), "filing_unclear", "in_lead",
    ),
    "a filing that is approved": ("", FILING, FILING.replace("acknowledge", "approve"), "filing_unclear", "send_file"),
    "a filing with the form of a decision": (
        "", FILING, FILING.replace('"filing"', '"review"'), "filing_unclear", "send_file",
    ),
    "a limit in a table beyond the calendar": (
        "cross_province.dmn", "<text>20</text>", "<text>999999999999</text>", "limit_too_long", "send_file",
    ),
    "a pack that is misspelt, so that rows overlap": (
        "cross_province.dmn", '<text>"k12-sichuan"</text>', '<text>"k12-sichaun"</text>', "table",
        "receiving_sichuan_compulsory",
    ),
    "an output of another type": (
        "step_limits.dmn", "<text>10</text>", '<text>"10"</text>', "table", "limit_general",
    ),
    "a cell of too many literals": (
        "cross_province.dmn", '<text>"k12-sichuan"</text>', f"<text>{','.join(['1'] * 600)}</text>", "table",
        "receiving_sichuan_compulsory",
    ),
    "a process that there is not": (
        "transfer_governing.dmn", '"cross_province_releasing_first"', '"nowhere"', "value_unknown",
        "vocational_cross_province",
    ),
    "a process that only others call": (
        "transfer_governing.dmn", '"cross_province_releasing_first"', '"receiving_authorities"', "value_unknown",
        "vocational_cross_province",
    ),
    "an English message in Chinese": (
        "hard_checks.dmn", H1, "学籍有在办业务。", "not_translated", "h1_in_progress",
    ),
    "a Chinese meaning in English": (
        "validation_codes.dmn", "学生信息有误：姓名、学籍号与全国学籍库不一致。", "Wrong data.", "not_translated",
        "code_2001",
    ),
    "an English repair with Chinese in it": (
        "validation_codes.dmn", "Compare name (no blanks)", "Compare 姓名", "not_translated", "code_2001",
    ),
    "a placeholder that is misspelt": (
        "hard_checks.dmn", H1, H1.replace("{case}", "{cas}"), "placeholder_unknown", "h1_in_progress",
    ),
    "a placeholder that is not closed": (
        "hard_checks.dmn", H1, H1.replace("{case}", "{case"), "placeholder_unknown", "h1_in_progress",
    ),
    "a placeholder where nobody fills it in": (
        "validation_codes.dmn", "Compare name (no blanks)", "{school}: compare it", "placeholder_unknown", "code_2001",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORSE)
def test_what_is_worded_worse_is_found_at_its_element_and_nothing_else(name):
    file, old, new, code, element = WORSE[name]
    files = changed("cross_province_transfer", file or "cross_province_transfer.bpmn", (old, new))
    report = check_files(files)
    assert [(one.code.value, one.element) for one in report.findings] == [(code, element)]
    assert report.findings[0].line is not None
    assert not report.publishable


def test_every_code_of_the_platform_has_a_meaning_and_no_other_has():
    other = check_files(changed("transfer", "validation_codes.dmn", ('"2002"', '"2202"')))
    assert [(one.code.value, one.element) for one in other.findings] == [
        ("gap", "validation_codes"),
        ("value_unknown", "code_2002"),
    ]
    before, _, row = SHIPPED["transfer"]["validation_codes.dmn"].partition(b'<rule id="code_2003">')
    without = {"validation_codes.dmn": before + row.partition(b"</rule>")[2]}
    finding = check_files(SHIPPED["transfer"] | without).findings[0]
    assert (finding.code.value, "'2003'" in finding.message) == ("gap", True)


@pytest.mark.parametrize("limit", ["0", "250", "step_limit + 240"])
def test_a_limit_of_up_to_a_year_of_work_is_no_defect(limit):
    later = DECISION.replace("step_limit", limit)
    files = changed("cross_province_transfer", "cross_province_transfer.bpmn", (DECISION, later))
    assert check_files(files).publishable


def test_a_process_may_be_chosen_that_is_given_though_it_does_not_ship():
    new = SHIPPED["transfer"]["transfer.bpmn"].replace(b'"transfer"', b'"moving"')
    governing = SHIPPED["transfer"]["transfer_governing.dmn"].replace(b'"transfer"', b'"moving"')
    levels = SHIPPED["transfer"]["transfer_levels.dmn"].replace(b'"transfer"', b'"moving"')
    files = {"moving.bpmn": new, "transfer_governing.dmn": governing, "transfer_levels.dmn": levels}
    report = check_files(with_shipped(files))
    assert [str(one) for one in report.findings] == []
    assert report.process == "moving"
