"""Writes diagrams that are drawn, and looks at their pictures, for tests."""

from lxml import etree

from workflows.drawing import draw
from workflows.svg import NAMESPACE


def svg(bpmn, **states):
    return etree.fromstring(draw(bpmn, **states))


def texts(picture, tag):
    return [one.text for one in picture.iter(f"{{{NAMESPACE}}}{tag}")]


def node(picture, identifier):
    (found,) = picture.iterfind(f".//*[@data-step='{identifier}']")
    return found


def a_diagram(shapes="", edges="", process=""):
    """Return a diagram of a start, a gateway and an end, with the given extra parts."""
    return f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
        xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
      <bpmn:process id="p" name="流程">{process}
        <bpmn:startEvent id="s" name="开始"/><bpmn:sequenceFlow id="f" name="同意" sourceRef="s" targetRef="x"/>
        <bpmn:exclusiveGateway id="x" name="是否同意"/><bpmn:parallelGateway id="y"/><bpmn:endEvent id="e"/>
      </bpmn:process>
      <bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
    </bpmn:definitions>""".encode()


def a_shape(element, bounds='x="10" y="20" width="36" height="36"'):
    return f'<bpmndi:BPMNShape bpmnElement="{element}"><dc:Bounds {bounds}/></bpmndi:BPMNShape>'


def an_edge(element, *points):
    waypoints = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    return f'<bpmndi:BPMNEdge bpmnElement="{element}">{waypoints}</bpmndi:BPMNEdge>'


TIMERS = """
    <bpmn:userTask id="a" name="核办"/><bpmn:intermediateCatchEvent id="wait" name="公示五日"/>
    <bpmn:boundaryEvent id="late" name="逾期改派" attachedToRef="a"/>
    <bpmn:boundaryEvent id="soon" name="提醒" attachedToRef="a" cancelActivity="false"/>"""
TIMER_SHAPES = [
    a_shape("late", 'x="60" y="82" width="36" height="36"'),
    a_shape("soon", 'x="100" y="82" width="36" height="36"'),
    a_shape("wait", 'x="200" y="40" width="36" height="36"'),
    a_shape("a", 'x="40" y="20" width="100" height="80"'),
]
