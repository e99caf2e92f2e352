"""Transfers on several roads approved at the same time, by processes that share nothing but the database."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache, partial
from time import perf_counter

from sqlalchemy import Engine, create_engine

from bench.approving import Pace, service
from bench.cases import Road, Waiting, copy_case, waiting_tasks
from bench.site import Site
from webapp import clock
from webapp.config import DEMO_BEGINS, Settings
from webapp.database import sqlalchemy_url

TRANSFERS_AT_ONCE = 20  # on each road, prepared outside the time that counts
STEPS = 5  # of a transfer before its last

Plan = Callable[[Sequence[Sequence[Waiting]]], Callable[[], object]]


def approve_at_once(site: Site, roads: Sequence[Road], plan: Plan, seconds: float) -> float:
    """Return the approvals per second on all roads together; a plan turns each road's tasks into what is timed."""
    pace = Pace()
    while pace.seconds < seconds:
        with site.connection() as connection:
            cases = [(road, copy_case(connection, road, TRANSFERS_AT_ONCE)) for road in roads]
            for _ in range(STEPS):
                waiting = [waiting_tasks(connection, road, case_ids) for road, case_ids in cases]
                approve = plan(waiting)
                begin = perf_counter()
                approve()
                pace += Pace(sum(map(len, waiting)), perf_counter() - begin)
    return pace.per_second


@dataclass(frozen=True)
class Processes:
    """Processes that approve by the service, each road by one of them."""

    site: Site
    executor: Executor

    def plan(self, waiting: Sequence[Sequence[Waiting]]) -> Callable[[], object]:
        """Return what lets the processes approve, each the tasks of one road, and waits until all have."""
        work = partial(_approve_all, self.site.url, self.site.settings)
        return lambda: list(self.executor.map(work, waiting))


def _approve_all(url: str, settings: Settings, waiting: Sequence[Waiting]) -> None:
    approve = service(Site(url, _engine_at(url), settings))
    for each in waiting:
        approve(each)


@cache
def _engine_at(url: str) -> Engine:
    """Return this process's own connections, and set its clock."""
    clock.run_from(DEMO_BEGINS)
    return create_engine(sqlalchemy_url(url))
