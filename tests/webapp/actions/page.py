"""The tables of docs/actions.md, as they have to be."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from models.enums import EventKind, NoticeKind
from tests.webapp.actions.action import Action
from tests.webapp.actions.beside import ACTIONS
from tests.webapp.actions.states import (
    CUT_OFF,
    DONE,
    ENDED,
    IN_REVIEW,
    STEP,
    SUBMITTED,
    TASK_IS_OPEN,
    UNDER_WAY,
    WITH_APPLICANT,
)
from tests.webapp.actions.vocabulary import HEARS, Effect, State
from webapp.errors import Refusal
from webapp.services.cases.closings import TaskClosed

PAGE = Path(__file__).parents[3] / "docs" / "actions.md"
GROUPS = {
    "once submitted": SUBMITTED,
    "under way": UNDER_WAY,
    "in review": IN_REVIEW,
    "task open": TASK_IS_OPEN,
    "step open": STEP,
    "decided already": DONE,
    "returned": WITH_APPLICANT,
    "ended": ENDED,
    "cut off": CUT_OFF,
}
Row = tuple[str, ...]


def tables() -> list[list[Row]]:
    """Return the rows of every table on the page, without their heads."""
    found: list[list[Row]] = []
    before = ""
    for line in PAGE.read_text().splitlines():
        if line.startswith("|---"):
            found.append([])
        elif line.startswith("|") and found and before.startswith("|"):
            found[-1].append(tuple(cell.strip() for cell in line.strip("|").split("|")))
        before = line
    return found


def expected_tables() -> list[list[Row]]:
    """Return what stands in the tables, one after the other."""
    rows = [row for action in ACTIONS for row in _effects(action)]
    refusals = [_refused(action) for action in ACTIONS]
    return [rows, list(_hears()), refusals, list(_groups()), list(_sentences())]


def _effects(action: Action) -> Iterator[Row]:
    may = ", ".join(who for who in action.who if who not in action.idle) or ", ".join(action.who)
    main = [state for state in action.at if state not in action.differently]
    yield _row(action, may, main, action.effect)
    for state, effect in action.differently.items():
        yield _row(action, may, [state], effect)


def _row(action: Action, may: str, states: Collection[State], effect: Effect) -> Row:
    told = ", ".join(f"`{kind}`" for kind in effect.told) or "–"
    entry = f"`{effect.entry}`" if effect.entry else "–"
    words = (effect.own, effect.others, effect.token, effect.step, effect.total, effect.case or "stays")
    return f"{action.chinese} {action.name}", may, _states(states), *words, told, entry


def _states(states: Collection[State]) -> str:
    """Say which states, as shortly as the groups allow."""
    left, said = [state for state in State if state in states], []
    for name, group in GROUPS.items():
        if left and set(group) <= set(left):
            said.append(f"*{name}*")
            left = [state for state in left if state not in group]
    return "; ".join([*said, *left])


def _refused(action: Action) -> Row:
    by_refusal: dict[str, list[State]] = {}
    for state in State:
        refusal = action.elsewhere.get(state, action.one_word)
        if state not in action.at and refusal:
            by_refusal.setdefault(refusal.__name__, []).append(state)
    elsewhere = ". ".join(f"`{name}`: {_states(states)}" for name, states in by_refusal.items())
    keeps = ", ".join(action.keeps) + (f": `{action.one_word.__name__}`" if action.one_word else "")
    return action.name, f"`{action.stranger.__name__}`", keeps or "–", elsewhere or "–"


def _groups() -> Iterator[Row]:
    for name, group in GROUPS.items():
        yield f"*{name}*", "; ".join(state for state in State if state in group)


def _hears() -> Iterator[Row]:
    for kind, hearers in HEARS.items():
        yield f"`{kind}`", ", ".join(hearers)


def _sentences() -> Iterator[Row]:
    for refusal in sorted(_refusals(), key=lambda each: each.__name__):
        yield f"`{refusal.__name__}`", refusal.template()


def _refusals() -> set[type[Refusal]]:
    found: set[type[Refusal]] = set()
    for action in ACTIONS:
        found |= {action.stranger, *action.elsewhere.values(), *action.reasons_kept()}
    return found | {*TaskClosed.__subclasses__()}


def entries() -> set[EventKind]:
    """Return every entry that an action of the table writes."""
    return {effect.entry for effect in _all_effects() if effect.entry}


def notices() -> set[NoticeKind]:
    """Return every notice that an action of the table sends."""
    return {kind for effect in _all_effects() for kind in effect.told}


def _all_effects() -> Sequence[Effect]:
    return [effect for action in ACTIONS for effect in (action.effect, *action.differently.values())]
