"""The bureau that runs each school decides (domain 3.1.4), wherever in the country the schools are."""

from datetime import date

import pytest

from tests.webapp.changed_processes import SHIPPED, changed
from webapp.services.process_check.checking import can_be_routed, check_files, check_process

pytestmark = pytest.mark.slow

TODAY = date(2025, 9, 10)
LEFT_OUT = "authority_left_out"
RELEASING = 'calledElement="releasing_authorities"'
RECEIVING = 'calledElement="receiving_authorities"'


def left_out(report):
    """Return (element, what is said before the number of cases) of every bureau that is left out."""
    found = [one for one in report.findings if one.code.value == LEFT_OUT]
    return {(one.element, one.message.partition(" (in ")[0]) for one in found}


@pytest.mark.parametrize("process", ["transfer", "cross_province_transfer", "transfer_releasing_first"])
def test_a_process_that_calls_one_side_twice_leaves_out_the_other(session, process):
    files = changed(process, f"{process}.bpmn", (RELEASING, RECEIVING))
    report = check_process(session, files, TODAY, process)
    assert not report.publishable
    assert (process, "'转出县级' runs the releasing school and decides nothing") in left_out(report)
    assert {message[:6] for _, message in left_out(report)} == {"'转出县级'", "'转出市级'", "'转出省级'"}


def test_a_table_by_which_the_bureau_of_one_side_does_not_decide_leaves_it_out(session):
    row = SHIPPED["cross_province_transfer"]["cross_province.dmn"].partition(
        b'<rule id="releasing_compulsory">'
    )
    silent = row[2].replace(b"<text>true</text>", b"<text>false</text>", 1)
    files = {**SHIPPED["cross_province_transfer"], "cross_province.dmn": b"".join([*row[:2], silent])}
    assert left_out(check_process(session, files, TODAY)) == {
        ("out_county", "'转出县级' runs the releasing school and decides nothing")
    }


def test_the_one_bureau_of_both_schools_decides_once(session):
    report = check_process(session, SHIPPED["transfer"], TODAY)
    assert left_out(report) == set()


def test_schools_that_agree_within_a_province_need_no_bureau_but_that_it_is_told(session):
    files = SHIPPED["transfer_both_agree"]
    assert left_out(check_process(session, files, TODAY)) == set()
    untold = changed("transfer_both_agree", "transfer_levels.dmn")
    untold["transfer_levels.dmn"] = untold["transfer_levels.dmn"].replace(
        b"<text>receiving_authority</text>", b'<text>"none"</text>'
    )
    assert ("file_county", "'转入县级' runs the receiving school and decides nothing") in left_out(
        check_process(session, untold, TODAY)
    )


def test_the_offices_are_asked_only_where_the_way_is_known():
    misspelt = changed("transfer", "transfer_levels.dmn", ('"cross_city"', '"across"'))
    assert not can_be_routed(check_files(misspelt))
    unlimited = changed("transfer", "transfer.bpmn", ('due="step_limit"', 'due="251"'))
    assert can_be_routed(check_files(unlimited))
