"""Transfers between two counties, approved by the service from their opening to their end: six approvals each.

Five of these move a case on; the last one changes the student's record besides and has a pace of its own. Every
approval has a session of its own, as a request has.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy.orm import Session

from bench.cases import PASSWORD, Road, Waiting, copy_case, make_roads, staff_bureaus, waiting_tasks
from bench.floor import Floor
from bench.site import Site
from models.enums import Outcome
from webapp import clock
from webapp.policy import Person
from webapp.services.cases.decisions import decide
from webapp.services.people.accounts import account_of, sign_in

TRANSFERS_AT_ONCE = 20  # prepared together, outside the time that counts
TRANSFERS_WAITING = 5_000  # that lie open all the while
OPINION = "材料齐全"

Approve = Callable[[Waiting], None]


@dataclass(frozen=True)
class Pace:
    """How many approvals were made, in how many seconds."""

    approvals: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Pace") -> "Pace":
        """Return the pace of both together."""
        return Pace(self.approvals + other.approvals, self.seconds + other.seconds)

    @property
    def per_second(self) -> float:
        """Approvals per second."""
        return self.approvals / self.seconds


@dataclass(frozen=True)
class Turn:
    """The paces of one side's turn: of the approvals that moved a case on, and of the last ones."""

    on_the_way: Pace = Pace()
    last: Pace = Pace()

    def __add__(self, other: "Turn") -> "Turn":
        """Return both together."""
        return Turn(self.on_the_way + other.on_the_way, self.last + other.last)

    @property
    def whole(self) -> Pace:
        """The pace of all approvals of whole transfers."""
        return self.on_the_way + self.last


@contextmanager
def prepared_roads(
    site: Site, number: int, waiting: int = TRANSFERS_WAITING
) -> Iterator[tuple[list[Road], Floor]]:
    """Roads on which that many transfers wait in all, and the floor that writes what the service wrote for one."""
    with site.session() as session:
        roads = make_roads(session, number)
    with site.connection() as connection:
        staff_bureaus(connection)
        for road in roads:
            copy_case(connection, road, waiting // number)
        connection.execute("VACUUM ANALYZE")
        floor = Floor(connection)
        by_service = service(site)

        def by_both(task: Waiting) -> None:
            by_service(task)
            floor.learn(task)

        approve_to_the_end(site, roads[0], 1, by_both)
        yield roads, floor


def service(site: Site) -> Approve:
    """Return the service's way to approve when the officer is known."""

    def approve(waiting: Waiting) -> None:
        with site.session() as session:
            _decide(session, waiting.officer, waiting)

    return approve


def signed_in_service(site: Site, road: Road) -> Approve:
    """Return the service's way to approve when the officer must be looked up by the token of the sign-in."""
    with site.session() as session:
        tokens = {
            officer.login: sign_in(session, officer.login, PASSWORD, address="127.0.0.1")
            for officer in road.officers.values()
        }

    def approve(waiting: Waiting) -> None:
        with site.session() as session:
            officer = account_of(session, tokens[waiting.officer.login], clock.now())
            assert officer is not None, "the bench takes longer than a sign-in lasts"
            _decide(session, officer, waiting)

    return approve


def approve_to_the_end(site: Site, road: Road, transfers: int, approve: Approve) -> Turn:
    """Approve new transfers until they have ended; what lies between their approvals does not count."""
    turn = Turn()
    with site.connection() as connection:
        case_ids = copy_case(connection, road, transfers)
        waiting = waiting_tasks(connection, road, case_ids)
        while waiting:
            begin = perf_counter()
            for each in waiting:
                approve(each)
            seconds = perf_counter() - begin
            following = waiting_tasks(connection, road, case_ids)
            pace = Pace(len(waiting), seconds)
            turn += Turn(on_the_way=pace) if following else Turn(last=pace)
            waiting = following
    return turn


def approve_for(site: Site, road: Road, approve: Approve, seconds: float) -> Turn:
    """Approve new transfers to their end for so many seconds."""
    turn = Turn()
    while turn.on_the_way.seconds < seconds:
        turn += approve_to_the_end(site, road, TRANSFERS_AT_ONCE, approve)
    return turn


def _decide(session: Session, officer: Person, waiting: Waiting) -> None:
    decide(
        session,
        officer,
        waiting.task_id,
        outcome=Outcome.APPROVE,
        version=waiting.version,
        opinion=OPINION,
    )
