"""What a school can be, and two to each other: facts of a case that go together, as expressions that always hold.

The check of a process looks at every case that these allow; tests hold them against the whole office tree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Self

from models.enums import OfficeLevel, Seat, Stage
from webapp.services.offices.divisions import divisions
from webapp.services.offices.tree import OWN_LEVELS, RECEIVING_SEATS, RELEASING_SEATS
from webapp.services.process_check.school_kinds import Packs, PacksAt
from workflows.check import Fact
from workflows.decisions import DecisionTable
from workflows.values import ValueType

# Domain 2.1: a school answers to the bureau that runs it and to those above that one; not every county has a city.
CHAINS = (
    (OfficeLevel.COUNTY, OfficeLevel.CITY, OfficeLevel.PROVINCE),
    (OfficeLevel.COUNTY, OfficeLevel.PROVINCE),
    (OfficeLevel.CITY, OfficeLevel.PROVINCE),
    (OfficeLevel.PROVINCE,),
)

# One office runs both schools, or two do: of one county two of different levels, of one city not two of the city.
DISTANCES = (
    "distance != 'same_authority' or receiving_authority == releasing_authority",
    "distance != 'same_county' or receiving_authority != releasing_authority",
    "distance != 'same_city' or receiving_authority != releasing_authority or receiving_authority == 'county'",
    "distance != 'cross_city' or receiving_authority != 'province' or releasing_authority != 'province'",
    "distance != 'same_authority' or '转入市级' in seats or '转出市级' not in seats",
    "distance != 'same_authority' or '转出市级' in seats or '转入市级' not in seats",
)

# A transfer stays within a stage, or leads from general to vocational education or back; H7 refuses every other.
BETWEEN_STAGES = (
    "stage == releasing_stage or stage != 'compulsory'",
    "stage == releasing_stage or releasing_stage != 'compulsory'",
)

# Schools of one province are served by one deployment; of two provinces, at least one is.
SERVED = (
    "receiving_here or releasing_here",
    "distance == 'cross_province' or receiving_here",
    "distance == 'cross_province' or releasing_here",
    "'外省' in seats or receiving_here and releasing_here",
    "'外省' not in seats or not receiving_here or not releasing_here",
)

_SIDES = {
    "receiving": (Seat.RECEIVING_SCHOOL, RECEIVING_SEATS),
    "releasing": (Seat.RELEASING_SCHOOL, RELEASING_SEATS),
}


@dataclass(frozen=True, slots=True)
class KnownPacks:
    """The rule packs that tables know: what each inherits from, and under which the country's schools can stand."""

    lineages: Mapping[str, Packs]
    provinces: tuple[str, ...]
    at: PacksAt

    @classmethod
    def of(cls, tables: Mapping[str, DecisionTable]) -> Self:
        """Return what these tables know; DecisionError, ExpressionError or KeyError for those that do not tell."""
        provinces = tuple(sorted({row.code[:2] for row in divisions()}))
        return cls(lineages(tables["pack_lineage"]), provinces, packs_of_schools(tables, provinces))

    @property
    def fact(self) -> Fact:
        """Return the packs of a school as a fact: one of the lineages."""
        return Fact(ValueType.LIST, values=tuple(self.lineages.values()))


def all_seats() -> tuple[tuple[str, ...], ...]:
    """Return every list of seats that a transfer can have; a side that is served elsewhere has none but 外省."""
    sides = [[_side(side, chain) for chain in CHAINS] for side in _SIDES]
    here = [(*one, *other) for one, other in product(*sides)]
    away = [(*side, Seat.OUTSIDE.value) for served in sides for side in served]
    return (*here, *away)


def lineages(table: DecisionTable) -> dict[str, Packs]:
    """Return what every rule pack of the table `pack_lineage` inherits from, itself first."""
    named = {literal for rule in table.rules for cell in rule.cells.values() for literal in cell.literals}
    packs = sorted(pack for pack in named if isinstance(pack, str))
    return {pack: tuple(str(hit.outputs["member"]) for hit in table.hits({"pack": pack})) for pack in packs}


