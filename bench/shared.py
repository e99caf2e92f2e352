"""Sixteen officers of one post decide the same eight tasks at the same moment, over HTTP.

One of them decides each task. The others read on its page who did: never an error.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles
from threading import Barrier
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.browsers import HOST, Browser, filled_in, sign_in
from bench.cases import PASSWORD, Road, Waiting, make_roads, more_cases, waiting_tasks
from bench.http import web_server
from bench.rounds import Figures, figure, merged
from bench.site import Site, own_site
from models import Office, Task
from models.enums import Outcome
from webapp.services.demo import makers
from webapp.services.people.accounts import HASHER

OFFICERS, TASKS = 16, 8
DECIDED, TOLD = 303, 409


@dataclass(frozen=True, slots=True)
class Told:
    """What an officer was answered about one task, how late, and the page."""

    officer: str
    task_id: int
    status: int
    seconds: float
    page: str


def measure(*, rounds: int = 10) -> Figures:
    """Return how many decide a task, how many errors are shown, and after how many milliseconds they are answered."""
    with own_site() as site:
        with site.session() as session:
            road = make_roads(session, 1)[0]
            _, case_ids = more_cases(session, road, rounds * TASKS)
            names = _colleagues(session, road)
        with web_server(site, processes=2) as port:
            browsers = {name: sign_in(port, login, PASSWORD) for login, name in names.items()}
            shared = [case_ids[first : first + TASKS] for first in range(0, len(case_ids), TASKS)]
            return _figures([_race(_waiting(site, road, cases), port, browsers) for cases in shared])


def _figures(turns: Sequence[Sequence[Told]]) -> Figures:
    told = [one for turn in turns for one in turn]
    winners = {one.task_id: one.officer for one in told if one.status == DECIDED}
    deciders = Counter(one.task_id for one in told if one.status == DECIDED)
    unnamed = sum(one.status == TOLD and winners[one.task_id] not in one.page for one in told)
    counted = {
        "tasks": len({one.task_id for one in told}),
        "tasks_decided_once": sum(times == 1 for times in deciders.values()),
        "losers_not_told_who": unnamed,
        "errors_shown": sum(one.status not in (DECIDED, TOLD) for one in told),
    }
    late = [1000 * quantiles([one.seconds for one in turn], n=20)[-1] for turn in turns]
    return merged(counted, figure("answered_p95_ms", late))


def _colleagues(session: Session, road: Road) -> Mapping[str, str]:
    """Let so many hold the post that has the first task; return their names by login. Commits."""
    task = session.scalars(select(Task).where(Task.change_request_id == road.case_id)).one()
    office, password_hash = session.get_one(Office, task.office_id), HASHER.hash(PASSWORD)
    names = {f"officer-{number}": f"经办{number}号" for number in range(OFFICERS)}
    for login, name in names.items():
        account = makers.an_account(session, name, login, password_hash)
        makers.an_officer(session, office, task.role, account=account)
    session.commit()
    return names


def _waiting(site: Site, road: Road, case_ids: Sequence[int]) -> Sequence[Waiting]:
    with site.connection() as connection:
        return waiting_tasks(connection, road, case_ids)


def _race(waiting: Sequence[Waiting], port: int, browsers: Mapping[str, Browser]) -> list[Told]:
    """Let everybody decide every task, and begin at the same moment."""
    together = Barrier(len(browsers))

    def decide_all(officer: str) -> list[Told]:
        with closing(HTTPConnection(HOST, port, timeout=30)) as connection:
            together.wait()
            return [_decide(connection, officer, browsers[officer], task) for task in waiting]

    with ThreadPoolExecutor(len(browsers)) as threads:
        return [told for turn in threads.map(decide_all, browsers) for told in turn]


def _decide(connection: HTTPConnection, officer: str, browser: Browser, task: Waiting) -> Told:
    said = {"outcome": Outcome.APPROVE, "version": task.version}
    post = filled_in(browser, f"/tasks/{task.task_id}/decide", leads_to="/inbox", **said)
    begin = perf_counter()
    connection.request("POST", post.path, post.body, dict(post.headers))
    with connection.getresponse() as answer:
        page = answer.read().decode()
    return Told(officer, task.task_id, answer.status, perf_counter() - begin, page)
