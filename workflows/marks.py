"""The disc at the corner of a step that says, without colour, how it stands: on a diagram and in its legend."""

from lxml import etree

from workflows.svg import Point, add, new_svg, shift

# In words for the description, and drawn round the origin, so that no font is needed: a token, a tick, a cross,
# two chevrons.
MARKS = {
    "current": ("办理中", "M-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0 Z"),
    "done": ("已办", "M-4,0 L-1,3.5 L4.5,-3"),
    "rejected": ("不通过", "M-3.5,-3.5 L3.5,3.5 M3.5,-3.5 L-3.5,3.5"),
    "skipped": ("跳过", "M-4.5,-3.5 L-1,0 L-4.5,3.5 M0.5,-3.5 L4,0 L0.5,3.5"),
}


def add_mark(parent: etree._Element, state: str, middle: Point) -> None:
    """Put the disc of a state (one of `MARKS`) round a point."""
    mark = add(parent, "g", {"class": "bpmn-mark", "transform": shift(middle)})
    add(mark, "circle", {"r": 9})
    add(mark, "path", {"d": MARKS[state][1]})


def draw_mark(state: str) -> str:
    """Return the disc of a state as an SVG of its own, to stand beside the words that explain it."""
    svg = new_svg({"class": "bpmn-key", "viewBox": "-10 -10 20 20", "aria-hidden": "true"})
    add_mark(svg, state, Point(0, 0))
    return etree.tostring(svg, encoding="unicode")
