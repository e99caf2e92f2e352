"""A transfer between two schools as the engine gets it, and the way it takes in short words."""

from itertools import groupby

from models.enums import Seat
from tests.workflows.shipped_tables import DEFINITIONS, TABLES, lineage
from workflows.engine import preview

LEVELS = {"county": "县级", "city": "市级", "province": "省级"}
OUTSIDE = Seat.OUTSIDE.value


def seats_of(side, authority, *, has_city=True):
    upwards = list(LEVELS)[list(LEVELS).index(authority) :]
    return (f"{side}学校", *(side + LEVELS[level] for level in upwards if has_city or level != "city"))


def a_transfer(
    pack,
    stage,
    distance,
    receiving,
    releasing,
    *,
    releasing_pack=None,
    releasing_stage=None,
    receiving_city=True,
    releasing_city=True,
    here=("receiving", "releasing"),
):
    """Return the definition that governs and the facts of the case; a side that is not `here` has no seats."""
    authorities = {"receiving": receiving, "releasing": releasing}
    seats = {
        "receiving": seats_of("转入", receiving, has_city=receiving_city),
        "releasing": seats_of("转出", releasing, has_city=releasing_city),
    }
    other = lineage(releasing_pack or pack)
    facts = {
        "packs": tuple(member for member in lineage(pack) if member in other),
        "receiving_packs": lineage(pack),
        "releasing_packs": other,
        "distance": distance,
        "stage": stage,
        "releasing_stage": releasing_stage or stage,
        "exception": False,
        "seats": sum((seats[side] for side in here), (OUTSIDE,)),
        **{f"{side}_authority": authority for side, authority in authorities.items()},
        **{f"{side}_here": side in here for side in authorities},
    }
    process = TABLES["transfer_governing"].decide(facts)["process"]
    return DEFINITIONS[process], facts | {"process": process}


def acting(definition, facts):
    """Return the steps that somebody takes, in their order."""
    return [one.step for one in preview(definition, facts) if not one.skipped]


def chain(definition, facts):
    """Return the seats in their order, "入县" for 转入县级, filings (备案) in brackets.

    Steps that follow each other at one seat are one.
    """
    seats = [(_short(step.seat), step.blocking) for step in acting(definition, facts)]
    return " ".join(seat if blocking else f"({seat})" for (seat, blocking), _ in groupby(seats))


def _short(seat):
    return seat if seat == OUTSIDE else seat[1] + seat[2:].removeprefix("学")[0]
