"""All schools that there could be, in kinds that answer to the same levels under the same rules; and pairs of them.

Whether a school stands at a place yet does not matter: wherever there is a bureau, one can be run by it. A process
that concerns one school goes through `kinds`, one that leads from school to school through `pairs`.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from typing import NamedTuple, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Division, Office
from models.enums import DivisionLevel, OfficeKind, OfficeLevel, Stage
from webapp.services.offices.tree import Distance, city_code

# Of two sorts, two places each are enough: two of them differ, if any do.
EXAMPLES = 2

Packs: TypeAlias = tuple[str, ...]
PacksAt: TypeAlias = Mapping[tuple[str, Stage], list[Packs]]
"""The lineages of rule packs that the schools of a province and a stage can stand under."""


@dataclass(frozen=True)
class Place:
    """Where a school can be: a division, and the bureaus it answers to there, its own authority first."""

    name: str
    division: str
    in_county: bool
    city: str
    chain: tuple[tuple[OfficeLevel, int], ...]

    @cached_property
    def province(self) -> str:
        """Return the first two digits of the division's code."""
        return self.division[:2]

    @cached_property
    def authority(self) -> int:
        """Return the bureau that runs the school."""
        return self.chain[0][1]

    @cached_property
    def levels(self) -> tuple[OfficeLevel, ...]:
        """Return the levels of the bureaus, from its own authority upwards."""
        return tuple(level for level, _ in self.chain)


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """Schools that every rule treats alike: of a stage, under the same levels and rule packs."""

    stage: Stage
    levels: tuple[OfficeLevel, ...]
    packs: Packs


@dataclass(frozen=True, slots=True)
class Side:
    """A kind of school, and a place where there can be one."""

    kind: SchoolKind
    place: Place


@dataclass(frozen=True, slots=True)
class Pair:
    """Two schools at a distance, for all pairs of their kinds at that distance."""

    receiving: Side
    releasing: Side
    distance: Distance


def places(session: Session, on: date) -> list[Place]:
    """Return every place that a school can be at on that day, by the bureaus that there are."""
    divisions = {row.code: row for row in session.scalars(select(Division))}
    bureaus = select(Office.id, Office.level, Office.path, Office.division_code).where(
        Office.kind == OfficeKind.BUREAU, Office.valid_on(on)
    )
    rows = session.execute(bureaus).all()
    levels = {row.id: row.level for row in rows}
    found = []
    for row in rows:
        upwards = tuple((levels[office], office) for office in reversed(row.path) if office in levels)
        found += [_place(divisions, row.division_code, upwards[own:]) for own in range(len(upwards))]
    return found


def kinds(at: Iterable[Place], stage: Stage, packs: PacksAt) -> list[Side]:
    """Return one school of every kind."""
    examples = {(place.province, place.levels): place for place in at}.values()
    sides = (side for place in examples for side in _sides(place, stage, packs))
    return list({side.kind: side for side in sides}.values())


def pairs(at: Iterable[Place], receiving_stage: Stage, releasing_stage: Stage, packs: PacksAt) -> list[Pair]:
    """Return a pair of schools of these stages for all kinds and distances that occur together."""
    stages = (receiving_stage, releasing_stage)
    spots = [_Spot((place.levels, *_choices(place, stages, packs)), place) for place in at]
    found: dict[Hashable, Pair] = {}
    for one, other, wanted in _spots_apart(spots):
        sides = (_sides(one, receiving_stage, packs), _sides(other, releasing_stage, packs))
        for receiving, releasing in product(*sides):
            pair = Pair(receiving, releasing, wanted)
            found.setdefault((receiving.kind, releasing.kind, wanted), pair)
    return list(found.values())


def distance(one: Place, other: Place) -> Distance:
    """Return how far apart two places are, as `offices.distance` does for two schools."""
    if one.authority == other.authority:
        return Distance.SAME_AUTHORITY
    if one.in_county and one.division == other.division:
        return Distance.SAME_COUNTY
    if one.city == other.city:
        return Distance.SAME_CITY
    return Distance.CROSS_CITY if one.province == other.province else Distance.CROSS_PROVINCE


# For each distance: what two schools at it have in common, and what they may differ in.
_DISTANCES: Mapping[Distance, tuple[Callable[[Place], Hashable], Callable[[Place], Hashable]]] = {
    Distance.SAME_AUTHORITY: (lambda place: place.authority, lambda place: None),
    Distance.SAME_COUNTY: (lambda place: place.division, lambda place: place.authority),
    Distance.SAME_CITY: (lambda place: place.city, lambda place: place.division),
    Distance.CROSS_CITY: (lambda place: place.province, lambda place: place.city),
    Distance.CROSS_PROVINCE: (lambda place: None, lambda place: place.province),
}


def _place(divisions: Mapping[str, Division], code: str, chain: tuple[tuple[OfficeLevel, int], ...]) -> Place:
    division = divisions[code]
    above = divisions.get(division.superior_code or "")
    in_county = division.level == DivisionLevel.COUNTY
    return Place(f"{above.name if above else ''}{division.name}", code, in_county, city_code(division), chain)


def _sides(place: Place, stage: Stage, packs: PacksAt) -> list[Side]:
    choices = packs.get((place.province, stage), ())
    return [Side(SchoolKind(stage, place.levels, choice), place) for choice in choices]


def _choices(place: Place, stages: Iterable[Stage], packs: PacksAt) -> tuple[tuple[Packs, ...], ...]:
    return tuple(tuple(packs.get((place.province, stage), ())) for stage in stages)


class _Spot(NamedTuple):
    """A place, and its sort: the levels and the choices of packs that it shares with others."""

    sort: tuple[Hashable, ...]
    place: Place


def _spots_apart(spots: Iterable[_Spot]) -> Iterator[tuple[Place, Place, Distance]]:
    """Yield two places for all sorts and distances that occur together."""
    seen = set()
    for wanted, (together, apart) in _DISTANCES.items():
        for bucket in _buckets(spots, together).values():
            for one, other in product(_examples(bucket, apart), repeat=2):
                key = (one.sort, other.sort, wanted)
                if key not in seen and distance(one.place, other.place) == wanted:
                    seen.add(key)
                    yield one.place, other.place, wanted


def _buckets(spots: Iterable[_Spot], together: Callable[[Place], Hashable]) -> Mapping[Hashable, list[_Spot]]:
    buckets = defaultdict(list)
    for spot in spots:
        buckets[together(spot.place)].append(spot)
    return buckets


def _examples(spots: Iterable[_Spot], apart: Callable[[Place], Hashable]) -> list[_Spot]:
    """Return some places of each sort, which differ in what they may differ in."""
    found: defaultdict[Hashable, dict[Hashable, _Spot]] = defaultdict(dict)
    for spot in spots:
        examples = found[spot.sort]
        if len(examples) < EXAMPLES:
            examples.setdefault(apart(spot.place), spot)
    return [spot for examples in found.values() for spot in examples.values()]
