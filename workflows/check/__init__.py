"""Is a process safe, supported and sound? Asked before it is published.

`check` reads the files, looks at every word of them, and explores what can happen to cases on the real engine.
Where its offices are found is for the application to ask, which knows them.
"""

from collections.abc import Mapping

from workflows.check.reading import Sources, Tables, read
from workflows.check.report import CaseClass, Code, Decision, Finding, Report, Severity
from workflows.check.soundness import Soundness, check_soundness
from workflows.check.tables import check_tables
from workflows.check.vocabulary import Asked, Fact, Manner, Vocabulary
from workflows.check.words import check_words, results, rules_asked

__all__ = [
    "Asked",
    "CaseClass",
    "Code",
    "Decision",
    "Fact",
    "Finding",
    "Manner",
    "Report",
    "Severity",
    "Vocabulary",
    "check",
]

# With these the engine cannot run the process, and every case would tell of them again; nor is anything played
# through with a table that is too large to be looked at.
_UNRUNNABLE = {Code.SEAT_UNKNOWN, Code.NAME_UNKNOWN, Code.TYPE_WRONG, Code.VALUE_UNKNOWN, Code.GAVE_UP}


def check(files: Mapping[str, bytes], vocabulary: Vocabulary, process: str | None = None) -> Report:
    """Return what is wrong with a process (by default the one that no other calls) and its tables.

    What cannot be read is told first; what a file means is asked once it can be read.
    """
    sources, findings = read(files, process)
    rules = rules_asked(sources) if sources else []
    answers = results(sources, vocabulary.facts) if sources else {}
    if sources:
        findings += check_words(sources, vocabulary)
    findings += check_tables(Tables(files), vocabulary, rules, answers)
    explored = Soundness([])
    if sources and not any(finding.code in _UNRUNNABLE for finding in findings):
        explored = check_soundness(sources, vocabulary)
    found = _once([*findings, *explored.findings])
    return Report(_name(sources), found, explored.states, explored.gave_up)


def _name(sources: Sources | None) -> str | None:
    return sources.definition.key if sources else None


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Tell what stands in a process that is called twice once, and all in the order of the files."""
    told = {(one.code, one.file, one.line, one.element, one.message): one for one in reversed(findings)}
    return tuple(sorted(told.values(), key=lambda one: (one.file, one.line or 0, one.code)))
