"""Every finding has a remedy, and stands in the page for administrators."""

from pathlib import Path

import pytest

from workflows.check import CaseClass, Code, Decision, Finding, Report, Severity

PAGE = Path(__file__).parents[3] / "docs/processes.md"


@pytest.mark.parametrize("code", Code)
def test_a_finding_stands_in_the_page_with_its_remedy(code):
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{code.value}` |")]
    assert len(rows) == 1
    assert rows[0].endswith(f"| {code.remedy} |")


def test_a_finding_is_one_line():
    finding = Finding(Code.DEADLOCK, "转学.bpmn", 12, "join", "the token waits")
    assert str(finding) == f"error deadlock 转学.bpmn:12 join: the token waits. {Code.DEADLOCK.remedy}"
    of_file = Finding(Code.UNREADABLE, "x.dmn", None, None, "no XML", severity=Severity.WARNING)
    assert str(of_file).startswith("warning unreadable x.dmn: no XML. ")


def test_only_errors_forbid_to_publish():
    shown = ((Decision("a:1", "approve"),), (CaseClass("", {"skip": True}),))
    error = Finding(Code.DEADLOCK, "x.bpmn", 1, "x", "it waits", *shown)
    warning = Finding(Code.NO_SOURCE, "x.bpmn", 1, "x", "no source", severity=Severity.WARNING)
    assert Report("x", (warning,)).publishable
    assert not Report("x", (warning, error)).publishable