def packs_of_schools(tables: Mapping[str, DecisionTable], provinces: Iterable[str]) -> PacksAt:
    """Return the lineages of packs that schools of a province and a stage can stand under, the region's own first.

    A pack that no region has is given to single schools (`office.rule_pack`), wherever what it inherits from is in
    force. Raises DecisionError, ExpressionError or KeyError for tables that do not tell.
    """
    known = lineages(tables["pack_lineage"])
    chosen = {
        (province, stage): tables["rule_pack"].decide({"province": province, "stage": stage.value})
        for province, stage in product(provinces, Stage)
    }
    own = {place: known.get(str(answer["pack"]), ()) for place, answer in chosen.items() if answer}
    single = [known[pack] for pack in sorted(known.keys() - {packs[0] for packs in own.values() if packs})]
    return {place: [packs, *[one for one in single if {*one} & {*packs}]] for place, packs in own.items()}


def all_own_seats() -> tuple[tuple[str, ...], ...]:
    """Return every list of seats that a change at one school can have."""
    return tuple(own_seats_along(chain) for chain in CHAINS)


def own_seats_along(chain: Iterable[OfficeLevel]) -> tuple[str, ...]:
    """Return the seats of a change at a school that answers to these levels; a city has an exam office (招生考试院)."""
    levels = [OWN_LEVELS[level] for level in chain]
    exam_office = [Seat.EXAM_OFFICE] if Seat.CITY in levels else []
    return tuple(seat.value for seat in (Seat.SCHOOL, *levels, *exam_office))


def what_always_holds(packs: KnownPacks) -> tuple[str, ...]:
    """Return expressions that hold for the facts of every transfer, if schools stand under these packs."""
    seats = (text for side in _SIDES for text in _seats(side))
    names = {"receiving_packs": "stage", "releasing_packs": "releasing_stage"}
    return (*seats, *SERVED, *DISTANCES, *BETWEEN_STAGES, *_packs(packs, names))


def what_holds_at_a_school(packs: KnownPacks) -> tuple[str, ...]:
    """Return expressions that hold for the facts of every change at one school that stands under these packs."""
    seats = (
        "authority != 'county' or '县级' in seats",
        "authority == 'county' or '县级' not in seats",
        "authority != 'city' or '市级' in seats",
        "authority != 'province' or '市级' not in seats",
    )
    return (*seats, *_packs(packs, {"packs": "stage"}))


def _side(side: str, chain: Iterable[OfficeLevel]) -> tuple[str, ...]:
    school, levels = _SIDES[side]
    return (school.value, *[levels[level].value for level in chain])


def _seats(side: str) -> Iterator[str]:
    """Yield that the seats of a side that is served here are those from its authority upwards."""
    school, levels = _SIDES[side]
    county, city = levels[OfficeLevel.COUNTY].value, levels[OfficeLevel.CITY].value
    yield f"{side}_here or '{school}' not in seats"
    yield f"not {side}_here or '{school}' in seats"
    yield f"not {side}_here or {side}_authority != 'county' or '{county}' in seats"
    yield f"{side}_authority == 'county' or '{county}' not in seats"
    yield f"not {side}_here or {side}_authority != 'city' or '{city}' in seats"
    yield f"{side}_authority != 'province' or '{city}' not in seats"


def _packs(packs: KnownPacks, names: Mapping[str, str]) -> Iterator[str]:
    """Yield that no school stands under a pack that none of its stage does; `names` are the facts of both, by packs."""
    for stage in Stage:
        choices = [choices for (_, other), choices in packs.at.items() if other == stage]
        allowed = {pack for lineages in choices for one in lineages for pack in one}
        for pack, (name, its_stage) in product(sorted(packs.lineages), names.items()):
            if pack not in allowed:
                yield f"{its_stage} != '{stage.value}' or \"{pack}\" not in {name}"
