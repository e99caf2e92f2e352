"""Runs the cases of a definition: pure functions from a state and a decision to the next state.

Nothing here knows users, a database or a clock. The facts of a case are frozen when it starts and given
again with every call; a state holds tokens, outcomes and the results of rules. Tasks have stable keys: the id
of the step and how often it was reached ("in_county:1", in a called process "call/in_county:1"), and where several sign
the number of the signature ("in_county:1.2"). Timers have such keys too, one at the edge of a step with the
occurrence of that. Whoever calls knows the time: he is told for how long a timer is armed, and lets it fire.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from workflows.case import Case, Gone
from workflows.definition import Definition, Step, Timer
from workflows.foresight import PreviewStep, preview
from workflows.knowledge import Facts, SkipReason
from workflows.signatures import base_of, number_of
from workflows.specs import CaseStuck
from workflows.state import State, dump_state, load_state
from workflows.timers import Wait

__all__ = [
    "Advance",
    "ArmedTimer",
    "CaseStuck",
    "Facts",
    "LogEntry",
    "OpenedTask",
    "PreviewStep",
    "SkipReason",
    "SkippedTask",
    "TaskNotOpen",
    "TimerNotArmed",
    "UnknownOutcome",
    "armed_timers",
    "complete",
    "fire",
    "fold",
    "open_tasks",
    "preview",
    "reached_steps",
    "start",
    "waiting_tasks",
]

NEVER: Mapping[str, int] = MappingProxyType({})

LogEntry: TypeAlias = tuple[str, str | None]
"""A decision (task key, outcome), or the firing of a timer (timer key, None)."""


class TaskNotOpen(Exception):  # noqa: N818
    """The case has no open task with this key; it may have been decided meanwhile."""

    def __init__(self, task_key: str, open_now: Collection[str]) -> None:
        super().__init__(f"'{task_key}' is not open; open are: {', '.join(open_now) or 'none'}")
        self.task_key = task_key


class TimerNotArmed(Exception):  # noqa: N818
    """The case has no armed timer with this key; it may have fired or been disarmed meanwhile."""


class UnknownOutcome(Exception):  # noqa: N818
    """The step cannot be decided this way; the message names the outcomes that it offers."""


@dataclass(frozen=True)
class OpenedTask:
    """A reached step that waits for a decision or for one of its signatures, or a filing (备案).

    It asks this `role` in the seat, and is due in working days (工作日).
    """

    key: str
    step: Step
    role: str
    due: int | None


@dataclass(frozen=True)
class SkippedTask:
    """A reached step that nobody decides."""

    key: str
    step: Step
    reason: SkipReason


@dataclass(frozen=True)
class ArmedTimer:
    """A timer that may fire after so many working days (工作日, an int), after calendar time, or on a day."""

    key: str
    timer: Timer
    wait: Wait


@dataclass(frozen=True)
class Advance:
    """What a call has brought about; the case has ended when nothing blocking is left.

    `closed` are the tasks that were decided or taken away, `disarmed` the timers that now never fire.
    """

    state: bytes
    opened: tuple[OpenedTask, ...]
    closed: tuple[str, ...]
    skipped: tuple[SkippedTask, ...]
    timers: tuple[ArmedTimer, ...]
    disarmed: tuple[str, ...]
    ended: bool


class _Reached(NamedTuple):
    """What the tokens came to."""

    opened: list[OpenedTask]
    skipped: list[SkippedTask]
    timers: list[ArmedTimer]


def start(definition: Definition, facts: Facts, reached: Mapping[str, int] = NEVER) -> Advance:
    """Start a case; `facts["seats"]` is the tuple of the seats that exist for it. Raises CaseStuck.

    One that begins anew tells how often each step was `reached` before, so that no key comes twice.
    """
    return fold(definition, facts, (), reached)


def complete(definition: Definition, state: bytes, task_key: str, outcome: str, facts: Facts) -> Advance:
    """Decide an open task. Raises StateError, TaskNotOpen, UnknownOutcome or CaseStuck."""
    case = Case(definition, facts, load_state(state, definition.fingerprint))
    gone, reached = _decide(definition, case, task_key, outcome)
    return _advance(definition, case, gone, reached)


def fire(definition: Definition, state: bytes, timer_key: str, facts: Facts) -> Advance:
    """Let an armed timer fire, whose time has come. Raises StateError, TimerNotArmed or CaseStuck."""
    case = Case(definition, facts, load_state(state, definition.fingerprint))
    gone, reached = _fire(case, timer_key)
    return _advance(definition, case, gone, reached)


def fold(
    definition: Definition, facts: Facts, log: Iterable[LogEntry], reached: Mapping[str, int] = NEVER
) -> Advance:
    """Return where a case stands after these decisions and firings, as if they were one.

    `opened` are the tasks still open and every filing, `timers` those still armed, `skipped` all that were skipped.
    Raises TaskNotOpen, TimerNotArmed or UnknownOutcome for a log that this definition and these facts do not allow,
    and CaseStuck.
    """
    case = Case(definition, facts, reached=reached)
    opened, skipped, timers = _reach(case)
    for key, outcome in log:
        gone, more = _fire(case, key) if outcome is None else _decide(definition, case, key, outcome)
        opened = [task for task in opened if task.key not in gone.closed] + more.opened
        skipped += more.skipped
        timers += more.timers
    armed = [timer for timer in timers if timer.key in case.armed]
    return _advance(definition, case, Gone(()), _Reached(opened, skipped, armed))


def open_tasks(definition: Definition, state: bytes) -> tuple[str, ...]:
    """Return the keys of the tasks that wait for a decision. Raises StateError."""
    return tuple(waiting_tasks(definition, load_state(state, definition.fingerprint)))


def waiting_tasks(definition: Definition, state: State) -> Iterator[str]:
    """Yield the keys of the tasks that wait for a decision in a state that was loaded."""
    for path, tokens in state.tokens.each():
        for name, occurrence in tokens.open:
            step, base = definition.steps[path + name], f"{path}{name}:{occurrence}"
            yield from step.tasks(base, state.signed.get(base, ()))


def reached_steps(definition: Definition, state: bytes) -> Mapping[str, int]:
    """Return how often each step was reached, by id. Raises StateError."""
    return load_state(state, definition.fingerprint).reached


def armed_timers(definition: Definition, state: bytes) -> tuple[str, ...]:
    """Return the keys of the timers that have not fired yet. Raises StateError."""
    running = load_state(state, definition.fingerprint).tokens.each()
    return tuple(
        f"{path}{timer}:{occurrence}" for path, tokens in running for timer, occurrence in tokens.armed
    )


def _decide(definition: Definition, case: Case, task_key: str, outcome: str) -> tuple[Gone, _Reached]:
    base = base_of(task_key)
    if task_key not in case.tasks(base):
        open_now = sorted(key for each in case.open for key in case.tasks(each))
        raise TaskNotOpen(task_key, open_now)
    step = definition.steps[base.rpartition(":")[0]]
    if outcome not in step.outcomes:
        raise UnknownOutcome(f"'{task_key}' is decided by {' or '.join(step.outcomes)}, not by '{outcome}'")
    before = case.tasks(base)
    gone = case.decide(task_key, step, outcome)
    following = [key for key in case.tasks(base) if key not in before]
    reached = _reach(case)
    reached.opened.extend(_task(case, key, step) for key in following)
    return gone, reached


def _fire(case: Case, timer_key: str) -> tuple[Gone, _Reached]:
    if timer_key not in case.armed:
        armed = ", ".join(sorted(case.armed)) or "none"
        raise TimerNotArmed(f"'{timer_key}' is not armed; armed are: {armed}")
    gone = case.fire(timer_key)
    return gone, _reach(case)


def _reach(case: Case) -> _Reached:
    """Go on until every token waits for a decision, for a timer or for other tokens, or is gone."""
    reached = _Reached([], [], [])
    passing = True
    while passing:
        passing = False
        for key, node in case.arrivals():
            if not _waits(case, key, node, reached):
                case.leave(key)
                passing = True
    return reached


def _waits(case: Case, key: str, node: Step | Timer, reached: _Reached) -> bool:
    """Note what a token has come to; return whether it waits there."""
    if isinstance(node, Timer):
        reached.timers.append(ArmedTimer(key, node, case.known.wait(node)))
        return True
    if reason := case.known.skip_reason(node):
        reached.skipped.append(SkippedTask(key, node, reason))
        return False
    reached.opened.extend(_task(case, each, node) for each in case.tasks(key))
    if node.blocking:
        armed = case.arm(key)
        reached.timers.extend(ArmedTimer(edge, timer, case.known.wait(timer)) for edge, timer in armed)
    return node.blocking


def _task(case: Case, key: str, step: Step) -> OpenedTask:
    return OpenedTask(key, step, step.roles[number_of(key) - 1], case.known.due(step))


def _advance(definition: Definition, case: Case, gone: Gone, reached: _Reached) -> Advance:
    return Advance(
        state=dump_state(case.state(), definition.fingerprint),
        opened=tuple(reached.opened),
        closed=gone.closed,
        skipped=tuple(reached.skipped),
        timers=tuple(reached.timers),
        disarmed=gone.disarmed,
        ended=case.ended,
    )
