"""Does a process find an office for every step, wherever in the country the schools are?

Asked of one case of every class that there is (see `country`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from models.enums import OfficeKind, OfficeLevel, Role, Seat
from webapp.services.changes.change import EXCEPTION
from webapp.services.exchange.steps import Wait, is_asked_at, is_known, wait_at
from webapp.services.offices.tree import OWN_LEVELS, RECEIVING_SEATS, RELEASING_SEATS, Distance
from webapp.services.process_check.country import Routed
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
