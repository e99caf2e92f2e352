"""The few means by which a picture is built as SVG elements; lxml escapes whatever people have typed."""

import re
from collections.abc import Mapping
from math import ceil, hypot
from typing import NamedTuple

from lxml import etree

NAMESPACE = "http://www.w3.org/2000/svg"
FONT_SIZE = 14
LINE_HEIGHT = 18

_LATIN_WIDTH = 0.6  # of a Chinese character's
_FIRST_WIDE = "\u2e80"
_PART = re.compile(rf"[^\s{_FIRST_WIDE}-\U0010ffff]+\s*|\s+|.")


class Point(NamedTuple):
    """A place on the picture, in pixels from its top left."""

    x: float
    y: float


class Box(NamedTuple):
    """An upright rectangle on the picture."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """Return the centre of the box."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def attributes(self) -> dict[str, object]:
        """Return what a `rect` of this box carries."""
        return dict(self._asdict())


def new_svg(attributes: Mapping[str, object]) -> etree._Element:
    """Return an empty picture, which stands for itself as a file and inside a page."""
    element = etree.Element("svg", {"xmlns": NAMESPACE})
    _set(element, attributes)
    return element


def add(parent: etree._Element, tag: str, attributes: Mapping[str, object] | None = None) -> etree._Element:
    """Return a new element at the end of its parent."""
    element = etree.SubElement(parent, tag)
    _set(element, attributes or {})
    return element


def add_text(parent: etree._Element, text: str, top: Point, width: float) -> None:
    """Write the text under a point, in as many centred lines of even length as the width asks for."""
    element = add(parent, "text", {"class": "bpmn-name", "text-anchor": "middle"})
    for number, line in enumerate(wrap(text, width / FONT_SIZE)):
        add(element, "tspan", {"x": top.x, "y": top.y + (number + 0.75) * LINE_HEIGHT}).text = line


def add_centred_text(parent: etree._Element, text: str, box: Box) -> None:
    """Write the text into the middle of a box."""
    height = len(wrap(text, box.width / FONT_SIZE)) * LINE_HEIGHT
    add_text(parent, text, Point(box.middle.x, box.middle.y - height / 2), box.width)


def wrap(text: str, limit: float) -> list[str]:
    """Cut the text into lines of about the same length, meant to hold `limit` Chinese characters each.

    A Latin word is not cut.
    """
    parts = _PART.findall(text)
    widths = [_width(part) for part in parts]
    share = sum(widths) / max(1, ceil(sum(widths) / limit))
    lines, filled = [""], 0.0
    for part, width in zip(parts, widths, strict=True):
        if lines[-1] and filled + width / 2 > share * len(lines):
            lines.append("")
        lines[-1] += part
        filled += width
    return [line.strip() for line in lines]


def polygon(*corners: Point) -> str:
    """Return the `points` of a line or a polygon."""
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


def arrow_head(start: Point, end: Point) -> str:
    """Return the `points` of the head of an arrow that comes from `start`."""
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    x, y = (end.x - start.x) / length, (end.y - start.y) / length
    back = Point(end.x - 10 * x, end.y - 10 * y)
    return polygon(end, Point(back.x - 5 * y, back.y + 5 * x), Point(back.x + 5 * y, back.y - 5 * x))


def shift(to: Point) -> str:
    """Return the `transform` that moves the origin to a point."""
    return f"translate({to.x:g},{to.y:g})"


def _width(part: str) -> float:
    return sum(_LATIN_WIDTH if character < _FIRST_WIDE else 1 for character in part)


def _set(element: etree._Element, attributes: Mapping[str, object]) -> None:
    for name, value in attributes.items():
        element.set(name, f"{value:g}" if isinstance(value, float) else str(value))
