"""May a process be published? The whole check: its files, its soundness, and its routing over the country."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.enums import OWN_SEATS
from webapp.services.process_check.country import routed
from webapp.services.process_check.one_sided_words import one_sided_words
from webapp.services.process_check.routing import CLASSES_TOLD, check_routing
from webapp.services.process_check.school_kinds import places
from webapp.services.process_check.transfer_words import transfer_words
from workflows.bpmn import read_process
from workflows.check import CaseClass, Code, Finding, Report, Severity, Vocabulary, check
from workflows.check.classes import Asking
from workflows.check.reading import Sources, Tables, read
from workflows.decisions import DecisionError
from workflows.diagram import DefinitionError, Process
from workflows.shipped import shipped_processes
from workflows.values import ExpressionError

_WAYLESS = {Code.ENDLESS, Code.GAVE_UP}


def with_shipped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with what ships: the tables, and the diagrams that are called and not given."""
    shared = {name: data for name, data in _shipped_files().items() if name.endswith(".bpmn")}
    found = dict(files)
    ahead = list(files)
    while ahead:
        missing = [f"{called}.bpmn" for called in _called(found[ahead.pop()])]
        new = {name: shared[name] for name in missing if name in shared and name not in found}
        found |= new
        ahead += new
    return {**shipped_tables(), **found}


def shipped_tables() -> dict[str, bytes]:
    """Return the decision tables that ship, by file name."""
    return {name: data for name, data in _shipped_files().items() if name.endswith(".dmn")}


def _shipped_files() -> dict[str, bytes]:
    return {name: data for files in shipped_processes().values() for name, data in files.items()}


def _drawn(data: bytes) -> list[Process]:
    """Return the process of a diagram; none where it is no diagram, which the check will tell."""
    try:
        return [read_process(data, "")]
    except DefinitionError:
        return []


def _called(data: bytes) -> list[str]:
    """Return the processes that a diagram calls."""
    return [node.called for process in _drawn(data) for node in process.nodes.values() if node.called]


def check_files(files: Mapping[str, bytes], process: str | None = None) -> Report:
    """Return what is wrong with the files of a process, without asking where its offices are."""
    return check(files, _words(files), process)


def check_process(
    session: Session, files: Mapping[str, bytes], on: date, process: str | None = None
) -> Report:
    """Return what is wrong with a process, its way through the offices of that day included."""
    return with_routing(session, check_files(files, process), files, on)


def with_routing(session: Session, report: Report, files: Mapping[str, bytes], on: date) -> Report:
    """Return the report on these files with what is wrong with their way through the offices of that day."""
    if not can_be_routed(report):
        return report
    sources, _ = read(files, report.process)
    assert sources is not None, "what has a process was read"
    asking = Asking(sources, _words(files))
    found = _routing(session, asking, sources, on, already_stuck=not report.publishable)
    return replace(report, findings=(*report.findings, *found))


def can_be_routed(report: Report) -> bool:
    """Whether the way of a case can be asked for: not while something is wrong with the tables that choose it.

    Nor where a case may never come to an end, or has too many ways to look at.
    """
    unknown = any(
        finding.code in _WAYLESS or (finding.file.endswith(".dmn") and finding.severity is Severity.ERROR)
        for finding in report.findings
    )
    return report.process is not None and not unknown


def _words(files: Mapping[str, bytes]) -> Vocabulary:
    """Return the words under the packs of these files, or of the shipped ones where these do not tell them."""
    shipped = Tables(shipped_tables()).tables
    processes = _processes(files)
    words = one_sided_words if _is_one_sided(files) else transfer_words
    try:
        return words({**shipped, **Tables(files).tables}, processes)
    except (DecisionError, ExpressionError, KeyError):
        return words(shipped, processes)


def _is_one_sided(files: Mapping[str, bytes]) -> bool:
    """Whether these diagrams are about one school: whether their lanes are seats of such a change."""
    drawn = [process for name, data in files.items() if name.endswith(".bpmn") for process in _drawn(data)]
    lanes = {node.lane for process in drawn for node in process.nodes.values()}
    return not lanes.isdisjoint(OWN_SEATS)


def _processes(files: Mapping[str, bytes]) -> list[str]:
    """Return the processes that a case can take: those that ship, and the given ones that no other calls."""
    drawn = [process for name, data in files.items() if name.endswith(".bpmn") for process in _drawn(data)]
    called = {node.called for process in drawn for node in process.nodes.values()}
    return sorted({*shipped_processes(), *[one.id for one in drawn if one.id not in called]})


def _routing(
    session: Session, asking: Asking, sources: Sources, on: date, *, already_stuck: bool
) -> list[Finding]:
    at = places(session, on)
    if not at:
        return [_finding(sources, Code.NO_OFFICES, "", "no bureau is known, so that nobody can be asked")]
    try:
        classes = list(routed(at, sources.definition))
    except DecisionError as error:
        return [] if already_stuck else [_finding(sources, Code.STUCK, "", str(error))]
    found: dict[tuple[Code, str, str], list[CaseClass]] = {}
    for code, path, message, kind in check_routing(sources.definition, classes, asking.told_apart):
        if not (code is Code.STUCK and already_stuck):
            found.setdefault((code, path, message), []).append(kind)
    return [
        replace(
            _finding(sources, code, path, f"{message} (in {len(kinds)} of {len(classes)} kinds of cases)"),
            classes=tuple(kinds[:CLASSES_TOLD]),
        )
        for (code, path, message), kinds in found.items()
    ]


def _finding(sources: Sources, code: Code, path: str, message: str) -> Finding:
    if path in sources.nodes:
        return sources.find(code, path, message)
    place = sources.scopes[""].place
    return Finding(code, place.source, place.line, place.element, message)
