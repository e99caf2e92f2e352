"""A thousand tasks of one step approved together by the worker, beside as many approved one after the other.

Both in one process. Sending them, which asks the rules of each case as its page would, has a figure of its own.
"""

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

from bench.approving import OPINION, prepared_roads, service
from bench.cases import Road, Waiting, copy_case, waiting_tasks
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, own_site
from models.enums import BulkResult
from webapp import clock
from webapp.services.cases.bulk_lists import bulk_for
from webapp.services.cases.bulk_runs import run_due
from webapp.services.cases.bulks import approve_together

TASKS = 1_000
STEPS_BEFORE = 2  # of the receiving school, which are not approved together

ApproveAll = Callable[[Site, Sequence[Waiting]], dict[str, float]]


def measure(*, rounds: int = 5) -> Figures:
    """Return approvals per second of both ways, their ratio, and how many a second are sent."""
    with own_site() as site, prepared_roads(site, 1) as (roads, _):
        ways = {"single": one_by_one, "bulk": together}
        sides = {name: partial(_turn, site, roads[0], approve) for name, approve in ways.items()}
        turns = in_turn(sides, rounds=rounds, seconds=0)
    paces = {name: [turn["approved"] for turn in taken] for name, taken in turns.items()}
    return merged(
        *(figure(f"{name}_per_s", values) for name, values in paces.items()),
        ratio("bulk_over_single", paces["bulk"], paces["single"]),
        figure("sent_per_s", [turn["sent"] for turn in turns["bulk"]]),
    )


def one_by_one(site: Site, waiting: Sequence[Waiting]) -> dict[str, float]:
    """Approve each task by itself, in a session of its own as a request has."""
    approve, begin = service(site), perf_counter()
    for each in waiting:
        approve(each)
    return {"approved": len(waiting) / (perf_counter() - begin)}


def together(site: Site, waiting: Sequence[Waiting]) -> dict[str, float]:
    """Send all tasks, and let half a minute pass before the worker has its turn."""
    officer, begin = waiting[0].officer, perf_counter()
    with site.session() as session:
        versions = {each.task_id: each.version for each in waiting}
        bulk = approve_together(session, officer, versions, opinion=OPINION)
        bulk_id, runs_at = bulk.id, bulk.runs_at
    sent = perf_counter()
    with site.session() as session, clock.freeze(runs_at):
        while run_due(session):
            pass
        seconds = perf_counter() - sent
        assert bulk_for(session, officer, bulk_id).counts == {BulkResult.DONE: len(waiting)}
    return {"approved": len(waiting) / seconds, "sent": len(waiting) / (sent - begin)}


def _turn(site: Site, road: Road, approve_all: ApproveAll, _seconds: float) -> dict[str, float]:
    """Bring new cases to the county, which does not count, and let them be approved there."""
    approve = service(site)
    with site.connection() as connection:
        case_ids = copy_case(connection, road, TASKS)
        for _ in range(STEPS_BEFORE):
            for each in waiting_tasks(connection, road, case_ids):
                approve(each)
        return approve_all(site, waiting_tasks(connection, road, case_ids))
