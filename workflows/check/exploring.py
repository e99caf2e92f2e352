"""Every state that cases of one class can come to, found by deciding all that is open in every way.

Every timer may fire before or after whatever else can happen. States that differ only in how often a step was reached
are one, so that a loop with a person in it closes.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

from workflows.case import GOES_ROUND
from workflows.check.budget import A_CIRCLE, A_DECISION, A_STEP, A_TOKEN, PASSED_AS_ONE, Budget, SpentError
from workflows.check.explored import MAX_LIMIT, Explored, Log
from workflows.check.places import Places, doubled, places, size, waiting
from workflows.check.reading import Sources
from workflows.check.report import Decision
from workflows.check.stead import Stead
from workflows.diagram import Kind
from workflows.engine import (
    Advance,
    ArmedTimer,
    CaseStuck,
    OpenedTask,
    armed_timers,
    complete,
    fire,
    fold,
    start,
    waiting_tasks,
)
from workflows.state import State, load_state
from workflows.values import Value


class _Key(NamedTuple):
    """What tells a state from others, but for how often its steps were reached."""

    places: Places
    outcomes: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, Value], ...]
    signed: tuple[tuple[str, tuple[int, ...]], ...]
    unanswered: frozenset[str]
    """The timers that have taken a step away for which nobody has answered since."""


def explore(sources: Sources, stead: Stead, facts: Mapping[str, Value], budget: Budget) -> Explored:
    """Explore the cases with these facts, as far as the budget goes."""
    return _Exploration(sources, stead, facts, budget).run()


class _Exploration:
    def __init__(self, sources: Sources, stead: Stead, facts: Mapping[str, Value], budget: Budget) -> None:
        self.definition = sources.definition
        self.facts = facts
        self.budget = budget
        self.cost = A_DECISION + (_passed_at_most(sources, facts) // PASSED_AS_ONE) ** 2
        self.stead = stead
        self.found = Explored()
        self.logs: dict[_Key, Log] = {}
        self.standing: dict[_Key, str] = {}
        """The first open step of each state."""
        self.leading: defaultdict[_Key, list[_Key]] = defaultdict(list)
        """The states from which a decision or a firing leads to each state."""
        self.fired: defaultdict[_Key, dict[_Key, str]] = defaultdict(dict)
        """The states to which a firing leads from each state, and of which timer."""
        self.ended: set[_Key] = set()
        self.broken: set[_Key] = set()
        self.ahead: deque[tuple[_Key, bytes, State]] = deque()

    def run(self) -> Explored:
        try:
            self.begin()
            while self.ahead:
                self.go_on(*self.ahead.popleft())
        except SpentError:
            self.found.gave_up = True
        else:
            self.look_for_circles()
            if not self.found.circles:
                self.look_for_ends()
        return self.found

    def begin(self) -> None:
        self.budget.spend(self.cost)
        try:
            self.reach(start(self.definition, self.facts), (), None)
        except CaseStuck as stuck:
            self.stop(stuck, ())

    def go_on(self, key: _Key, state: bytes, loaded: State) -> None:
        """Decide everything that is open in a state in every way, and let every timer fire."""
        for entry in self.possible(loaded):
            self.budget.spend(self.cost + A_TOKEN * size(loaded.tokens))
            log = (*self.logs[key], entry)
            try:
                self.reach(self.advance(state, entry), log, key)
            except CaseStuck as stuck:
                self.broken.add(key)
                self.stop(stuck, log)

    def possible(self, state: State) -> Iterator[Decision]:
        for task in waiting_tasks(self.definition, state):
            for outcome in self.definition.steps[_named(task)].outcomes:
                yield Decision(task, outcome)
        for path, own in state.tokens.each():
            for timer, occurrence in own.armed:
                yield Decision(f"{path}{timer}:{occurrence}", None)

    def advance(self, state: bytes, entry: Decision) -> Advance:
        if entry.outcome is None:
            return fire(self.definition, state, entry.task, self.facts)
        return complete(self.definition, state, entry.task, entry.outcome, self.facts)

    def stop(self, stuck: CaseStuck, log: Log) -> None:
        self.found.stuck.append((stuck, log))
        if stuck.why == GOES_ROUND:
            self.budget.spend(A_CIRCLE)

    def reach(self, advance: Advance, log: Log, origin: _Key | None) -> None:
        self.budget.spend(A_STEP * (len(advance.opened) + len(advance.skipped) + len(advance.timers)))
        for task in advance.opened:
            self.open(task, log)
        for armed in advance.timers:
            self.arm(armed, advance.timers, log)
        state = load_state(advance.state, self.definition.fingerprint)
        key = _key(state, self.stead.after(origin.unanswered, log[-1]) if origin else frozenset())
        if origin is not None:
            self.connect(origin, key, log[-1])
        if key in self.logs:
            return
        self.budget.states += 1
        self.logs[key] = log
        self.found.memories[key.outcomes, key.results] = ({**self.facts, **state.results}, state.outcomes)
        self.standing[key] = next(waiting(state.tokens), "")
        if advance.ended:
            self.end(key, log)
        elif twice := next(doubled(state.tokens), None):
            self.broken.add(key)
            self.found.twice.setdefault(twice, log)
        else:
            self.ahead.append((key, advance.state, state))

    def connect(self, origin: _Key, key: _Key, entry: Decision) -> None:
        self.leading[key].append(origin)
        if entry.outcome is None:
            self.fired[origin][key] = _named(entry.task)

    def open(self, task: OpenedTask, log: Log) -> None:
        self.found.opened.add(task.step.id)
        if task.due is None:
            self.found.unlimited.setdefault(task.step.id, log)
        elif task.due > MAX_LIMIT:
            self.found.overlong.setdefault(task.step.id, log)

    def arm(self, armed: ArmedTimer, together: Sequence[ArmedTimer], log: Log) -> None:
        if not any(_comes_first(other, armed) for other in together):
            self.found.timely.add(armed.timer.id)
        if isinstance(armed.wait, int) and armed.wait > MAX_LIMIT:
            self.found.overslept.setdefault(armed.timer.id, log)

    def end(self, key: _Key, log: Log) -> None:
        self.ended.add(key)
        for timer in key.unanswered:
            self.found.unanswered.setdefault(timer, log)
        if log and not key.unanswered and all(entry.outcome is None for entry in log):
            self.found.unasked.setdefault(_named(log[-1].task), log)

    def look_for_circles(self) -> None:
        """Look for states through which timers lead round for ever."""
        try:
            TopologicalSorter(self.fired).prepare()
        except CycleError as error:
            *circle, _ = reversed(
                error.args[1]
            )  # it was told what follows each state, and takes it for what precedes
            first = min(range(len(circle)), key=lambda at: len(self.logs[circle[at]]))
            circle = [*circle[first:], *circle[: first + 1]]
            self.found.circles[self.fired[circle[0]][circle[1]]] = self.round(circle)

    def round(self, circle: Sequence[_Key]) -> Log:
        """Return the log that leads into a circle of states, and once round."""
        log = self.logs[circle[0]]
        state = fold(self.definition, self.facts, [entry.pair for entry in log]).state
        for key, following in pairwise(circle):
            armed = {_named(one): one for one in armed_timers(self.definition, state)}
            entry = Decision(armed[self.fired[key][following]], None)
            state = self.advance(state, entry).state
            log = (*log, entry)
        return log

    def look_for_ends(self) -> None:
        """Look for the first state that leads to no end, nor to anything that is told anyway."""
        hopeful: set[_Key] = set()
        behind = [*self.ended, *self.broken]
        while behind:
            key = behind.pop()
            if key not in hopeful:
                hopeful.add(key)
                behind += self.leading[key]
        hopeless = [key for key in self.logs if key not in hopeful]
        for key in hopeless[:1]:
            self.found.unfinished[self.standing[key]] = self.logs[key]


def _key(state: State, unanswered: frozenset[str]) -> _Key:
    return _Key(
        places(state.tokens),
        tuple(sorted(state.outcomes.items())),
        tuple(sorted(state.results.items())),
        tuple(sorted((_named(key), signatures) for key, signatures in state.signed.items())),
        unanswered,
    )


def _passed_at_most(sources: Sources, facts: Mapping[str, Value]) -> int:
    """Return how many nodes a token may pass, of all there are, without waiting for a person or a timer."""
    seats = facts["seats"]
    assert isinstance(seats, tuple)
    steps = sources.definition.steps.values()
    waiting = sum(step.blocking and step.skip_when is None and step.seat in seats for step in steps)
    timers = sum(node.kind is Kind.WAIT for node in sources.nodes.values())
    return len(sources.nodes) - waiting - timers


def _named(key: str) -> str:
    return key.rpartition(":")[0]


def _comes_first(one: ArmedTimer, other: ArmedTimer) -> bool:
    """Whether a timer always takes away the step at which another stands before that can fire."""
    if not one.timer.interrupting or one.timer.step != other.timer.step:
        return False
    return type(one.wait) is type(other.wait) and one.wait < other.wait  # type: ignore[operator]
