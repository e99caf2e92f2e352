"""Draws a BPMN diagram as an SVG for a page, with the state of one case on it.

The picture has no ids, no scripts and no styles of its own. Its looks are these classes (`webapp/assets/bpmn.css`):

- `bpmn` the whole; `bpmn-pool`, `bpmn-lane` frames and `bpmn-title` their names (a lane is a seat 岗位);
- `bpmn-flow` and `bpmn-arrow`; `bpmn-association` and `bpmn-note` for remarks;
- `bpmn-node` every event, gateway and task, and what it is: `bpmn-start bpmn-end bpmn-choice bpmn-parallel
  bpmn-step bpmn-rule bpmn-call`, with `bpmn-filing` for a step that does not block (备案); for timers `bpmn-wait`
  or, at the edge of a step, `bpmn-boundary`, whose rings are dashed if it does not interrupt the step;
- `bpmn-shape` its outline, `bpmn-name` its name, `bpmn-sign` the sign inside a gateway or a timer;
- `bpmn-current`, `bpmn-done`, `bpmn-rejected`, `bpmn-skipped` on a node, and `bpmn-mark`, the disc of
  `workflows/marks.py`, which says the same without colour; a call activity stands as the steps inside it do.

Put it into `<div class="bpmn-scroll" tabindex="0">`: a phone then moves it instead of shrinking it, and so do keys.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from lxml import etree

from workflows.layout import DrawingError, box_of, waypoints_of
from workflows.marks import MARKS, add_mark
from workflows.standing import standing
from workflows.svg import (
    FONT_SIZE,
    Box,
    Point,
    add,
    add_centred_text,
    add_text,
    arrow_head,
    new_svg,
    polygon,
    shift,
)
from workflows.xml import read_xml

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_STEP = "{urn:xueji:bpmn}step"

_MARGIN = 8
_TITLE_WIDTH = 30
_LABEL_WIDTH = 110

_FRAMES = {"participant": "pool", "lane": "lane"}
_NODES = {
    "startEvent": "start",
    "endEvent": "end",
    "exclusiveGateway": "choice",
    "parallelGateway": "parallel",
    "userTask": "step",
    "businessRuleTask": "rule",
    "callActivity": "call",
    "intermediateCatchEvent": "wait",
    "boundaryEvent": "boundary",
}
_TIMERS = ("wait", "boundary")
_EVENTS = ("start", "end", *_TIMERS)
_RING = 4  # between the two of a timer
_CLOCK = "M0,-6 V0 H5"
_SIGNS = {"choice": "M-7,-7 L7,7 M7,-7 L-7,7", "parallel": "M-10,0 H10 M0,-10 V10"}


def draw(
    bpmn: bytes,
    *,
    inside: str = "",
    steps: Iterable[str] = (),
    current: Iterable[str] = (),
    done: Iterable[str] = (),
    rejected: Iterable[str] = (),
    skipped: Iterable[str] = (),
) -> str:
    """Return the diagram as an SVG, the steps with these ids marked; raise DrawingError or XmlError.

    A step named twice counts as current before rejected (不通过), then as done, then as skipped. The ids are those of
    the whole process ("call/in_county"), and `steps` all of its steps: a call activity is done when no step inside
    it is ahead. For the diagram that is called, `inside` is the path of the call activity ("call").
    """
    marked = {"skipped": skipped, "done": done, "rejected": rejected, "current": current}
    states = standing(marked, steps, inside)
    root = read_xml(bpmn, "diagram")
    elements = {one.get("id", ""): one for one in root.iter() if str(one.tag).startswith(_BPMN)}
    for step in states:
        if step not in elements:
            raise DrawingError(f"'{step}' is no element of this diagram")
    return etree.tostring(_Picture(root, elements, states).svg(), encoding="unicode")


class _Picture:
    """What is drawn of one diagram, and how each of its steps stands."""

    def __init__(
        self,
        root: etree._Element,
        elements: Mapping[str, etree._Element],
        states: Mapping[str, str | None],
    ) -> None:
        self.elements = elements
        self.states = states
        self.shapes = [(self.drawn(shape), box_of(shape)) for shape in root.iter(f"{_DI}BPMNShape")]
        self.edges = [(self.drawn(edge), waypoints_of(edge)) for edge in root.iter(f"{_DI}BPMNEdge")]
        if not self.shapes:
            raise DrawingError("the diagram has no drawing (BPMNDI); open it in an editor and save it")

    def drawn(self, shape: etree._Element) -> etree._Element:
        """Return the element that a shape or an edge stands for."""
        identifier = shape.get("bpmnElement", "")
        if identifier not in self.elements:
            raise DrawingError(f"'{identifier}' is drawn, but is no element of this diagram")
        return self.elements[identifier]

    def svg(self) -> etree._Element:
        """Draw frames first, then flows, then what stands on them, at last what stands on the edge of that."""
        svg = self.canvas()
        for element, box in self.shapes:
            if _kind(element) in _FRAMES:
                _frame(svg, element, box)
        for element, points in self.edges:
            _line(svg, element, points)
        for element, box in sorted(self.shapes, key=lambda shape: _kind(shape[0]) == "boundaryEvent"):
            if _kind(element) in _NODES:
                self.node(svg, element, box)
            elif _kind(element) == "textAnnotation":
                _note(svg, element, box)
        return svg

    def canvas(self) -> etree._Element:
        corners = [
            corner for _, (x, y, width, height) in self.shapes for corner in ((x, y), (x + width, y + height))
        ]
        xs, ys = zip(*corners, *chain.from_iterable(points for _, points in self.edges), strict=True)
        left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
        size = {"width": max(xs) + _MARGIN - left, "height": max(ys) + _MARGIN - top}
        view = f"{left:g} {top:g} {size['width']:g} {size['height']:g}"
        looks = {"class": "bpmn", "role": "img", "lang": "zh-CN", "font-size": FONT_SIZE}
        svg = new_svg(looks | size | {"viewBox": view})
        add(svg, "title").text = next((_name(one) for one in self.of_kind("process")), "")
        steps = [_name(step) + self.told(step) for step in self.of_kind("userTask", "callActivity")]
        timers = [_name(timer) for timer in self.of_kind("intermediateCatchEvent", "boundaryEvent")]
        add(svg, "desc").text = (
            "步骤：" + "；".join(steps) + ("。计时：" + "；".join(timers) if timers else "")
        )
        return svg

    def of_kind(self, *kinds: str) -> Iterator[etree._Element]:
        return (element for element in self.elements.values() if _kind(element) in kinds)

    def told(self, element: etree._Element) -> str:
        """Say in words what the mark of a node shows, for those who do not see it."""
        state = self.states.get(element.get("id", ""))
        return f"（{MARKS[state][0]}）" if state else ""

    def node(self, svg: etree._Element, element: etree._Element, box: Box) -> None:
        kind, identifier = _NODES[_kind(element)], element.get("id", "")
        state = self.states.get(identifier)
        group = add(svg, "g", {"class": " ".join(_classes(element, kind, state)), "data-step": identifier})
        add(group, "title").text = _name(element) + self.told(element)
        if kind in _TIMERS:
            _timer(group, element, box)
        else:
            _outline(group, kind, box)
        if kind in _EVENTS or kind in _SIGNS:
            add_text(group, _name(element), Point(box.middle.x, box.y + box.height + 2), _LABEL_WIDTH)
        else:
            add_centred_text(group, _name(element), box)
        if state:
            add_mark(group, state, Point(box.x + box.width - 6, box.y + 2))


def _classes(element: etree._Element, kind: str, state: str | None) -> Iterator[str]:
    yield from ("bpmn-node", f"bpmn-{kind}")
    if any(step.get("blocking") == "false" for step in element.iter(_STEP)):
        yield "bpmn-filing"
    if state:
        yield f"bpmn-{state}"


def _outline(group: etree._Element, kind: str, box: Box) -> None:
    x, y = box.middle
    if kind in _EVENTS:
        add(group, "circle", {"class": "bpmn-shape", "cx": x, "cy": y, "r": box.width / 2})
    elif kind in _SIGNS:
        across, down = Point(box.x + box.width, y), Point(x, box.y + box.height)
        diamond = polygon(Point(x, box.y), across, down, Point(box.x, y))
        add(group, "polygon", {"class": "bpmn-shape", "points": diamond})
        add(group, "path", {"class": "bpmn-sign", "d": _SIGNS[kind], "transform": shift(box.middle)})
    else:
        add(group, "rect", {"class": "bpmn-shape", "rx": 10} | box.attributes)


def _timer(group: etree._Element, element: etree._Element, box: Box) -> None:
    """Draw the two rings of an intermediate event and, inside, the hands of a clock."""
    x, y = box.middle
    ring = {"class": "bpmn-shape", "cx": x, "cy": y}
    if element.get("cancelActivity") == "false":
        ring["stroke-dasharray"] = "5 3"
    for radius in (box.width / 2, box.width / 2 - _RING):
        add(group, "circle", ring | {"r": radius})
    add(group, "path", {"class": "bpmn-sign", "d": _CLOCK, "transform": shift(box.middle)})


def _frame(svg: etree._Element, element: etree._Element, box: Box) -> None:
    group = add(svg, "g", {"class": f"bpmn-{_FRAMES[_kind(element)]}"})
    add(group, "rect", box.attributes)
    place = {"x": box.x + _TITLE_WIDTH / 2, "y": box.middle.y, "text-anchor": "middle"}
    add(group, "text", place | {"class": "bpmn-title", "writing-mode": "vertical-rl"}).text = _name(element)


def _line(svg: etree._Element, element: etree._Element, points: list[Point]) -> None:
    line = {"points": polygon(*points), "fill": "none"}
    if _kind(element) == "association":
        add(svg, "polyline", line | {"class": "bpmn-association"})
        return
    add(svg, "polyline", line | {"class": "bpmn-flow"})
    add(svg, "polygon", {"class": "bpmn-arrow", "points": arrow_head(points[-2], points[-1])})
    if _name(element):
        add_text(svg, _name(element), Point((points[0].x + points[1].x) / 2, points[0].y), _LABEL_WIDTH)


def _note(svg: etree._Element, element: etree._Element, box: Box) -> None:
    group = add(svg, "g", {"class": "bpmn-note"})
    add(group, "path", {"d": f"M{box.x + 10:g},{box.y:g} h-10 v{box.height:g} h10", "fill": "none"})
    add_centred_text(group, element.findtext(f"{_BPMN}text") or "", box)


def _kind(element: etree._Element) -> str:
    return str(element.tag).removeprefix(_BPMN)


def _name(element: etree._Element) -> str:
    return element.get("name", "")
