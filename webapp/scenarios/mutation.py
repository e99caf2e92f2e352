"""Whether the scenarios notice it if a row of a decision table is lost, widened, or has its bound elsewhere."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Protocol, TypeAlias

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.scenarios.coverage import coverage_of
from webapp.scenarios.runner import Result, run_file
from webapp.scenarios.scratch import scratch
from webapp.services.processes.versions import answering_by, definition_of, versions
from workflows.decisions import DecisionError, DecisionTable, Rule, listening
from workflows.engine import CaseStuck
from workflows.mutants import Mutant, mutants_of
from workflows.values import Value

Key: TypeAlias = tuple[str, str, str]
"""A mutant: its table, its row, and how that differs."""
Case: TypeAlias = tuple[tuple[str, Value], ...]
"""The facts with which a table was asked."""

# What a table that answers otherwise, or not at all, can stop a service by.
STOPPED = (DecisionError, CaseStuck, AssertionError, LookupError)


@dataclass(frozen=True, slots=True)
class Observed:
    """A scenario as it runs by the tables that ship: how long, and with which facts it asks each table."""

    path: Path
    result: Result
    seconds: float
    asked: Mapping[str, frozenset[Case]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, and the scenarios in which its table says something else, the likeliest to fail first."""

    key: Key
    scenarios: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first scenario that failed by a mutant; none if it survived all of those that were tried."""

    key: Key
    killed_by: str | None
    tried: int


class Tester(Protocol):
    """Runs scenarios by tables that ship and by mutants, in one process or several."""

    def observe(self, paths: Iterable[Path]) -> Iterator[Observed]:
        """Run each scenario by the tables that ship."""

    def judge(self, trials: Iterable[Trial]) -> Iterator[Verdict]:
        """Run the scenarios of each trial by its mutant, until one fails."""


@cache
def mutants(table: str) -> Mapping[Key, Mutant]:
    """Return the mutants of a table that ships; those that could not even be read are left out."""
    (shipped,) = (one.table for one in coverage_of({}) if one.table.id == table)
    return {(table, each.rule.id, each.change): each for each in mutants_of(shipped) if each.is_readable}


def trials(tables: Iterable[str], observed: Sequence[Observed]) -> Iterator[Trial]:
    """Yield for each mutant of these tables the scenarios that could notice it, the likeliest first.

    That is in which its answers differ most often; of two the quicker one.
    """
    shipped = {one.table.id: one.table for one in coverage_of({})}
    for name in tables:
        asked = [(one, one.asked.get(name, frozenset())) for one in observed]
        cases = frozenset().union(*(each for _, each in asked))
        said = {case: _answer(shipped[name], case) for case in cases}
        for key, mutant in mutants(name).items():
            otherwise = {case for case in cases if _answer(mutant.table, case) != said[case]}
            noticing = [(one, len(otherwise & each)) for one, each in asked]
            by_likelihood = sorted(noticing, key=lambda pair: (-pair[1], pair[0].seconds))
            yield Trial(key, tuple(one.path for one, differing in by_likelihood if differing))


def _answer(table: DecisionTable, case: Case) -> list[Mapping[str, Value]] | None:
    try:
        return [hit.outputs for hit in table.hits(dict(case))]
    except DecisionError:
        return None


class Bench:
    """Runs scenarios in this process, on one seeded database."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        with Session(engine) as session:
            for version in versions(session):
                definition_of(session, version.id, version.sha256)

    def observe(self, paths: Iterable[Path]) -> Iterator[Observed]:
        """Run each scenario by the tables that ship."""
        return map(self.observe_one, paths)

    def judge(self, trials: Iterable[Trial]) -> Iterator[Verdict]:
        """Run the scenarios of each trial by its mutant, until one fails."""
        return map(self.judge_one, trials)

    def observe_one(self, path: Path) -> Observed:
        """Run one scenario by the tables that ship."""
        asked: dict[str, set[Case]] = {}

        def listener(table: DecisionTable, _: Sequence[Rule], facts: Mapping[str, Value]) -> None:
            known = {name: facts[name] for name in table.names if name in facts}
            asked.setdefault(table.id, set()).add(tuple(sorted(known.items())))

        began = time.perf_counter()
        with (
            listening(listener),
            answering_by(),
        ):  # or an answer remembered from another scenario is not asked for
            result = run_file(self._engine, self._settings, path)
        cases = {table: frozenset(each) for table, each in asked.items()}
        return Observed(path, result, time.perf_counter() - began, cases)

    def judge_one(self, trial: Trial) -> Verdict:
        """Run the scenarios of one trial."""
        with answering_by(mutants(trial.key[0])[trial.key].table):
            for tried, path in enumerate(trial.scenarios, 1):
                if not self._holds(path):
                    return Verdict(trial.key, path.stem, tried)
        return Verdict(trial.key, None, len(trial.scenarios))

    def _holds(self, path: Path) -> bool:
        try:
            return run_file(self._engine, self._settings, path).ok
        except STOPPED:
            return False


class _Processes:
    """Runs scenarios in several processes, each with a database of its own."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def observe(self, paths: Iterable[Path]) -> Iterator[Observed]:
        return self._pool.map(_observe, paths)

    def judge(self, trials: Iterable[Trial]) -> Iterator[Verdict]:
        return self._pool.map(_judge, trials)


@contextmanager
def testers(processes: int) -> Iterator[Tester]:
    """Something that runs scenarios in that many processes, within the block."""
    if processes == 1:
        with scratch() as (engine, settings):
            yield Bench(engine, settings)
    else:
        with ProcessPoolExecutor(processes, get_context("spawn"), _begin) as pool:
            yield _Processes(pool)


_benches: list[Bench] = []  # of a process that runs for another: one


def _begin() -> None:
    stack = ExitStack()
    Finalize(stack, stack.close, exitpriority=1)
    _benches.append(Bench(*stack.enter_context(scratch())))


def _observe(path: Path) -> Observed:
    return _benches[0].observe_one(path)


def _judge(trial: Trial) -> Verdict:
    return _benches[0].judge_one(trial)
