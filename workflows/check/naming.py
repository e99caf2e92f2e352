"""Can the names in a diagram be read, and its ids be kept? Names stand in inboxes, lists and pictures."""

import unicodedata
from collections.abc import Iterator

from workflows.check.reading import Sources
from workflows.check.report import Code, Finding
from workflows.diagram import TIMER_EVENTS, Kind

MAX_NAME = 100
# A step's is kept with each of its tasks; those add which time it is, whose signature, and who was asked beside it.
MAX_ID = 100

# Line and paragraph separators break a line of an inbox, the rest (C: control, format, unassigned) shows nothing or
# turns the text around it.
_HIDDEN = ("C", "Zl", "Zp")

# Letters by their category, and blank all the same: the fillers of Hangul.
_FILLERS = "\u115f\u1160\u3164\uffa0"


def names(sources: Sources) -> Iterator[Finding]:
    """Yield the names of diagrams and of their elements that nobody can read; steps and diagrams must have one."""
    for process in sources.scopes.values():
        for why in _unreadable(process.name):
            place = process.place
            yield Finding(Code.NO_NAME, place.source, place.line, place.element, f"the diagram {why}")
    for path, node in sources.nodes.items():
        if node.name or node.kind is Kind.STEP:
            what = "step" if node.kind is Kind.STEP else "element"
            yield from (
                sources.find(Code.NO_NAME, path, f"the {what} {why}") for why in _unreadable(node.name)
            )


def ids(sources: Sources) -> Iterator[Finding]:
    """Yield the steps and timers whose id is too long to be kept, with those of the calls that lead to it."""
    for path, node in sources.nodes.items():
        if node.kind in {Kind.STEP, *TIMER_EVENTS} and len(path) > MAX_ID:
            message = (
                f"with the calls that lead to it its id has {len(path)} characters; at most {MAX_ID} are kept"
            )
            yield sources.find(Code.ID_TOO_LONG, path, message)


def _unreadable(name: str) -> Iterator[str]:
    """Yield why a name cannot be read."""
    hidden = [sign for sign in name if unicodedata.category(sign).startswith(_HIDDEN)]
    if hidden:
        yield f"has a name with the invisible character U+{ord(hidden[0]):04X} in it"
    elif not any(sign.isalnum() and sign not in _FILLERS for sign in name):
        yield "has no name"
    elif len(name) > MAX_NAME:
        yield f"has a name of {len(name):,} characters; at most {MAX_NAME} are shown"
