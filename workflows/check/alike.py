"""Which cases go the same ways? Those for which whatever steers them comes to the same.

Nothing else of the facts matters to what can happen to a case: which steps are skipped, which conditions hold, how long
timers wait, and which limits are none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from workflows.check.explored import MAX_LIMIT
from workflows.check.reading import Sources
from workflows.decisions import DecisionError, DecisionTable
from workflows.expressions import Expression
from workflows.values import ExpressionError, Value

Facts: TypeAlias = Mapping[str, Value]
Said: TypeAlias = object
"""What an expression comes to, comparable; of one that asks for outcomes too, the facts that it reads."""


class Answers:
    """What decision tables answer; each is asked once for the same values of what it reads."""

    def __init__(self, tables: Iterable[DecisionTable]) -> None:
        self.reads = {table.id: sorted(table.names) for table in tables}
        self._known: dict[tuple[object, ...], Mapping[str, Value] | None] = {}

    def of(self, table: DecisionTable, facts: Facts) -> Mapping[str, Value] | None:
        """Return what the table answers, None if no row fits; raise DecisionError."""
        asked = (table.id, *[facts.get(name) for name in self.reads[table.id]])
        if asked not in self._known:
            self._known[asked] = table.decide(facts)
        return self._known[asked]


class Alike:
    """Tells cases apart by the ways that they can go."""

    def __init__(self, sources: Sources, rules: Sequence[DecisionTable], answers: Answers) -> None:
        steps, timers = sources.definition.steps.values(), sources.definition.timers.values()
        flows = (flow for process in sources.scopes.values() for flow in process.flows)
        in_turn = _in_turn(rules)
        self._rules = in_turn or rules
        self._answers = answers
        self._skips = [_skipping(*one) for one in {(step.seat, step.skip_when) for step in steps}]
        deciding = {*(flow.condition for flow in flows), *(timer.expression for timer in timers)}
        self._deciding = [_saying(one) for one in deciding if one is not None]
        self._limits = [_saying(due) for due in {step.due for step in steps} if due is not None]
        self._outputs = [column.name for table in rules for column in table.outputs]
        self._one_by_one = in_turn is None

    def way(self, facts: Facts) -> object:
        """Return what is the same for facts with which a case can go the same ways."""
        if self._one_by_one or len({*self._outputs, *facts}) < len(self._outputs) + len(facts):
            return tuple(facts.items())  # what a name means changes on the way
        answered, known = self._learnt(facts)
        return (
            answered,
            tuple(skips(known) for skips in self._skips),
            tuple(said(known) for said in self._deciding),
            tuple(_limit(said(known)) for said in self._limits),
        )

    def _learnt(self, facts: Facts) -> tuple[object, Facts]:
        """Return which tables answer, and what a case knows once they have."""
        known, answered = dict(facts), list[object]()
        for table in self._rules:
            reads = self._answers.reads[table.id]
            if not all(name in known for name in reads):
                answered.append(tuple(known.get(name) for name in reads))
                continue
            try:
                answer = self._answers.of(table, known)
            except DecisionError as error:
                answered.append(str(error))
                continue
            answered.append(answer is not None)
            known |= answer or {}
        return tuple(answered), known


def _in_turn(rules: Sequence[DecisionTable]) -> list[DecisionTable] | None:
    """Return the tables so that each comes after those whose answers it reads; None if they read in a circle."""
    asked_first = {
        table.id: {one.id for one in rules if table.names & {column.name for column in one.outputs}}
        for table in rules
    }
    by_id = {table.id: table for table in rules}
    try:
        return [by_id[table] for table in TopologicalSorter(asked_first).static_order()]
    except CycleError:
        return None


def _skipping(seat: str, skip_when: Expression | None) -> Callable[[Facts], Said]:
    """Return a function that says whether a step is skipped."""
    condition = None if skip_when is None else _saying(skip_when)

    def skips(known: Facts) -> Said:
        seats = known["seats"]
        assert isinstance(seats, tuple)
        return seat not in seats or (condition is not None and condition(known))

    return skips


def _saying(expression: Expression) -> Callable[[Facts], Said]:
    """Return a function that says what an expression comes to, and evaluates it once for the same values."""
    names = sorted(expression.names)
    told: dict[tuple[Value, ...], Said] = {}

    def said(known: Facts) -> Said:
        values = tuple(known.get(name) for name in names)
        if expression.outcomes or not known.keys() >= expression.names:
            return values
        if values not in told:
            told[values] = _evaluated(expression, known)
        return told[values]

    return said


def _evaluated(expression: Expression, known: Facts) -> Said:
    try:
        value = expression.evaluate(known)
    except ExpressionError as error:
        return str(error)
    return type(value), value


def _limit(said: Said) -> Said:
    """Let all limits be the same that an office can be given."""
    match said:
        case (kind, int(days)) if kind is int and 0 <= days <= MAX_LIMIT:
            return True
    return said
