"""Runs the cases of a definition: pure functions from a state and a decision to the next state.

Nothing here knows users, a database or a clock. The facts of a case are frozen when it starts and given
again with every call; a state holds tokens, outcomes and the results of rules. Tasks have stable keys: the id
of the step and how often it was reached ("in_county:1", in a called process "call/in_county:1").
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from workflows.case import Case, Facts, SkipReason
from workflows.definition import Definition, Step
from workflows.specs import CaseStuck
from workflows.state import Tokens, dump_state, load_state

__all__ = [
    "Advance",
    "CaseStuck",
    "Facts",
    "OpenedTask",
    "PreviewStep",
    "SkipReason",
    "SkippedTask",
    "TaskNotOpen",
    "UnknownOutcome",
    "complete",
    "fold",
    "open_tasks",
    "preview",
    "start",
]


class TaskNotOpen(Exception):  # noqa: N818
    """The case has no open task with this key; it may have been decided meanwhile."""


class UnknownOutcome(Exception):  # noqa: N818
    """The step cannot be decided this way; the message names the outcomes that it offers."""


@dataclass(frozen=True)
class OpenedTask:
    """A reached step that waits for a decision, or a filing (备案); due in working days (工作日)."""

    key: str
    step: Step
    due: int | None


@dataclass(frozen=True)
class SkippedTask:
    """A reached step that nobody decides."""

    key: str
    step: Step
    reason: SkipReason


@dataclass(frozen=True)
class Advance:
    """What a call has brought about; the case has ended when nothing blocking is left."""

    state: bytes
    opened: tuple[OpenedTask, ...]
    closed: tuple[str, ...]
    skipped: tuple[SkippedTask, ...]
    ended: bool


@dataclass(frozen=True)
class PreviewStep:
    """A step on the way if everybody approves.

    It begins `begins` working days (工作日) after the case at the latest: all before it have taken their whole limits.
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


def start(definition: Definition, facts: Facts) -> Advance:
    """Start a case; `facts["seats"]` is the tuple of the seats that exist for it. Raises CaseStuck."""
    return fold(definition, facts, ())


def complete(definition: Definition, state: bytes, task_key: str, outcome: str, facts: Facts) -> Advance:
    """Decide an open task. Raises StateError, TaskNotOpen, UnknownOutcome or CaseStuck."""
    case = Case(definition, facts, load_state(state, definition.fingerprint))
    _decide(definition, case, task_key, outcome)
    opened, skipped = _reach(case)
    return Advance(_dump(definition, case), tuple(opened), (task_key,), tuple(skipped), case.ended)


def fold(definition: Definition, facts: Facts, log: Iterable[tuple[str, str]]) -> Advance:
    """Return where a case stands after these decisions (task key, outcome), as if they were one.

    `opened` are the tasks still open and every filing, `skipped` all that were skipped. Raises TaskNotOpen or
    UnknownOutcome for a log that this definition and these facts do not allow, and CaseStuck.
    """
    case = Case(definition, facts)
    opened, skipped = _reach(case)
    for task_key, outcome in log:
        _decide(definition, case, task_key, outcome)
        more_opened, more_skipped = _reach(case)
        opened = [task for task in opened if task.key != task_key] + more_opened
        skipped += more_skipped
    return Advance(_dump(definition, case), tuple(opened), (), tuple(skipped), case.ended)


def open_tasks(definition: Definition, state: bytes) -> tuple[str, ...]:
    """Return the keys of the tasks that wait for a decision. Raises StateError."""
    return tuple(_keys(load_state(state, definition.fingerprint).tokens, ""))


def preview(definition: Definition, facts: Facts) -> tuple[PreviewStep, ...]:
    """Return the whole way if everybody approves, in order; what leads back ends there. Raises CaseStuck.

    Branches run side by side, so that where they join the slowest one tells when it goes on.
    """
    case = Case(definition, facts)
    way: dict[str, PreviewStep] = {}
    moving: list[tuple[int, int, str]] = []
    day = 0
    while True:
        for key, step in case.arrivals():
            if step.id not in way:
                way[step.id] = foreseen = _foresee(case, step, day)
                heappush(moving, (foreseen.leaves, len(way), key))
        if not moving:
            return tuple(way.values())
        day, _, key = heappop(moving)
        _move_on(case, key, way[key.rpartition(":")[0]])


def _decide(definition: Definition, case: Case, task_key: str, outcome: str) -> None:
    if task_key not in case.open:
        raise TaskNotOpen(f"'{task_key}' is not open; open are: {', '.join(sorted(case.open)) or 'none'}")
    step = definition.steps[task_key.rpartition(":")[0]]
    if outcome not in step.outcomes:
        raise UnknownOutcome(f"'{task_key}' is decided by {' or '.join(step.outcomes)}, not by '{outcome}'")
    case.decide(task_key, step, outcome)


def _reach(case: Case) -> tuple[list[OpenedTask], list[SkippedTask]]:
    """Go on until every token waits for a decision or for other tokens, or is gone."""
    opened: list[OpenedTask] = []
    skipped: list[SkippedTask] = []
    while arrivals := case.arrivals():
        for key, step in arrivals:
            if reason := case.skip_reason(step):
                skipped.append(SkippedTask(key, step, reason))
            else:
                opened.append(OpenedTask(key, step, case.due(step)))
            if reason or not step.blocking:
                case.leave(key)
    return opened, skipped


def _foresee(case: Case, step: Step, day: int) -> PreviewStep:
    """Return a step that is reached on that working day as somebody who asks for the way sees it."""
    skipped = case.skip_reason(step)
    return PreviewStep(step, day, None if skipped else case.due(step), skipped)


def _move_on(case: Case, key: str, foreseen: PreviewStep) -> None:
    step = foreseen.step
    if foreseen.skipped or not step.blocking:
        case.leave(key)
    else:
        case.decide(key, step, "approve" if "approve" in step.outcomes else step.outcomes[0])


def _dump(definition: Definition, case: Case) -> bytes:
    return dump_state(case.state(), definition.fingerprint)


def _keys(tokens: Tokens, path: str) -> Iterator[str]:
    yield from (f"{path}{step}:{occurrence}" for step, occurrence in tokens.open)
    for call, inner in tokens.calls:
        yield from _keys(inner, f"{path}{call}/")
