"""`xueji rules coverage`: which rows of the decision tables the scenarios hit, and which none does."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

import webapp
from webapp.scenarios.coverage import Coverage, Rows, RowsError, coverage_of, read_rows, rows_hit, together
from webapp.scenarios.runner import Result, run_file
from webapp.scenarios.scratch import scratch

SHIPPED = Path(webapp.__file__).parents[1] / "tests" / "scenarios"
SCENARIOS = "*.yaml"


@click.command()
@click.argument("paths", metavar="[FILE|DIR]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--only", is_flag=True, help="Run the given scenarios alone, without those that ship.")
@click.option(
    "--also",
    "others",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Count the rows in this file too, which pytest --rules-coverage=FILE has written.",
)
@click.option("--strict", is_flag=True, help="Fail if a row has no example that ought to have one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coverage(
    paths: Sequence[Path], *, only: bool, others: Sequence[Path], strict: bool, as_json: bool
) -> None:
    """Run the scenarios that ship and those in FILEs or DIRs, and list the rows of tables that none of them hits.

    Exit code 1 if a scenario fails, or with --strict if a row of a table of eligibility, levels, papers, governing
    processes or limits is hit by none.
    """
    files, rows = scenario_files(paths, only=only), [_read(path) for path in others]
    failed = []
    for result, hit in _run(files):
        if result.ok:  # what does not hold is no example of a rule
            rows.append(hit)
        else:
            failed.append(result)
    covered = coverage_of(together(*rows))
    if as_json:
        click.echo(json.dumps(_facts(len(files), failed, covered), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(len(files), failed, covered)))
    if failed or (strict and any(one.missed for one in covered if one.is_demanded)):
        raise SystemExit(1)


def scenario_files(paths: Sequence[Path], *, only: bool) -> list[Path]:
    """Return the files of the scenarios that ship, and in these files and folders; or in these only."""
    places = paths if only else [SHIPPED, *paths]
    if not all(place.exists() for place in places):
        raise click.UsageError(f"no scenarios ship with this installation ({SHIPPED}); give some, and --only")
    files = [
        file for place in places for file in (sorted(place.glob(SCENARIOS)) if place.is_dir() else [place])
    ]
    if not files:
        raise click.UsageError(f"there are no scenarios ({SCENARIOS}) to run; give some")
    return list(dict.fromkeys(file.resolve() for file in files))


def _read(path: Path) -> Rows:
    try:
        return read_rows(path)
    except RowsError as error:
        raise click.UsageError(f"{path}: {error}") from error


def _run(files: Sequence[Path]) -> Iterator[tuple[Result, Rows]]:
    with scratch() as (engine, settings):
        for file in files:
            with rows_hit() as hit:
                result = run_file(engine, settings, file)
            yield result, hit


def _facts(scenarios: int, failed: Sequence[Result], covered: Sequence[Coverage]) -> dict[str, object]:
    return {
        "scenarios": scenarios,
        "failed": [{"id": result.id, "failure": result.failure} for result in failed],
        "tables": [
            {
                "table": one.table.id,
                "rows": len(one.table.rules),
                "hit": len(one.hit),
                "demanded": one.is_demanded,
                "missed": [
                    {"row": rule.row, "id": rule.id, "annotation": rule.annotation} for rule in one.missed
                ],
            }
            for one in covered
        ],
    }


def _lines(scenarios: int, failed: Sequence[Result], covered: Sequence[Coverage]) -> Iterator[str]:
    for result in failed:
        yield f"failed {result.id} {result.failure}"
    for one in covered:
        yield f"{one.table.id}  {len(one.hit)} of {len(one.table.rules)} rows"
        for rule in one.missed:
            yield f"  no example of row {rule.row} ({rule.id})  {rule.annotation}"
    hit, rows = sum(len(one.hit) for one in covered), sum(len(one.table.rules) for one in covered)
    yield f"{scenarios} scenarios, {hit} of {rows} rows of {len(covered)} tables"
