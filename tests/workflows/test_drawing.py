"""The picture of a diagram: everything is on it once, says how it stands, and carries nothing foreign."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from tests.workflows.pictures import TIMER_SHAPES, TIMERS, a_diagram, a_shape, an_edge, node, svg, texts
from tests.workflows.shipped_tables import DIAGRAMS
from workflows import drawing
from workflows.drawing import DrawingError, draw
from workflows.marks import MARKS, draw_mark
from workflows.svg import NAMESPACE, Point, arrow_head, wrap
from workflows.xml import XmlError, read_xml

STYLESHEET = Path(__file__).parents[2] / "webapp" / "assets" / "bpmn.css"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@pytest.mark.parametrize("process", DIAGRAMS)
class TestEveryShippedDiagram:
    def test_shows_every_node_once(self, process):
        root = read_xml(DIAGRAMS[process], process)
        nodes = [
            one.get("id") for one in root.find(f"{BPMN}process") if one.get("name") and "lane" not in one.tag
        ]
        assert sorted(
            one.get("data-step") for one in svg(DIAGRAMS[process]).iterfind(".//*[@data-step]")
        ) == sorted(nodes)

    def test_shows_every_flow_and_seat_once(self, process):
        root, picture = read_xml(DIAGRAMS[process], process), svg(DIAGRAMS[process])
        assert len(picture.findall(".//*[@class='bpmn-flow']")) == len(list(root.iter(f"{BPMN}sequenceFlow")))
        seats = [one.findtext("{*}text") for one in picture.iterfind(".//*[@class='bpmn-lane']")]
        assert seats == [lane.get("name") for lane in root.iter(f"{BPMN}lane")]

    def test_shows_everything_within_the_picture(self, process):
        picture = svg(DIAGRAMS[process])
        left, top, width, height = map(float, picture.get("viewBox").split())
        for one in picture.iter(f"{{{NAMESPACE}}}rect"):
            x, y, w, h = (float(one.get(side)) for side in ("x", "y", "width", "height"))
            assert left <= x <= x + w <= left + width
            assert top <= y <= y + h <= top + height

    def test_lays_its_flows_along_the_page_and_no_two_across_each_other(self, process):
        root = read_xml(DIAGRAMS[process], process)
        lines = [segments(edge) for edge in root.iter("{*}BPMNEdge")]
        assert all(x1 == x2 or y1 == y2 for line in lines for (x1, y1), (x2, y2) in line)
        assert not [
            1 for i, one in enumerate(lines) for other in lines[:i] for a in one for b in other if cross(a, b)
        ]


def segments(edge):
    points = [(float(point.get("x")), float(point.get("y"))) for point in edge.iter("{*}waypoint")]
    return list(pairwise(points))


def cross(one, other):
    """Say whether two upright or level segments touch: their boxes do."""
    return all(
        min(a[axis] for a in one) <= max(b[axis] for b in other)
        and min(b[axis] for b in other) <= max(a[axis] for a in one)
        for axis in (0, 1)
    )


def test_marks_say_how_each_step_stands_by_class_by_shape_and_in_words():
    states = {"current": "out_lead", "done": "in_lead", "rejected": "common_county", "skipped": "common_city"}
    picture = svg(DIAGRAMS["transfer"], **{state: [step] for state, step in states.items()})
    for state, word in (("current", "办理中"), ("done", "已办"), ("rejected", "不通过"), ("skipped", "跳过")):
        step = states[state]
        group = node(picture, step)
        assert f"bpmn-{state}" in group.get("class").split()
        assert group.find("{*}g[@class='bpmn-mark']") is not None
        assert group.findtext("{*}title").endswith(f"（{word}）")
        assert f"（{word}）" in texts(picture, "desc")[0]
    marks = [mark.find("{*}path").get("d") for mark in discs(picture)]
    assert len(marks) == len(set(marks)) == 4


def discs(picture):
    return picture.findall(".//*[@class='bpmn-mark']")


def test_a_step_named_twice_counts_as_the_token_then_as_rejected_then_as_done():
    picture = svg(
        DIAGRAMS["transfer"],
        current=["in_lead"],
        rejected=["in_lead", "common_county"],
        done=["in_lead", "common_county", "common_city"],
        skipped=["common_city"],
    )
    assert "bpmn-current" in node(picture, "in_lead").get("class")
    assert "bpmn-rejected" in node(picture, "common_county").get("class")
    assert "bpmn-done" in node(picture, "common_city").get("class")


@pytest.mark.parametrize("state", MARKS)
def test_a_legend_shows_the_mark_of_the_diagram(state):
    on_diagram = discs(svg(DIAGRAMS["transfer"], **{state: ["in_lead"]}))[0]
    alone = discs(etree.fromstring(draw_mark(state)))[0]
    assert shape(alone) == shape(on_diagram)


def shape(mark):
    return [one.attrib for one in mark]


def test_a_filing_looks_different_from_a_step_that_blocks():
    picture = svg(DIAGRAMS["transfer_both_agree"])
    assert "bpmn-filing" in node(picture, "file_county").get("class")
    assert "bpmn-filing" not in node(picture, "in_lead").get("class")


def test_the_picture_says_to_a_screen_reader_what_it_is():
    picture = svg(DIAGRAMS["transfer"], current=["common_county"])
    assert picture.get("role") == "img"
    assert texts(picture, "title")[0] == "转学（转入方发起）"
    assert (
        "转入方主管部门核办；转出学校核对；转出学校审核；转出方主管部门核办；共同县级核办（办理中）；"
        in texts(picture, "desc")[0]
    )


def test_the_picture_brings_no_style_script_or_id_onto_the_page():
    picture = svg(DIAGRAMS["transfer"], current=["common_county"])
    assert not [one for one in picture.iter() if {"style", "id", "onload", "href"} & set(one.attrib)]
    assert {etree.QName(one).localname for one in picture.iter()} <= {
        "svg", "title", "desc", "g", "rect", "circle", "path", "polyline", "polygon", "text", "tspan"
    }  # fmt: skip


def test_hostile_names_stay_text():
    name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x&gt;"
    written = draw(DIAGRAMS["transfer"].replace("共同县级核办".encode(), name.encode()))
    assert "<script" not in written
    assert "<img" not in written
    group = node(etree.fromstring(written), "common_county")
    assert " ".join(texts(group, "tspan")) == '<script>alert(1)</script>"><img src=x>'


def test_every_class_of_the_picture_is_described_and_styled():
    shapes = "".join(a_shape(one) for one in "sxyne")
    note = '<bpmn:textAnnotation id="n"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation><bpmn:association id="a"/>'
    edges = an_edge("f", (0, 0), (9, 9)) + an_edge("a", (0, 0), (9, 9))
    drawn = draw(a_diagram(shapes, edges, note)) + draw(a_diagram("".join(TIMER_SHAPES), process=TIMERS))
    drawn += draw(
        DIAGRAMS["transfer_both_agree"], current=["in_lead"], done=["out_lead"], rejected=["file_county"]
    )
    classes = {one for found in re.findall('class="([^"]+)"', drawn) for one in found.split()}
    assert not [one for one in classes if one not in drawing.__doc__]
    plain = {f"bpmn-{one}" for one in ["node", "start", "step", "choice", "parallel", "wait", "boundary"]}
    assert {one for one in classes if f".{one}" not in STYLESHEET.read_text(encoding="utf-8")} == plain


def test_gateways_notes_and_named_flows_are_drawn():
    shapes = a_shape("s") + a_shape("x", 'x="90" y="20" width="50" height="50"') + a_shape("y")
    picture = svg(a_diagram(shapes, an_edge("f", (46, 38), (90, 38))))
    assert node(picture, "x").find("{*}polygon").get("points") == "115,20 140,45 115,70 90,45"
    assert node(picture, "x").find("{*}path[@class='bpmn-sign']") is not None
    assert {"开始", "同意", "是否同意"} <= set(texts(picture, "tspan"))


def test_timers_are_two_rings_round_a_clock_dashed_if_they_do_not_interrupt():
    picture = svg(a_diagram("".join(TIMER_SHAPES), process=TIMERS))
    for timer, kind, dashes in (("wait", "wait", 0), ("late", "boundary", 0), ("soon", "boundary", 2)):
        group = node(picture, timer)
        rings = group.findall("{*}circle[@class='bpmn-shape']")
        assert group.get("class").split() == ["bpmn-node", f"bpmn-{kind}"]
        assert [ring.get("r") for ring in rings] == ["18", "14"]
        assert [bool(ring.get("stroke-dasharray")) for ring in rings].count(True) == dashes
        assert group.find("{*}path[@class='bpmn-sign']") is not None
    assert {"公示五日", "逾期改派", "提醒"} <= set(texts(picture, "tspan"))
    assert texts(picture, "desc") == ["步骤：核办。计时：公示五日；逾期改派；提醒"]


def test_timers_at_the_edge_of_a_step_stand_on_it_in_whatever_order_they_are_drawn():
    for shapes in (TIMER_SHAPES, TIMER_SHAPES[::-1]):
        picture = svg(a_diagram("".join(shapes), process=TIMERS))
        drawn = [one.get("data-step") for one in picture.iterfind(".//*[@data-step]")]
        assert set(drawn[-2:]) == {"late", "soon"}


@pytest.mark.parametrize(
    ("bpmn", "problem"),
    [
        (a_diagram(), "no drawing"),
        (a_diagram(a_shape("z")), "'z' is drawn, but is no element"),
        (a_diagram('<bpmndi:BPMNShape bpmnElement="s"/>'), "'s' is drawn without bounds"),
        (a_diagram(a_shape("s", 'x="one" y="2" width="3" height="4"')), "x='one' is no number"),
        (a_diagram(a_shape("s", 'x="1" y="2" width="nan" height="4"')), "width='nan' is no number"),
        (a_diagram(a_shape("s", 'x="1" y="2" width="3"')), "height='None' is no number"),
        (a_diagram(a_shape("s"), an_edge("f", (1, 2))), "'f' is drawn with fewer than two waypoints"),
    ],
)
def test_a_drawing_that_lacks_something_is_refused_by_name(bpmn, problem):
    with pytest.raises(DrawingError, match=re.escape(problem)):
        draw(bpmn)


def test_a_mark_on_an_unknown_step_is_refused_by_name():
    with pytest.raises(DrawingError, match="'in_country' is no element"):
        draw(DIAGRAMS["transfer"], current=["in_country"])


def test_what_is_no_xml_is_refused():
    with pytest.raises(XmlError):
        draw(b"<bpmn:definitions")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("转入学校核对", ["转入学校核对"]),
        ("转入学校学籍主管领导审核", ["转入学校学籍", "主管领导审核"]),
        ("在OA registry system里核对", ["在OA registry", "system里核对"]),
        ("", [""]),
    ],
)
def test_long_names_are_cut_into_even_lines(text, lines):
    assert wrap(text, limit=8) == lines


@pytest.mark.parametrize(
    ("start", "head"),
    [
        (Point(0, 0), "20,0 10,5 10,-5"),
        (Point(40, 0), "20,0 30,-5 30,5"),
        (Point(20, -30), "20,0 15,-10 25,-10"),
    ],
)
def test_an_arrow_points_the_way_it_goes(start, head):
    assert arrow_head(start, Point(20, 0)) == head
