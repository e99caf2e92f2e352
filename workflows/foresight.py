"""The whole way of a case before it has begun: who will be asked, in what order, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from heapq import heappop, heappush
from math import ceil

from workflows.case import Case
from workflows.definition import Definition, Step, Timer
from workflows.knowledge import Facts, SkipReason
from workflows.signatures import Mode
from workflows.timers import Wait

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PreviewStep:
    """A step on the way if everybody approves.

    It begins `begins` working days (工作日) after the case at the latest: all before it have taken their whole limits.
    `due` is the limit of all its signatures together.
    """

    step: Step
    begins: int
    due: int | None
    skipped: SkipReason | None

    @property
    def leaves(self) -> int:
        """Return when the token moves on at the latest, in working days after the case has begun."""
        waits = self.step.blocking and self.skipped is None
        return self.begins + (self.due or 0) if waits else self.begins


def preview(definition: Definition, facts: Facts) -> tuple[PreviewStep, ...]:
    """Return the whole way if everybody approves and nobody is late, in order. Raises CaseStuck.

    What leads back ends there. Branches run side by side, so that where they join the slowest one tells when it goes
    on. On the way a timer takes its time, at the edge of a step it does not fire; a day of its calendar time counts as
    a working day, which it is at most.
    """
    case = Case(definition, facts)
    way: dict[str, PreviewStep] = {}
    seen: set[str] = set()
    moving: list[tuple[int, int, str]] = []
    day = 0
    while True:
        for key, node in case.arrivals():
            if node.id in seen:
                continue
            seen.add(node.id)
            if isinstance(node, Timer):
                leaves = day + _days(case.known.wait(node))
            else:
                way[node.id] = foreseen = _foresee(case, node, day)
                leaves = foreseen.leaves
            heappush(moving, (leaves, len(seen), key))
        if not moving:
            return tuple(way.values())
        day, _, key = heappop(moving)
        _move_on(case, key, way)


def _foresee(case: Case, step: Step, day: int) -> PreviewStep:
    """Return a step that is reached on that working day as somebody who asks for the way sees it."""
    skipped = case.known.skip_reason(step)
    due = None if skipped else case.known.due(step)
    if due is not None and step.mode is Mode.SEQUENCE:
        due *= len(step.roles)
    return PreviewStep(step, day, due, skipped)


def _days(wait: Wait) -> int:
    if isinstance(wait, timedelta):
        return ceil(wait / _DAY)
    assert isinstance(wait, int), "only at the edge of a step a timer waits for a day"
    return wait


def _move_on(case: Case, key: str, way: Mapping[str, PreviewStep]) -> None:
    if key in case.armed:
        case.fire(key)
        return
    foreseen = way[key.rpartition(":")[0]]
    step = foreseen.step
    if foreseen.skipped or not step.blocking:
        case.leave(key)
    else:
        case.settle(key, step, "approve" if "approve" in step.outcomes else step.outcomes[0])
