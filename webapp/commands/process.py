"""`xueji process`: which processes are published, what one asks of whom, and whether a drawing may be."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import NoResultFound

from models import ProcessVersion
from webapp import clock
from webapp.commands.sessions import command_session
from webapp.services.offices.bureaus import load_divisions_and_bureaus
from webapp.services.process_check.checking import can_be_routed, check_files, with_routing, with_shipped
from webapp.services.processes.versions import definition_in_force, versions
from workflows.check import CaseClass, Finding, Report
from workflows.definition import Step
from workflows.values import Value
from workflows.xml import MAX_BYTES

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def process() -> None:
    """List the published processes; show the steps of one; check the files of a new one."""


@process.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """List the versions of all processes, newest first."""
    with command_session() as session:
        published = [_version_facts(version) for version in versions(session)]
    lines = [
        f"{facts['process']} v{facts['version']}  {facts['title']}  {'in force' if facts['in_force'] else 'retired'}"
        for facts in published
    ]
    _tell(published, "\n".join(lines) or "Nothing is published; run: xueji setup", as_json=as_json)


@process.command()
@click.argument("name", metavar="PROCESS")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Show the version of PROCESS in force: its steps in the order of the diagram, and its tables."""
    with command_session() as session:
        try:
            version, definition = definition_in_force(session, name)
        except NoResultFound:
            known = ", ".join(sorted({version.process for version in versions(session)})) or "none"
            raise click.BadParameter(f"there is no process {name}; published are: {known}") from None
        facts = _version_facts(version) | {
            "steps": [_step_facts(step) for step in definition.steps.values()],
            "tables": sorted(definition.decisions),
        }
    steps = [
        f"  {step.seat} {' '.join(step.roles)}: {step.name}{_conditions(step)}"
        for step in definition.steps.values()
    ]
    tables = f"tables: {', '.join(sorted(definition.decisions))}"
    _tell(facts, "\n".join([f"{name} v{version.number}  {version.title}", *steps, tables]), as_json=as_json)


@process.command()
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--process", "name", metavar="ID", help="The process, if no other calls several of them.")
@json_option
def check(paths: tuple[Path, ...], name: str | None, *, as_json: bool) -> None:
    """Check a process before it is published: its .bpmn FILEs and .dmn that replace shipped tables.

    Tables that ship, and diagrams that ship and are called, need not be given.

    Exit code 0: it may be published; 1: it may not; 2: this is no command.
    """
    files = with_shipped(_files(paths))
    report = check_files(files, name)
    if can_be_routed(report):
        with command_session() as session:
            load_divisions_and_bureaus(session)  # for this check alone, where nobody has loaded them
            report = with_routing(session, report, files, clock.today())
    _tell(_report_facts(report), _report_words(report), as_json=as_json)
    sys.exit(0 if report.publishable else 1)


def _files(paths: Sequence[Path]) -> dict[str, bytes]:
    """Read the files, of one that is too large only so much that it is seen to be."""
    files: dict[str, bytes] = {}
    for path in paths:
        if path.name in files:
            raise click.UsageError(f"two of the files are called {path.name}")
        with path.open("rb") as file:
            files[path.name] = file.read(MAX_BYTES + 1)
    if not any(name.endswith(".bpmn") for name in files):
        raise click.UsageError("none of the files is a diagram (.bpmn)")
    return files


def _report_facts(report: Report) -> dict[str, object]:
    return {
        "process": report.process,
        "publishable": report.publishable,
        "explored": {"states": report.states, "gave_up": report.gave_up},
        "findings": [_finding_facts(finding) for finding in report.findings],
    }


def _finding_facts(finding: Finding) -> dict[str, object]:
    log = finding.counter_example
    return {
        "severity": finding.severity,
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "element": finding.element,
        "message": finding.message,
        "remedy": finding.remedy,
        "counter_example": log
        if log is None
        else [{"task": one.task, "outcome": one.outcome} for one in log],
        "classes": [_class_facts(kind) for kind in finding.classes],
    }


def _class_facts(kind: CaseClass) -> dict[str, object]:
    return {"name": kind.name, "facts": {name: _plain(value) for name, value in kind.facts.items()}}


def _plain(value: Value) -> object:
    """Return a value as JSON has it: numbers with a point and days as text."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _report_words(report: Report) -> str:
    lines = []
    for finding in report.findings:
        lines.append(str(finding))
        if finding.counter_example is not None:
            way = ", ".join(f"{one.task} {one.outcome}" for one in finding.counter_example)
            lines.append(f"  seen after: {way or 'the start'}")
        lines += [f"  in: {kind.name}" for kind in finding.classes[:1] if kind.name]
    verdict = "may be published" if report.publishable else "may not be published"
    return "\n".join(
        [*lines, f"{report.process or 'The process'} {verdict}; {report.states:,} states explored"]
    )


def _version_facts(version: ProcessVersion) -> dict[str, object]:
    return {
        "process": version.process,
        "version": version.number,
        "title": version.title,
        "in_force": version.retired_at is None,
        "published_at": version.published_at.isoformat(),
        "retired_at": version.retired_at and version.retired_at.isoformat(),
        "sha256": version.sha256,
    }


def _step_facts(step: Step) -> dict[str, object]:
    return {
        "id": step.id,
        "name": step.name,
        "seat": step.seat,
        "roles": step.roles,
        "mode": step.mode,
        "due": step.due and step.due.text,
        "skip_when": step.skip_when and step.skip_when.text,
        "outcomes": step.outcomes,
        "separate_from": step.separate_from,
        "blocking": step.blocking,
    }


def _conditions(step: Step) -> str:
    filing = "" if step.blocking else ", filing only (备案)"
    return filing + (f", skipped when {step.skip_when.text}" if step.skip_when else "")


def _tell(facts: Sequence[object] | Mapping[str, object], words: str, *, as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else words)
