"""How the nodes of one diagram stand, from how the steps of the whole process do, called diagrams included."""

from collections.abc import Collection, Iterable, Mapping

STATES = ("skipped", "done", "rejected", "current")
"""A step that is named under two of them counts as the later."""


def standing(marked: Mapping[str, Iterable[str]], steps: Iterable[str], inside: str) -> dict[str, str | None]:
    """Return the state of each node of the diagram that is called at the path `inside`, "" for the main one.

    `marked` has ids of steps ("in_lead", "call/in_county") under each of STATES; of `steps`, all there are, those
    not marked are ahead: None.
    """
    states: dict[str, str | None] = dict.fromkeys(steps)
    states |= {step: state for state in STATES for step in marked[state]}
    path = f"{inside}/" if inside else ""
    within: dict[str, set[str | None]] = {}
    for step, state in states.items():
        if step.startswith(path):
            within.setdefault(step.removeprefix(path).partition("/")[0], set()).add(state)
    return {node: _together(found) for node, found in within.items()}


def _together(states: Collection[str | None]) -> str | None:
    """Return how a node stands whose steps stand so: what happens in it, else what all of them have come to."""
    for state in ("current", "rejected"):
        if state in states:
            return state
    if None in states:
        return None
    return "done" if "done" in states else "skipped"
