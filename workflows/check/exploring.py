"""Every state that cases of one class can come to, found by deciding all that is open in every way.

States that differ only in how often a step was reached are one, so that a loop with a person in it closes.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from workflows.case import GOES_ROUND
from workflows.check.flows import Memory
from workflows.check.reading import Sources
from workflows.check.report import Decision
from workflows.engine import Advance, CaseStuck, OpenedTask, complete, start
from workflows.state import State, Tokens, load_state
from workflows.values import Value

# About 10 µs each, so that a check is over within two seconds or so whatever is drawn. A diagram of 60 nodes for the
# whole country, both sides side by side (bench/check.bpmn), needs 101,000; the largest that ships 48,000.
MAX_WORK = 120_000

# What a decision costs at least, for each token that is set up for it, and for each step that it leads to.
_A_DECISION, _A_TOKEN, _A_STEP = 6, 2, 7

# The engine looks through all its tasks for each that it runs: so many nodes passed in a row cost as one more.
_PASSED_AS_ONE = 25

# A circle is seen when the engine has run 2,000 nodes, looking through them all each time.
_A_CIRCLE = 25_000

# The working days (工作日) of a year: no rule gives an office longer, and the calendar is known for a few years only.
MAX_LIMIT = 250

Log: TypeAlias = tuple[Decision, ...]
_Key: TypeAlias = tuple[object, ...]
_Place = TypeVar("_Place", bound=Hashable)


class _SpentError(Exception):
    """The budget is used up."""


@dataclass(slots=True)
class Budget:
    """How much may still be explored."""

    left: int = field(default_factory=lambda: MAX_WORK)
    states: int = 0
    """How many states were found."""

    def spend(self, amount: int) -> None:
        """Take from what is left; raise _SpentError when it is used up."""
        self.left -= amount
        if self.left < 0:
            raise _SpentError


@dataclass(slots=True)
class Explored:
    """What can happen to the cases of one class; each state is told by the shortest log that leads to it."""

    opened: set[str] = field(default_factory=set)
    """The steps that somebody is asked to decide, or told of."""
    unlimited: dict[str, Log] = field(default_factory=dict)
    """Steps that open without a time limit."""
    overlong: dict[str, Log] = field(default_factory=dict)
    """Steps that open with a time limit longer than MAX_LIMIT."""
    twice: dict[str, Log] = field(default_factory=dict)
    """Steps and gateways where two tokens stand at once."""
    stuck: list[tuple[CaseStuck, Log]] = field(default_factory=list)
    unfinished: dict[str, Log] = field(default_factory=dict)
    """An open step from which no decisions lead to an end, though none gets stuck."""
    memories: dict[_Key, Memory] = field(default_factory=dict)
    """What the cases knew at some moment, each different memory once."""
    gave_up: bool = False
    """Whether there was more than the budget let see."""


def explore(sources: Sources, facts: Mapping[str, Value], budget: Budget) -> Explored:
    """Explore the cases with these facts, as far as the budget goes."""
    return _Exploration(sources, facts, budget).run()


class _Exploration:
    def __init__(self, sources: Sources, facts: Mapping[str, Value], budget: Budget) -> None:
        self.definition = sources.definition
        self.facts = facts
        self.budget = budget
        self.cost = _A_DECISION + (_passed_at_most(sources, facts) // _PASSED_AS_ONE) ** 2
        self.found = Explored()
        self.logs: dict[_Key, Log] = {}
        self.standing: dict[_Key, str] = {}
        """The first open step of each state."""
        self.leading: defaultdict[_Key, list[_Key]] = defaultdict(list)
        """The states from which a decision leads to each state."""
        self.ended: set[_Key] = set()
        self.broken: set[_Key] = set()
        self.ahead: deque[tuple[_Key, bytes, Tokens]] = deque()

    def run(self) -> Explored:
        try:
            self.begin()
            while self.ahead:
                self.decide(*self.ahead.popleft())
        except _SpentError:
            self.found.gave_up = True
        else:
            self.look_for_ends()
        return self.found

    def begin(self) -> None:
        self.budget.spend(self.cost)
        try:
            self.reach(start(self.definition, self.facts), (), None)
        except CaseStuck as stuck:
            self.stop(stuck, ())

    def decide(self, key: _Key, state: bytes, tokens: Tokens) -> None:
        """Decide everything that is open in a state in every way."""
        for task, step in tokens_open(tokens):
            for outcome in self.definition.steps[step].outcomes:
                self.budget.spend(self.cost + _A_TOKEN * size(tokens))
                log = (*self.logs[key], Decision(task, outcome))
                try:
                    self.reach(complete(self.definition, state, task, outcome, self.facts), log, key)
                except CaseStuck as stuck:
                    self.broken.add(key)
                    self.stop(stuck, log)

    def stop(self, stuck: CaseStuck, log: Log) -> None:
        self.found.stuck.append((stuck, log))
        if stuck.why == GOES_ROUND:
            self.budget.spend(_A_CIRCLE)

    def reach(self, advance: Advance, log: Log, origin: _Key | None) -> None:
        self.budget.spend(_A_STEP * (len(advance.opened) + len(advance.skipped)))
        for task in advance.opened:
            self.open(task, log)
        state = load_state(advance.state, self.definition.fingerprint)
        key = canonical(state)
        if origin is not None:
            self.leading[key].append(origin)
        if key in self.logs:
            return
        self.budget.states += 1
        self.logs[key] = log
        self.found.memories[key[1:]] = ({**self.facts, **state.results}, state.outcomes)
        self.standing[key] = next((step for _, step in tokens_open(state.tokens)), "")
        if advance.ended:
            self.ended.add(key)
        elif doubled := next(places_doubled(state.tokens), None):
            self.broken.add(key)
            self.found.twice.setdefault(doubled, log)
        else:
            self.ahead.append((key, advance.state, state.tokens))

    def open(self, task: OpenedTask, log: Log) -> None:
        self.found.opened.add(task.step.id)
        if task.due is None:
            self.found.unlimited.setdefault(task.step.id, log)
        elif task.due > MAX_LIMIT:
            self.found.overlong.setdefault(task.step.id, log)

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


def _passed_at_most(sources: Sources, facts: Mapping[str, Value]) -> int:
    """Return how many nodes a token may pass, of all there are, without anybody deciding."""
    seats = facts["seats"]
    assert isinstance(seats, tuple)
    steps = sources.definition.steps.values()
    waiting = sum(step.blocking and step.skip_when is None and step.seat in seats for step in steps)
    return len(sources.nodes) - waiting


def canonical(state: State) -> _Key:
    """Return what tells a state from others, but for how often its steps were reached."""
    return (
        _places(state.tokens),
        tuple(sorted(state.outcomes.items())),
        tuple(sorted(state.results.items())),
    )


def _places(tokens: Tokens) -> _Key:
    steps = tuple(sorted(step for step, _ in tokens.open))
    return (steps, tokens.arrived, tuple((call, _places(inner)) for call, inner in tokens.calls))


def _doubled(places: Sequence[_Place]) -> Iterator[_Place]:
    return (place for place, number in Counter(places).items() if number > 1)


def tokens_open(tokens: Tokens, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (task key, step id) of every open step."""
    for step, occurrence in tokens.open:
        yield f"{path}{step}:{occurrence}", path + step
    for call, inner in tokens.calls:
        yield from tokens_open(inner, f"{path}{call}/")


def size(tokens: Tokens) -> int:
    """Return the number of tokens."""
    return len(tokens.open) + len(tokens.arrived) + sum(1 + size(inner) for _, inner in tokens.calls)


def places_doubled(tokens: Tokens, path: str = "") -> Iterator[str]:
    """Yield the nodes where two tokens stand at once."""
    yield from (path + step for step in _doubled([step for step, _ in tokens.open]))
    yield from (path + gateway for gateway, _ in _doubled(tokens.arrived))
    yield from (path + call for call in _doubled([call for call, _ in tokens.calls]))
    for call, inner in tokens.calls:
        yield from places_doubled(inner, f"{path}{call}/")
