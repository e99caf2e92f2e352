"""`xueji rules mutate`: which changes of the decision tables no scenario notices."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import click

from webapp.commands.rules_coverage import SHIPPED, scenario_files
from webapp.scenarios.coverage import coverage_of
from webapp.scenarios.explained import ExplainedError, read_explanations
from webapp.scenarios.mutation import Key, Tester, Verdict, testers, trials

EXPLAINED = SHIPPED.with_name("equivalent_mutants.yaml")
MOST_PROCESSES = 2
TOLD_EVERY = 25
Thing = TypeVar("Thing")


@click.command()
@click.argument("paths", metavar="[FILE|DIR]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--only", is_flag=True, help="Run the given scenarios alone, without those that ship.")
@click.option("--table", "tables", multiple=True, help="Change this table only; as often as wanted.")
@click.option(
    "--explained",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Why some survive, instead of tests/equivalent_mutants.yaml.",
)
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=min(MOST_PROCESSES, os.cpu_count() or 1),
    show_default=True,
    help="How many run side by side.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def mutate(
    paths: Sequence[Path],
    *,
    only: bool,
    tables: Sequence[str],
    explained: Path | None,
    processes: int,
    as_json: bool,
) -> None:
    """Change the decision tables in one place after another, and list the changes by which no scenario fails.

    A row is deleted, one of its conditions dropped, or one of its bounds moved by one. Only tables are changed of
    which every row ought to have an example. Exit code 1 if a survivor is not explained, or an explained one killed.
    """
    files, names = scenario_files(paths, only=only), _tables(tables)
    reasons = {key: why for key, why in _explained(explained).items() if key[0] in names}
    with testers(processes) as tester:
        verdicts = _verdicts(tester, files, names)
    told = _told(verdicts, reasons)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(told)))
    if told["unexplained"] or told["needless"]:
        raise SystemExit(1)


def _tables(wanted: Sequence[str]) -> list[str]:
    demanded = [one.table.id for one in coverage_of({}) if one.is_demanded]
    if unknown := sorted({*wanted} - {*demanded}):
        raise click.UsageError(f"no such table: {', '.join(unknown)}; there are {', '.join(demanded)}")
    return [name for name in demanded if name in wanted] if wanted else demanded


def _explained(path: Path | None) -> Mapping[Key, str]:
    if path is None and not EXPLAINED.exists():
        return {}
    try:
        return read_explanations(path or EXPLAINED)
    except ExplainedError as error:
        raise click.UsageError(f"{path or EXPLAINED}: {error}") from error


def _verdicts(tester: Tester, files: Sequence[Path], tables: Sequence[str]) -> list[Verdict]:
    """Return what became of every mutant; exits if a scenario fails by the tables as they are."""
    observed = list(_counted("scenarios", tester.observe(files), len(files)))
    if failed := [one.result for one in observed if not one.result.ok]:
        for result in failed:
            click.echo(f"failed {result.id} {result.failure}", err=True)
        raise SystemExit(1)
    wanted = list(trials(tables, observed))
    return list(_counted("mutants", tester.judge(wanted), len(wanted)))


def _counted(what: str, things: Iterable[Thing], total: int) -> Iterator[Thing]:
    """Yield them, and tell how far it is, for it takes minutes."""
    for done, thing in enumerate(things, 1):
        yield thing
        if done % TOLD_EVERY == 0 or done == total:
            click.echo(f"{done} of {total} {what}", err=True)


def _told(
    verdicts: Sequence[Verdict], reasons: Mapping[Key, str]
) -> dict[str, list[dict[str, object]] | int]:
    survivors = [verdict for verdict in verdicts if verdict.killed_by is None]
    alive = {verdict.key for verdict in survivors}
    return {
        "mutants": len(verdicts),
        "killed": len(verdicts) - len(survivors),
        "explained": [_named(key) | {"why": why} for key, why in reasons.items() if key in alive],
        "unexplained": [
            _named(verdict.key) | {"tried": verdict.tried}
            for verdict in survivors
            if verdict.key not in reasons
        ],
        "needless": [_named(key) | {"why": why} for key, why in reasons.items() if key not in alive],
    }


def _named(key: Key) -> dict[str, object]:
    return dict(zip(("table", "row", "mutation"), key, strict=True))


def _lines(told: Mapping[str, list[dict[str, object]] | int]) -> Iterator[str]:
    said = {
        "unexplained": "survives, and no scenario of {tried} notices it",
        "needless": "is explained, but does not survive: {why}",
    }
    for kind, words in said.items():
        listed = told[kind]
        assert isinstance(listed, list)
        for one in listed:
            yield f"{one['table']}  {one['row']}  {one['mutation']}  {words.format_map(one)}"
    explained = told["explained"]
    assert isinstance(explained, list)
    yield f"{told['mutants']} mutants, {told['killed']} killed, {len(explained)} explained"
