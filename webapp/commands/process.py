"""`xueji process`: which processes are published, and what one asks of whom."""

import json
from collections.abc import Mapping, Sequence

import click
from sqlalchemy.exc import NoResultFound

from models import ProcessVersion
from webapp.commands.sessions import command_session
from webapp.services.processes import definition_in_force, versions
from workflows.definition import Step

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def process() -> None:
    """List the published processes; show the steps of one."""


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
        f"  {step.seat} {step.role}: {step.name}{_conditions(step)}" for step in definition.steps.values()
    ]
    tables = f"tables: {', '.join(sorted(definition.decisions))}"
    _tell(facts, "\n".join([f"{name} v{version.number}  {version.title}", *steps, tables]), as_json=as_json)


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
        "role": step.role,
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
