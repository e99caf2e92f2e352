"""Approvals as whole requests through the web server, by one process and by two, beside `bench.floor`.

Officers post the form of the task page, each from a process of his own; they, the web server and PostgreSQL share the
machine. Only approvals that move a case on are counted. Two processes are two servers with one process each, so that
both have the same number of officers, as behind a balancer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from signal import SIGTERM
from socket import create_server
from time import sleep

from bench.approving import OPINION, approve_for, prepared_roads
from bench.at_once import approve_at_once
from bench.browsers import HOST, Browser, Post, answers, filled_in, send, sign_in
from bench.cases import PASSWORD, Road, Waiting
from bench.floor import Floor
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, own_site
from models.enums import Outcome
from webapp.commands.run import WEB, environment
from webapp.host.children import spawn, stop

BUSY = 4  # officers at a time who keep a process busy
WARMING_UP = 0.1  # seconds
PATIENCE = 10.0


def measure(*, rounds: int = 8, seconds: float = 0.6) -> Figures:
    """Return approvals per second of one process and of two, each busy, or with one officer at a time."""
    with (
        own_site() as site,
        prepared_roads(site, BUSY) as (roads, floor),
        web_server(site) as here,
        web_server(site) as there,
        ProcessPoolExecutor(2 * BUSY) as executor,
    ):
        officers = Officers(site, roads, signed_in(here, roads), executor)
        sides: dict[str, Callable[[float], float]] = {
            "floor": partial(pace_of_floor, site, roads[0], floor),
            "one_process": partial(officers.pace, BUSY * [here]),
            "two_processes": partial(officers.pace, BUSY * [here, there]),
            "one_process_one_officer": partial(officers.pace, [here]),
            "two_processes_one_officer": partial(officers.pace, [here, there]),
        }
        in_turn(sides, rounds=1, seconds=WARMING_UP)
        return compared(in_turn(sides, rounds=rounds, seconds=seconds))


def pace_of_floor(site: Site, road: Road, floor: Floor, seconds: float) -> float:
    """Return the approvals per second that the floor writes."""
    return approve_for(site, road, floor.approve, seconds).on_the_way.per_second


def compared(paces: Mapping[str, Sequence[float]]) -> Figures:
    """Return each side's approvals per second, and what they are beside each other."""
    one, two = paces["one_process"], paces["two_processes"]
    alone, both = paces["one_process_one_officer"], paces["two_processes_one_officer"]
    return merged(
        *(figure(f"{name}_per_s", values) for name, values in paces.items()),
        ratio("one_process_over_floor", one, paces["floor"]),
        ratio("two_processes_over_one", two, one),
        ratio("two_processes_over_one_one_officer", both, alone),
    )


@dataclass(frozen=True)
class Officers:
    """The officers of several roads with their browsers, and the processes that post for them."""

    site: Site
    roads: Sequence[Road]
    browsers: Mapping[str, Browser]
    executor: Executor

    def pace(self, ports: Sequence[int], seconds: float) -> float:
        """Return the approvals per second when an officer works at each of the web servers' ports, time and again."""
        roads = list(islice(cycle(self.roads), len(ports)))
        return approve_at_once(self.site, roads, partial(self._plan, ports), seconds)

    def _plan(self, ports: Sequence[int], waiting: Sequence[Sequence[Waiting]]) -> Callable[[], object]:
        posts = [[self._approval(task) for task in tasks] for tasks in waiting]
        return lambda: list(self.executor.map(send, ports, posts))

    def _approval(self, waiting: Waiting) -> Post:
        return filled_in(
            self.browsers[waiting.officer.login],
            f"/tasks/{waiting.task_id}/decide",
            leads_to="/inbox",
            outcome=Outcome.APPROVE,
            version=waiting.version,
            opinion=OPINION,
        )


def signed_in(port: int, roads: Sequence[Road]) -> dict[str, Browser]:
    """Let the officers of the roads sign in; return their browsers by login."""
    logins = [officer.login for road in roads for officer in road.officers.values()]
    return {login: sign_in(port, login, PASSWORD) for login in logins}


@contextmanager
def web_server(site: Site, processes: int = 1) -> Iterator[int]:
    """Run a web server of one process or more, as `xueji run` does; its port, once it answers there."""
    with create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    settings = site.settings.model_copy(update={"host": HOST, "port": port, "web_processes": processes})
    server = spawn(WEB, env=environment(settings, site.url))
    try:
        while not answers(port):
            assert server.poll() is None, "the web server ended"
            sleep(0.05)
        yield port
    finally:
        stop(server, SIGTERM, patience=PATIENCE)
