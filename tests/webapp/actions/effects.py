"""Is what an action left behind what the table says? One check for each word of it."""

from collections.abc import Callable, Mapping

from models.enums import CaseState, TaskState
from tests.webapp.actions.doing import Snapshot
from tests.webapp.actions.vocabulary import Clock, Effect, Others, Own, Token

Before = After = Snapshot
# How many working days after the scenes were made the actions are tried: as long have clocks stood still.
DAYS_LATER = 2
Check = Callable[[Before, After, int], bool]


def _is(state: TaskState) -> Check:
    return lambda before, after, task: after.tasks[task].state == state


def _opened(before: Before, after: After, task: int) -> set[int]:
    return after.open() - before.open() - {task}


def _gone(before: Before, after: After, task: int) -> set[int]:
    return before.waiting() - after.waiting() - {task}


OWN: Mapping[Own, Check] = {
    Own.NONE: lambda before, after, task: True,
    Own.STAYS: lambda before, after, task: before.tasks[task].state == after.tasks[task].state,
    Own.DONE: _is(TaskState.DONE),
    Own.WAITS: _is(TaskState.SUSPENDED),
    Own.OPENS: lambda before, after, task: task in after.open() - before.open(),
    Own.CLOSED: lambda before, after, task: task not in after.waiting(),
}

OTHERS: Mapping[Others, Check] = {
    Others.STAY: lambda before, after, task: (
        not _opened(before, after, task)
        and not _gone(before, after, task)
        and after.open() - {task} == before.open() - {task}
    ),
    Others.NEXT: lambda before, after, task: (
        bool(_opened(before, after, task)) and not _gone(before, after, task)
    ),
    Others.ASKED: lambda before, after, task: (
        len(_opened(before, after, task)) == 1 and not _gone(before, after, task)
    ),
    Others.CLOSED: lambda before, after, task: not after.waiting(),
    Others.UNDONE: lambda before, after, task: (
        bool(_gone(before, after, task)) and not _opened(before, after, task)
    ),
    Others.UNASKED: lambda before, after, task: (
        len(_gone(before, after, task)) == 1 and not _opened(before, after, task)
    ),
    Others.WAIT: lambda before, after, task: (
        not after.open() and after.waiting() == before.waiting() | {task}
    ),
    Others.RESUME: lambda before, after, task: after.open() == after.waiting(),
}

TOKEN: Mapping[Token, Check] = {
    Token.STAYS: lambda before, after, task: before.case["token"] == after.case["token"],
    Token.MOVES: lambda before, after, task: before.case["token"] != after.case["token"],
    Token.BACK: lambda before, after, task: (
        before.case["token"] != after.case["token"] == before.earlier_token is not None
    ),
}

STEP: Mapping[Clock, Check] = {
    Clock.NONE: lambda before, after, task: True,
    Clock.RUNS: lambda before, after, task: before.tasks[task].limit == after.tasks[task].limit,
    Clock.STANDS: lambda before, after, task: (
        after.tasks[task].timer is None and after.tasks[task].days_left is not None
    ),
    Clock.RESUMES: lambda before, after, task: (
        before.tasks[task].days_left is not None
        and after.tasks[task].days_left is None
        and after.tasks[task].timer is not None
        and after.tasks[task].left == before.tasks[task].days_left
        and after.tasks[task].due_on > before.tasks[task].due_on
    ),
    Clock.RAN: lambda before, after, task: (
        before.tasks[task].timer is None
        and after.tasks[task].timer is not None
        and after.tasks[task].due_on == before.tasks[task].due_on
    ),
    Clock.ENDS: lambda before, after, task: (
        after.tasks[task].timer is None and after.tasks[task].days_left is None
    ),
}

TOTAL: Mapping[Clock, Check] = {
    Clock.RUNS: lambda before, after, task: before.limit == after.limit,
    Clock.BEGINS: lambda before, after, task: None not in after.limit,
    Clock.STANDS: lambda before, after, task: after.limit == (before.case["due_on"], None),
    Clock.RESUMES: lambda before, after, task: (
        before.case["total"] is None and None not in after.limit and after.left == before.left + DAYS_LATER
    ),
    Clock.ENDS: lambda before, after, task: after.limit == (before.case["due_on"], None),
}


def differences(effect: Effect, before: Before, after: After, task: int) -> list[str]:
    """Return which words of the table are not true of what came of an action."""
    words = ((OWN, effect.own), (OTHERS, effect.others), (TOKEN, effect.token), (STEP, effect.step))
    wrong = [
        f"{type(word).__name__} {word}" for checks, word in words if not checks[word](before, after, task)
    ]
    if not TOTAL[effect.total](before, after, task):
        wrong.append(f"total {effect.total}")
    if after.case["state"] != (effect.case or before.case["state"]):
        wrong.append(f"case {CaseState(after.case['state'])}")
    entries = after.case["entries"][len(before.case["entries"]) :]
    if entries != ([effect.entry] if effect.entry else []):
        wrong.append(f"entries {entries}")
    told = after.case["told"][len(before.case["told"]) :]
    if {*told} != {*effect.told}:
        wrong.append(f"told {told}")
    return wrong
