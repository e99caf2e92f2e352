"""Runs a bench by its name, or all of them."""

import argparse
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench import (
    actions,
    approvals,
    bulk,
    chaos,
    check,
    cpu,
    delivery,
    http,
    inbox,
    night,
    parallel,
    rules,
    shared,
    start,
    timers,
)
from bench.rounds import Figures

BENCHES: Mapping[str, Callable[..., Figures]] = {
    "approvals": approvals.measure,
    "actions": actions.measure,
    "parallel": parallel.measure,
    "bulk": bulk.measure,
    "http": http.measure,
    "inbox": inbox.measure,
    "start": start.measure,
    "cpu": cpu.measure,
    "check": check.measure,
    "delivery": delivery.measure,
    "timers": timers.measure,
    "night": night.measure,
    "rules": rules.measure,
    "shared": shared.measure,
    "chaos": chaos.measure,
}


def main() -> None:
    """Run the bench that the command line names, or all, and print their figures; exit code 1 if one finds a fault."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=BENCHES, help="leave it out to run all")
    parser.add_argument("--json", action="store_true", help="print one JSON object: figures by bench")
    parser.add_argument("--rounds", type=int, help="how often every side takes its turn")
    parser.add_argument("--seconds", type=float, help="how long a turn lasts")
    parser.add_argument("--kills", type=int, help="how often chaos kills")
    parser.add_argument("--seed", type=int, help="of the dice that chaos throws")
    parser.add_argument(
        "--explain", action="store_true", default=None, help="show the plans of the inbox's page"
    )
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    as_json = given.pop("json")
    only = given.pop("name", None)
    figures = {name: _run(BENCHES[name], given) for name in ([only] if only else BENCHES)}
    if as_json:
        print(json.dumps(figures))
    else:
        for name, measured in figures.items():
            print(name, *_lines(measured), sep="\n")
    if any(measured.get("findings") for measured in figures.values()):
        raise SystemExit(1)


def _lines(measured: Figures) -> Iterator[str]:
    """Each figure on a line, its spread behind it."""
    spread = [f"{name}_{end}" for name in measured for end in ("min", "max")]
    for name, value in measured.items():
        if name not in spread:
            ends = [f"{measured[end]:.3f}" for end in (f"{name}_min", f"{name}_max") if end in measured]
            yield f"  {name:36}{value:10.3f}   {' – '.join(ends)}".rstrip()


def _run(measure: Callable[..., Figures], options: Mapping[str, Any]) -> Figures:
    """Run a bench with those of the options that it takes."""
    taken = options.keys() & inspect.signature(measure).parameters.keys()
    return dict(measure(**{name: options[name] for name in taken}))


if __name__ == "__main__":
    main()
