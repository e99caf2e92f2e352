"""The cases of the country that take a process: one for every kind of schools and of what depends on the pupil."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from models.enums import OWN_SEATS, ChangeKind, OfficeLevel, Seat, Stage
from webapp.services.changes.fact_catalogue import ONE_SIDED
from webapp.services.offices.tree import (
    OWN_LEVELS,
    RECEIVING_SEATS,
    RELEASING_SEATS,
    Distance,
    StageChange,
    stage_change,
)
from webapp.services.process_check.possible import own_seats_along, packs_of_schools
from webapp.services.process_check.school_kinds import Packs, PacksAt, Pair, Place, Side, kinds, pairs
from workflows.check import CaseClass
from workflows.definition import Definition
from workflows.values import Value

STAGES = {Stage.COMPULSORY: "义务教育", Stage.SENIOR_HIGH: "普通高中", Stage.VOCATIONAL: "中等职业"}
# Of the receiving and the releasing school; H7 refuses every other change of stages (domain 3.0.2, 3.1.4 V9).
STAGES_OF_A_TRANSFER = tuple(
    (receiving, releasing)
    for receiving, releasing in product(Stage, repeat=2)
    if stage_change(releasing, receiving) is not StageChange.OTHER
)
RUN_BY = {OfficeLevel.COUNTY: "县属", OfficeLevel.CITY: "市属", OfficeLevel.PROVINCE: "省属"}
# What of a change at one school depends on the pupil: in every combination, and what one kind alone asks.
OF_THE_PUPIL = ("graduating_grade", "five_year", "exception")
OF_ONE_KIND = {
    ChangeKind.WITHDRAWAL: "certificate",
    ChangeKind.STUDY_FORM: "to_full_time",
    ChangeKind.KEY_DATA: "without_number",
    ChangeKind.DEPARTURE: "unnatural_death",
}

EXAM_OFFICE = -3
_SCHOOLS = ((Seat.RECEIVING_SCHOOL, -1), (Seat.RELEASING_SCHOOL, -2))


@dataclass(frozen=True, slots=True)
class Served:
    """Which schools of a pair are served by this deployment."""

    receiving: bool
    releasing: bool


BOTH = Served(receiving=True, releasing=True)


@dataclass(frozen=True, slots=True)
class Routed:
    """A class of cases: its facts as the engine gets them, and the office in every seat."""

    kind: CaseClass
    seats: Mapping[str, int]


def routed(at: list[Place], definition: Definition) -> Iterator[Routed]:
    """Yield the cases of the country that take this process, one of every class."""
    is_one_sided = any(step.seat in OWN_SEATS for step in definition.steps.values())
    yield from (one_sided_changes if is_one_sided else transfers)(at, definition)


def one_sided_changes(at: list[Place], definition: Definition) -> Iterator[Routed]:
    """Yield the changes at one school that take this process, one of every class."""
    tables = definition.decisions
    packs = packs_of_schools(tables, {place.province for place in at})
    sides = [side for stage in Stage for side in kinds(at, stage, packs)]
    for kind, side in product(ONE_SIDED, sides):
        facts = one_sided_facts(side, kind, definition.key)
        chosen = tables["change_governing"].decide(facts)
        if chosen is not None and chosen["process"] == definition.key:
            name = f"{kind} {STAGES[side.kind.stage]} {_side(side, served=True)}"
            yield from (Routed(CaseClass(name, facts | own), _own_seats(side)) for own in pupils(kind))


def pupils(kind: ChangeKind) -> Iterator[dict[str, Value]]:
    """Yield what of such a change can depend on the pupil."""
    asked = (*OF_THE_PUPIL, *([OF_ONE_KIND[kind]] if kind in OF_ONE_KIND else []))
    neither: dict[str, Value] = dict.fromkeys(OF_ONE_KIND.values(), False)
    for flags in product((False, True), repeat=len(asked)):
        yield neither | dict(zip(asked, flags, strict=True))


def one_sided_facts(side: Side, kind: ChangeKind, process: str) -> dict[str, Value]:
    """Return what `OneSided.facts` would for a pupil of such a school, beside what depends on the pupil."""
    return {
        "process": process,
        "kind": kind.value,
        "stage": side.kind.stage.value,
        "packs": side.kind.packs,
        "authority": side.kind.levels[0].value,
        "seats": tuple(_own_seats(side)),
    }


def _own_seats(side: Side) -> dict[str, int]:
    above = {OWN_LEVELS[level].value: office for level, office in side.place.chain}
    seats = {Seat.SCHOOL.value: -1, **above, Seat.EXAM_OFFICE.value: EXAM_OFFICE}
    return {seat: seats[seat] for seat in own_seats_along(level for level, _ in side.place.chain)}


def transfers(at: list[Place], definition: Definition) -> Iterator[Routed]:
    """Yield the transfers (转学) of the country that take this process, one of every class."""
    packs = packs_of_schools(definition.decisions, {place.province for place in at})
    takes = _governed(definition)
    for receiving, releasing in STAGES_OF_A_TRANSFER:
        sides = product(_lineages(packs, receiving), _lineages(packs, releasing), Distance)
        if not any(takes(*side) for side in sides):
            continue
        for pair in pairs(at, receiving, releasing, packs):
            if takes(pair.receiving.kind.packs, pair.releasing.kind.packs, pair.distance):
                for here, exception in product(_served(pair), (False, True)):
                    yield _routed(pair, definition.key, here, exception=exception)


def _governed(definition: Definition) -> Callable[[Packs, Packs, Distance], bool]:
    """Return a function that says whether schools under these packs, receiving and releasing, take this process."""

    @cache
    def takes(receiving: Packs, releasing: Packs, distance: Distance) -> bool:
        facts = {"receiving_packs": receiving, "releasing_packs": releasing, "distance": distance.value}
        chosen = definition.decisions["transfer_governing"].decide(facts)
        return chosen is not None and chosen["process"] == definition.key

    return takes


def _lineages(packs: PacksAt, stage: Stage) -> set[Packs]:
    """Return all lineages of packs that schools of a stage stand under."""
    return {one for (_, other), lineages in packs.items() if other == stage for one in lineages}


def transfer_facts(pair: Pair, process: str, here: Served = BOTH) -> dict[str, Value]:
    """Return what `Transfer.facts` would for a pair of schools of which these are served here."""
    return {
        "process": process,
        "stage": pair.receiving.kind.stage.value,
        "releasing_stage": pair.releasing.kind.stage.value,
        "distance": pair.distance.value,
        "packs": tuple(pack for pack in pair.receiving.kind.packs if pack in pair.releasing.kind.packs),
        "receiving_packs": pair.receiving.kind.packs,
        "releasing_packs": pair.releasing.kind.packs,
        "receiving_authority": pair.receiving.kind.levels[0].value,
        "releasing_authority": pair.releasing.kind.levels[0].value,
        "receiving_here": here.receiving,
        "releasing_here": here.releasing,
        "exception": False,
        "seats": tuple(_seats(pair, here)),
    }


def _served(pair: Pair) -> tuple[Served, ...]:
    """Return which of the two schools may be of provinces that the deployment serves."""
    across = pair.distance == Distance.CROSS_PROVINCE
    return (
        (BOTH, Served(receiving=True, releasing=False), Served(receiving=False, releasing=True))
        if across
        else (BOTH,)
    )


def _routed(pair: Pair, process: str, here: Served, *, exception: bool) -> Routed:
    facts = transfer_facts(pair, process, here) | {"exception": exception}
    return Routed(CaseClass(_name(pair, here), facts), _seats(pair, here))


def _seats(pair: Pair, here: Served) -> dict[str, int]:
    filled: dict[str, int] = {}
    for side, served, names, (school, office) in (
        (pair.receiving, here.receiving, RECEIVING_SEATS, _SCHOOLS[0]),
        (pair.releasing, here.releasing, RELEASING_SEATS, _SCHOOLS[1]),
    ):
        above = {names[level].value: bureau for level, bureau in side.place.chain}
        filled |= {school.value: office, **above} if served else {Seat.OUTSIDE.value: side.place.chain[-1][1]}
    return filled


def _name(pair: Pair, here: Served) -> str:
    sides = f"{_side(pair.releasing, here.releasing)} → {_side(pair.receiving, here.receiving)}"
    stages = dict.fromkeys(STAGES[side.kind.stage] for side in (pair.releasing, pair.receiving))
    return f"{'→'.join(stages)} {sides} {pair.distance}"


def _side(side: Side, served: bool) -> str:
    return f"{side.place.name}（{RUN_BY[side.kind.levels[0]]}{'' if served else '、外省'}）"
