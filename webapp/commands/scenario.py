"""`xueji scenario`: examples of the law, run on a scratch database."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from webapp.scenarios.runner import Result, run_file
from webapp.scenarios.scratch import scratch


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def scenario(files: Sequence[Path], *, as_json: bool) -> None:
    """Run the scenarios in FILES (YAML: docs/scenarios.md); exit code 1 if one fails."""
    results = []
    for result in _run(files):
        results.append(result)
        if not as_json:
            click.echo(_line(result))
    if as_json:
        facts = [{"id": each.id, "ok": each.ok, "failure": each.failure} for each in results]
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    if not all(result.ok for result in results):
        raise SystemExit(1)


def _run(files: Sequence[Path]) -> Iterator[Result]:
    with scratch() as (engine, settings):
        for file in files:
            yield run_file(engine, settings, file)


def _line(result: Result) -> str:
    return f"ok {result.id} {result.title}" if result.ok else f"failed {result.id} {result.failure}"
