"""What was seen of the cases of one class when everything that can happen to them was explored."""

from dataclasses import dataclass, field
from typing import TypeAlias

from workflows.check.flows import Memory
from workflows.check.report import Decision
from workflows.specs import CaseStuck

# The working days (工作日) of a year: no rule gives an office longer, and the calendar is known for a few years only.
MAX_LIMIT = 250

Log: TypeAlias = tuple[Decision, ...]


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
    timely: set[str] = field(default_factory=set)
    """The timers that may fire before another has taken away their step."""
    overslept: dict[str, Log] = field(default_factory=dict)
    """Timers that wait for more than MAX_LIMIT working days."""
    unanswered: dict[str, Log] = field(default_factory=dict)
    """Timers that take a step away for which nobody answers before the case ends."""
    unasked: dict[str, Log] = field(default_factory=dict)
    """Timers that end a case in which nobody has decided anything."""
    circles: dict[str, Log] = field(default_factory=dict)
    """Timers that lead round to themselves, with nobody deciding."""
    memories: dict[object, Memory] = field(default_factory=dict)
    """What the cases knew at some moment, each different memory once."""
    gave_up: bool = False
    """Whether there was more than the budget let see."""
