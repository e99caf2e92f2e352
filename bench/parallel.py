"""An approval beside another branch of its case, against one in a row.

Transfers to a vocational school of Fujian, in which two schools decide one after the other and then two authorities
at the same time, take turns with transfers in which six officers decide one after the other. Both end with the
record changed; an average approval of the first is set against as many of the second, one of them the last.
"""

from functools import partial

from bench.approving import Turn, approve_for, service
from bench.cases import make_parallel_road, make_roads, staff_bureaus
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import own_site

APPROVALS = 4  # of a parallel transfer, the last one among them


def measure(*, rounds: int = 30, seconds: float = 0.2) -> Figures:
    """Return milliseconds for an approval of a case with parallel branches and of one without, and their ratio."""
    with own_site() as site:
        with site.session() as session:
            roads = {"sequential": make_roads(session, 1)[0], "parallel": make_parallel_road(session)}
        with site.connection() as connection:
            staff_bureaus(connection)
        sides = {name: partial(approve_for, site, road, service(site)) for name, road in roads.items()}
        turns = in_turn(sides, rounds=rounds, seconds=seconds)
    spent = {name: [_milliseconds(turn) for turn in taken] for name, taken in turns.items()}
    return merged(
        *(figure(f"{name}_approval_ms", values) for name, values in spent.items()),
        ratio("parallel_over_sequential", spent["parallel"], spent["sequential"]),
    )


def _milliseconds(turn: Turn) -> float:
    """The mean of a transfer's approvals, were there but four of them."""
    on_the_way, last = 1 / turn.on_the_way.per_second, 1 / turn.last.per_second
    return 1000 * ((APPROVALS - 1) * on_the_way + last) / APPROVALS
