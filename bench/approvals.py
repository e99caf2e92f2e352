"""Approvals by the service, beside bare SQL that writes the same rows (`bench.floor`), in one process and in two.

The ratio is about the approvals that move a case on. The last one of a transfer, and whole transfers, have figures
of their own.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from bench.approving import Turn, approve_for, prepared_roads, service, signed_in_service
from bench.at_once import Processes, approve_at_once
from bench.cases import Road
from bench.rounds import Figures, figure, in_turn, merged, ratio
from bench.site import Site, own_site

PROCESSES = 2


def measure(*, rounds: int = 50, seconds: float = 0.1) -> Figures:
    """Return approvals per second beside the floor's, by their kind, and those of two processes beside one."""
    with own_site() as site, prepared_roads(site, PROCESSES) as (roads, floor):
        ways = {
            "ours": service(site),
            "floor": floor.approve,
            "ours_signed_in": signed_in_service(site, roads[0]),
            "floor_at_once": floor.approve_at_once,
        }
        sides = {name: partial(approve_for, site, roads[0], approve) for name, approve in ways.items()}
        turns = in_turn(sides, rounds=rounds, seconds=seconds)
        return merged(_beside_the_floor(turns), _together(site, roads, rounds=rounds, seconds=seconds))


def _beside_the_floor(turns: Mapping[str, Sequence[Turn]]) -> Figures:
    paces = {name: [turn.on_the_way.per_second for turn in taken] for name, taken in turns.items()}
    last = {name: [turn.last.per_second for turn in turns[name]] for name in ("ours", "floor")}
    whole = {name: [turn.whole.per_second for turn in turns[name]] for name in ("ours", "floor")}
    return merged(
        *(figure(f"{name}_per_s", values) for name, values in paces.items()),
        *(ratio(f"{name}_over_floor", paces[name], paces["floor"]) for name in paces if name != "floor"),
        *(figure(f"last_{name}_per_s", values) for name, values in last.items()),
        ratio("last_ours_over_floor", last["ours"], last["floor"]),
        ratio("whole_ours_over_floor", whole["ours"], whole["floor"]),
    )


def _together(site: Site, roads: Sequence[Road], *, rounds: int, seconds: float) -> Figures:
    with ProcessPoolExecutor(PROCESSES) as executor:
        plan = Processes(site, executor).plan
        sides = {
            "one_process": partial(approve_at_once, site, roads[:1], plan),
            "two_processes": partial(approve_at_once, site, roads, plan),
        }
        in_turn(sides, rounds=1, seconds=seconds)  # in which the processes begin
        paces = in_turn(sides, rounds=rounds, seconds=seconds)
    return merged(
        *(figure(f"{name}_per_s", values) for name, values in paces.items()),
        ratio("two_processes_over_one", paces["two_processes"], paces["one_process"]),
    )
