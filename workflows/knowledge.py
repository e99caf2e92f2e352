"""What a case knows (facts, outcomes of its steps, answers of its tables), and what its diagram makes of that."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from workflows.decisions import DecisionError
from workflows.definition import Definition, Step, Timer
from workflows.expressions import Expression
from workflows.specs import CaseStuck
from workflows.timers import FIRST_DAY, LAST_DAY, Wait
from workflows.values import ExpressionError, Value

Facts: TypeAlias = Mapping[str, Value]

_STOPS = (CaseStuck, DecisionError, ExpressionError)


class SkipReason(StrEnum):
    """Why nobody decides a step: its seat (岗位) does not exist for the case, or its skip_when holds."""

    NO_SEAT = "no_seat"
    SKIP_WHEN = "skip_when"


class Knowledge:
    """Answers what the diagram asks of a case; what cannot be answered is a CaseStuck that names the element."""

    def __init__(
        self, definition: Definition, facts: Facts, outcomes: Mapping[str, str], results: Facts
    ) -> None:
        self.outcomes = dict(outcomes)
        """How the steps that expressions ask for were last decided, by step id."""
        self.results = dict(results)
        """What the decision tables answered, by output name."""
        self._definition = definition
        self._seats = _seats(facts)
        self._names = {**facts, **self.results}

    def skip_reason(self, step: Step) -> SkipReason | None:
        """Return why nobody decides this step, None if somebody does."""
        if step.seat not in self._seats:
            return SkipReason.NO_SEAT
        with Naming(step.id):
            skips = step.skip_when is not None and self.truth(step.skip_when, step.id)
        return SkipReason.SKIP_WHEN if skips else None

    def due(self, step: Step) -> int | None:
        """Return the working days (工作日) for this step, None for no limit."""
        with Naming(step.id):
            days = None if step.due is None else self._value(step.due, step.id)
            if days is None or (type(days) is int and days >= 0):
                return days
            raise CaseStuck(f"due yields {days!r}, which is no number of working days")

    def wait(self, timer: Timer) -> Wait:
        """Return how long this timer waits."""
        if isinstance(timer.waits, timedelta):
            return timer.waits
        with Naming(timer.id):
            value = self._value(timer.waits, timer.id)
            if timer.until_day and type(value) is date and FIRST_DAY <= value <= LAST_DAY:
                return value
            if not timer.until_day and type(value) is int and value >= 0:
                return value
            wanted = f"day from {FIRST_DAY} to {LAST_DAY}" if timer.until_day else "number of working days"
            raise CaseStuck(f"{timer.waits.text} yields {value!r}, which is no {wanted}")

    def truth(self, condition: Expression, element: str) -> bool:
        """Return whether the condition holds at this element."""
        value = self._value(condition, element)
        if not isinstance(value, bool):
            raise CaseStuck(f"{condition.text} is neither true nor false but {value!r}")
        return value

    def learn_outcome(self, step: str, outcome: str) -> None:
        """Remember how a step was decided, if some expression asks for it."""
        if step in self._definition.asked:
            self.outcomes[step] = outcome

    def apply_rule(self, decision: str) -> None:
        """Ask a decision table and remember its answer for the rest of the case."""
        answer = self._definition.decisions[decision].decide(self._names)
        if answer is None:
            raise CaseStuck(f"no rule of the decision '{decision}' fits")
        self.results.update(answer)
        self._names.update(answer)

    def _value(self, expression: Expression, element: str) -> Value:
        """Evaluate an expression of this element, for which outcome('x') is the x of its own process."""
        path = element[: element.rfind("/") + 1]
        asked = {
            step: self.outcomes[path + step] for step in expression.outcomes if path + step in self.outcomes
        }
        return expression.evaluate(self._names, asked)


def _seats(facts: Facts) -> tuple[Value, ...]:
    seats = facts.get("seats")
    if not isinstance(seats, tuple):
        raise CaseStuck("the facts do not name the seats (岗位) that exist for the case")
    return seats


class Naming:
    """Lets whatever stops the case name the element where it stops."""

    # No generator: it is entered several times in every step.
    def __init__(self, element: str) -> None:
        self._element = element

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, _STOPS):
            raise CaseStuck(str(error), self._element) from error
