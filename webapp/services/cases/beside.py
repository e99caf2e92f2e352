"""Who is asked beside the step that the diagram has come to, as a case's history tells it (domain 3.0.4b). Pure.

The engine knows nothing of them: the token stands where it stood. Their tasks have keys like "in_county:1+2", which was
the second that was asked beside "in_county:1".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from models.enums import Ask, EventKind, Role

OPENS = (EventKind.ASKED, EventKind.SENT_BACK, EventKind.SIGNED)
ENDS = (EventKind.ANSWERED, EventKind.DECIDED, EventKind.COMPLETED)
# In the payload: who is asked, which tasks beside the diagram are closed, and of a case that begins anew how often each
# step was reached before.
ASKED, CLOSED, REACHED = "asked", "closed", "reached"


class Told(Protocol):
    """An entry of a history, as it is stored or before that."""

    @property
    def kind(self) -> EventKind:
        """What it records."""

    @property
    def task_key(self) -> str | None:
        """The task that it is about."""

    @property
    def outcome(self) -> str | None:
        """How it was decided, if it was."""

    @property
    def payload(self) -> Mapping[str, object]:
        """What else it says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A task beside the diagram: why, from which task, of which post, and of whom if it was asked of a person."""

    key: str
    ask: Ask
    origin: str
    office_id: int
    role: Role
    limit_days: int
    account_id: int | None = None

    def stored(self) -> dict[str, str | int | None]:
        """Return what the history says of it."""
        return {
            "key": self.key,
            "ask": self.ask,
            "office_id": self.office_id,
            "role": self.role,
            "limit_days": self.limit_days,
            "account_id": self.account_id,
        }


def engine_key(key: str) -> str:
    """Return the key by which the engine knows a task: whoever signs beside a step (加签) decides that step."""
    return key.partition("+")[0]


def step_of(key: str) -> str:
    """Return the id of the step that a task belongs to."""
    return engine_key(key).rpartition(":")[0]


def next_key(origin: str, taken: Iterable[str]) -> str:
    """Return the key of one more task beside that of a step, of which a case has `taken` these keys already."""
    base = engine_key(origin)
    return f"{base}+{1 + sum(key.startswith(f'{base}+') for key in taken)}"


def asked_in(entry: Told) -> Asked | None:
    """Return whom an entry says was asked, if it is of that kind."""
    said = entry.payload.get(ASKED)
    if entry.kind not in OPENS or not isinstance(said, Mapping) or entry.task_key is None:
        return None
    known = {"ask": Ask(said["ask"]), "role": Role(said["role"]), "origin": entry.task_key}
    return Asked(**{**said, **known})


def still_asked(entries: Iterable[Told]) -> dict[str, Asked]:
    """Return who has been asked and has not answered, by the key of the task; of a case that goes on."""
    known: dict[str, Asked] = {}
    waiting: dict[str, Asked] = {}
    for entry in entries:
        if asked := asked_in(entry):
            known[asked.key] = waiting[asked.key] = asked
        elif entry.kind == EventKind.RECALLED and entry.task_key in known:
            waiting[entry.task_key] = known[entry.task_key]
        elif entry.kind == EventKind.RESUBMITTED and REACHED in entry.payload:
            waiting.clear()
        elif entry.kind in ENDS:
            waiting.pop(str(entry.task_key), None)
        for key in closed_by(entry):
            waiting.pop(key, None)
    return waiting


def closed_by(entry: Told) -> tuple[str, ...]:
    """Return the keys of the tasks beside the diagram that nobody has to take any more after an entry."""
    closed = entry.payload.get(CLOSED)
    return tuple(map(str, closed)) if isinstance(closed, list | tuple) else ()
