"""A process asks the other province before it waits for it, by steps that messages answer."""

import re
from datetime import date

import pytest

from tests.webapp.changed_processes import changed
from webapp.services.process_check.checking import check_process

pytestmark = pytest.mark.slow

TODAY = date(2025, 9, 10)
V5, V7, V8 = "cross_province_transfer", "cross_province_both_agree", "cross_province_releasing_first"


def found(session, files, process):
    report = check_process(session, files, TODAY, process)
    assert not report.publishable
    return {(one.code.value, one.element) for one in report.findings}


def renamed(process, old, new):
    name = f"{process}.bpmn"
    files = changed(process, name)
    text = files[name].decode()
    for before, after in ((f'"{old}"', f'"{new}"'), (f">{old}<", f">{new}<")):
        text = text.replace(before, after)
    return {**files, name: text.encode()}


@pytest.mark.parametrize(
    ("process", "step"),
    [
        (V5, "validation"),
        (V5, "outside_releasing"),
        (V5, "outside_pull"),
        (V7, "outside_school"),
        (V7, "outside_decision"),
        (V8, "outside_receiving"),
    ],
)
def test_a_step_that_no_message_answers_is_found(session, process, step):
    assert ("outside_unknown", "elsewhere") in found(session, renamed(process, step, "elsewhere"), process)


@pytest.mark.parametrize(
    ("process", "asks", "waits"),
    [(V5, "validation", "outside_releasing"), (V7, "outside_school", "outside_decision")],
)
def test_a_decision_that_nobody_was_asked_for_is_found(session, process, asks, waits):
    name = f"{process}.bpmn"
    skipped = re.compile(rf'(<bpmn:userTask id="{asks}".*?skip_when=)"[^"]*"', re.DOTALL)
    files = changed(process, name)
    files[name] = skipped.sub(r'\1"receiving_here"', files[name].decode(), count=1).encode()
    assert ("outside_not_asked", waits) in found(session, files, process)
