"""Does a process find an office for every step, wherever in the country the schools are?

Asked for one pair of schools of every kind and distance that there is (see `school_kinds`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeAlias

from models.enums import OWN_SEATS, ChangeKind, OfficeKind, OfficeLevel, Role, Seat, Stage
from webapp.services.changes.change import EXCEPTION
from webapp.services.changes.fact_catalogue import ONE_SIDED
from webapp.services.exchange.steps import Wait, is_asked_at, is_known, wait_at
from webapp.services.offices.tree import OWN_LEVELS, RECEIVING_SEATS, RELEASING_SEATS, Distance
from webapp.services.process_check.possible import own_seats_along, packs_of_schools
from webapp.services.process_check.school_kinds import Packs, PacksAt, Pair, Place, Side, kinds, pairs
from workflows.check import CaseClass, Code
from workflows.definition import Definition, Step
from workflows.engine import CaseStuck, PreviewStep, preview
from workflows.values import Value

CLASSES_TOLD = 5

# Domain 2.2. A lead (分管领导) is in every office, for he is asked where a seat has no holder.
SCHOOL_ROLES = frozenset({Role.REGISTRAR, Role.LEAD, Role.PRINCIPAL})
BUREAU_ROLES = frozenset({Role.HANDLER, Role.CHIEF, Role.DEPUTY, Role.LEAD})
ROLES: Mapping[OfficeKind | OfficeLevel | Seat, frozenset[Role]] = {
    Seat.OUTSIDE: frozenset({Role.COUNTERPART}),
    OfficeKind.SCHOOL: SCHOOL_ROLES,
    OfficeKind.EXAM_OFFICE: BUREAU_ROLES,
    OfficeLevel.COUNTY: BUREAU_ROLES,
    OfficeLevel.CITY: BUREAU_ROLES,
    OfficeLevel.PROVINCE: BUREAU_ROLES | {Role.APPROVER, Role.REGISTRAR},
}
HELD_BY_ONE = frozenset({Role.PRINCIPAL})

STAGES = {Stage.COMPULSORY: "义务教育", Stage.SENIOR_HIGH: "普通高中", Stage.VOCATIONAL: "中等职业"}
# Within one, and between general and vocational (普职互转): domain 3.0.2 H7, 3.1.4 V9.
STAGES_OF_A_TRANSFER = (
    *((stage, stage) for stage in Stage),
    (Stage.SENIOR_HIGH, Stage.VOCATIONAL),
    (Stage.VOCATIONAL, Stage.SENIOR_HIGH),
)
RUN_BY = {OfficeLevel.COUNTY: "县属", OfficeLevel.CITY: "市属", OfficeLevel.PROVINCE: "省属"}

SEAT_OFFICES: Mapping[str, OfficeKind | OfficeLevel | Seat] = {
    Seat.RECEIVING_SCHOOL: OfficeKind.SCHOOL,
    Seat.RELEASING_SCHOOL: OfficeKind.SCHOOL,
    **{seat: level for level, seat in RECEIVING_SEATS.items()},
    **{seat: level for level, seat in RELEASING_SEATS.items()},
    Seat.OUTSIDE: Seat.OUTSIDE,
    Seat.SCHOOL: OfficeKind.SCHOOL,
    **{seat: level for level, seat in OWN_LEVELS.items()},
    Seat.EXAM_OFFICE: OfficeKind.EXAM_OFFICE,
}
_Way: TypeAlias = tuple[PreviewStep, ...]
EXAM_OFFICE = -3
_SCHOOLS = ((Seat.RECEIVING_SCHOOL, -1), (Seat.RELEASING_SCHOOL, -2))


@dataclass(frozen=True, slots=True)
class Served:
    """Which schools of a pair are served by this deployment."""

    receiving: bool
    releasing: bool


BOTH = Served(receiving=True, releasing=True)


# What of a change at one school depends on the pupil, in every combination.
OF_THE_PUPIL = ("graduating_grade", "certificate", "to_full_time", "five_year", "exception")
PUPILS = tuple(
    dict(zip(OF_THE_PUPIL, flags, strict=True)) for flags in product((False, True), repeat=len(OF_THE_PUPIL))
)


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
            yield from (Routed(CaseClass(name, facts | own), _own_seats(side)) for own in PUPILS)


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


def check_routing(
    definition: Definition, classes: list[Routed], told_apart: Callable[[Mapping[str, Value]], object]
) -> Iterator[tuple[Code, str, str, CaseClass]]:
    """Yield (what is wrong, step or "", in words, class of cases) for every step that goes to nobody who may.

    Cases for whose facts `told_apart` returns the same go the same way. What is wrong is looked for once for all that
    share their seats out among offices in the same manner.
    """
    known: dict[object, list[tuple[Code, str, str]]] = {}
    for routed in classes:
        asked = (told_apart(routed.kind.facts), *_shape(routed))
        if asked not in known:
            known[asked] = list(_wrong(definition, routed))
        for code, path, message in known[asked]:
            yield code, path, message, routed.kind


def _shape(routed: Routed) -> tuple[object, ...]:
    """Return which seats are of one office, which bureaus run the schools, and how far apart these are."""
    numbers: dict[int, int] = {}
    offices = tuple((seat, numbers.setdefault(office, len(numbers))) for seat, office in routed.seats.items())
    facts = routed.kind.facts
    return offices, tuple(_running(facts)), facts.get("distance")


def _wrong(definition: Definition, routed: Routed) -> Iterator[tuple[Code, str, str]]:
    way = _way(definition, routed.kind.facts)
    if isinstance(way, CaseStuck):
        yield Code.STUCK, way.element, way.why
    else:
        yield from (*_faults(way, routed.seats), *_left_out(way, routed), *_unasked(way))


def _way(definition: Definition, facts: Mapping[str, Value]) -> _Way | CaseStuck:
    try:
        return preview(definition, facts)
    except CaseStuck as stuck:
        return stuck


def _faults(way: _Way, seats: Mapping[str, int]) -> Iterator[tuple[Code, str, str]]:
    taken = {one.step.id: one.step for one in way if one.skipped is None}
    if not any(step.blocking for step in taken.values()):
        yield Code.NOBODY_DECIDES, "", "every step is skipped or only filed, so that nobody decides"
    for step in taken.values():
        for role in dict.fromkeys(step.roles):
            if role not in ROLES[SEAT_OFFICES[step.seat]]:
                yield Code.ROLE_NOT_IN_OFFICE, step.id, f"'{step.seat}' has no role '{role}'"
            if role in HELD_BY_ONE and step.roles.count(role) > 1:
                yield Code.SAME_PERSON, step.id, f"only one person is '{role}' there, and signs once"
        for other in step.separate_from:
            if other in taken and (one := _of_one_person(step, taken[other], seats)):
                yield Code.SAME_PERSON, step.id, f"only one person is '{one}' there, who took '{other}'"


def _left_out(way: _Way, routed: Routed) -> Iterator[tuple[Code, str, str]]:
    """Yield the bureaus that run a school served here and that decide nothing (domain 3.1.4).

    In V1 to V5 and V7 to V9 the bureau of each school decides, once if it is the same one. In V6, within one province,
    none of them does: the schools agree, and the receiving one's bureau is told (备案). At one school it
    decides or is told.
    """
    running = dict(_running(routed.kind.facts))
    taken = [one.step for one in way if one.skipped is None]
    skipped = [one.step for one in way if one.skipped and one.step.form != EXCEPTION]
    asked = {routed.seats[step.seat] for step in taken}
    deciding = {routed.seats[step.seat] for step in taken if step.blocking and step.form != EXCEPTION}
    left_out = [side for side, seat in running.items() if routed.seats[seat] not in deciding]
    told = routed.seats.get(running.get("receiving", running.get("own", ""))) in asked
    within = routed.kind.facts.get("distance") != Distance.CROSS_PROVINCE
    if within and told and len(left_out) == len(running):
        return
    for side in left_out:
        seat = running[side]
        at = next((step.id for step in skipped if step.seat == seat), "")
        yield Code.AUTHORITY_LEFT_OUT, at, f"'{seat}' runs the {side} school and decides nothing"


def _unasked(way: _Way) -> Iterator[tuple[Code, str, str]]:
    """Yield the steps at 外省 that no message answers, and those that wait for what nobody was asked for."""
    asked = False
    for step in (one.step for one in way if one.skipped is None and one.step.seat == Seat.OUTSIDE):
        if not is_known(step.id):
            yield Code.OUTSIDE_UNKNOWN, step.id, f"no message answers '{step.id}'"
        asked = asked or is_asked_at(step.id)
        if not asked and wait_at(step.id) == Wait.DECISION:
            yield Code.OUTSIDE_NOT_ASKED, step.id, "it waits for a decision that nobody was asked for"


def _running(facts: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Yield (side, seat) of the bureaus that run the schools served here."""
    if "authority" in facts:
        yield "own", OWN_LEVELS[OfficeLevel(str(facts["authority"]))].value
        return
    for side, levels in (("receiving", RECEIVING_SEATS), ("releasing", RELEASING_SEATS)):
        if facts[f"{side}_here"]:
            yield side, levels[OfficeLevel(str(facts[f"{side}_authority"]))].value


def _of_one_person(step: Step, other: Step, seats: Mapping[str, int]) -> str | None:
    """Return a role by which the same person has to take both steps, if there is one."""
    if seats[step.seat] != seats[other.seat]:
        return None
    return next((role for role in step.roles if role in HELD_BY_ONE and role in other.roles), None)


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
