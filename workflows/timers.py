"""The timers of a process: what its diagram says about how long each waits, and at which step.

None of them is a legal deadline: those are the `due` of steps, and when one passes nothing is decided.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from workflows.bpmn import compile_at
from workflows.diagram import DefinitionError, Kind, Node, Place
from workflows.expressions import Expression

Wait: TypeAlias = int | timedelta | date
"""How long a timer waits: working days (工作日), calendar time, or until a day."""

MAX_DURATION = timedelta(days=366)
# A day to wait for lies among those for which working days are known.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)

_DURATION = re.compile(r"P(?=.)(?:(\d+)W|(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)", re.ASCII)
_SECONDS = (7 * 86_400, 86_400, 3_600, 60, 1)
_MAX_TEXT = 40


@dataclass(frozen=True)
class Timer:
    """A timer event: when its time has come, the engine is told to let it fire.

    `id` is like that of a step. It waits for calendar time, or for what an expression yields: a number of working days
    (工作日), or a day if it waits `until_day`. `step` is the step at whose edge it stands, none for an intermediate
    event; one that is `interrupting` takes the task away from whoever has it.
    """

    id: str
    name: str
    waits: timedelta | Expression
    until_day: bool
    step: str | None
    interrupting: bool
    documentation: str

    @property
    def expression(self) -> Expression | None:
        """Return the expression that says how long, none for calendar time."""
        return self.waits if isinstance(self.waits, Expression) else None


def read_timer(node: Node, path: str) -> Timer:
    """Return the timer of an event whose ids stand behind this path; raise DefinitionError if it can be none."""
    known = {"timeDuration": node.duration, **node.extension}
    given = {name: text for name, text in known.items() if text is not None}
    if len(given) != 1:
        said = " and ".join(given) or "none"
        raise DefinitionError(node.place, f"a timer has one of timeDuration, working_days and on, not {said}")
    if "on" in given and node.kind is Kind.WAIT:
        reason = "the case would wait for a day, and how long that is nobody can foresee; write working_days"
        raise DefinitionError(node.place, reason)
    ((name, text),) = given.items()
    return Timer(
        id=path + node.id,
        name=node.name,
        waits=(_read_duration if name == "timeDuration" else compile_at)(node.place, text),
        until_day=name == "on",
        step=path + node.attached_to if node.kind is Kind.BOUNDARY else None,
        interrupting=node.kind is Kind.BOUNDARY and node.interrupting,
        documentation=node.documentation,
    )


def _read_duration(place: Place, text: str) -> timedelta:
    """Return an ISO 8601 duration of whole units that are always of the same length."""
    found = _DURATION.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if found is None:
        reason = "is no duration of whole weeks, days, hours, minutes and seconds like P2W, P10D or PT2H"
        raise DefinitionError(place, f"'{text[:_MAX_TEXT]}' {reason}")
    seconds = sum(int(count or 0) * each for count, each in zip(found.groups(), _SECONDS, strict=True))
    if seconds > MAX_DURATION.total_seconds():
        raise DefinitionError(place, f"'{text}' is longer than {MAX_DURATION.days} days")
    return timedelta(seconds=seconds)
