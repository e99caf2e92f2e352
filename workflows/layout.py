"""Where a diagram's elements stand on it, as its file says (BPMNDI)."""

from math import inf, isfinite

from lxml import etree

from workflows.svg import Box, Point

_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_ENDS = 2  # of a line


class DrawingError(Exception):
    """The diagram cannot be drawn; the message names the element and what is wrong."""


def box_of(shape: etree._Element) -> Box:
    """Return the bounds of a drawn node; raise DrawingError if it has none."""
    bounds = shape.find(_BOUNDS)
    if bounds is None:
        raise DrawingError(f"'{shape.get('bpmnElement')}' is drawn without bounds")
    return Box(*(_number(bounds, side) for side in Box._fields))


def waypoints_of(edge: etree._Element) -> list[Point]:
    """Return the corners of a drawn flow, two at least; raise DrawingError if there are fewer."""
    points = [Point(_number(point, "x"), _number(point, "y")) for point in edge.iter(_WAYPOINT)]
    if len(points) < _ENDS:
        raise DrawingError(f"'{edge.get('bpmnElement')}' is drawn with fewer than two waypoints")
    return points


def _number(element: etree._Element, name: str) -> float:
    try:
        number = float(element.get(name, ""))
    except ValueError:
        number = inf
    if not isfinite(number):
        raise DrawingError(f"line {element.sourceline}: {name}='{element.get(name)}' is no number")
    return number
