"""Writes BPMN and DMN files from terse descriptions, for tests.

What a node is shows in how its id begins: `start`, `end`, `x` (exclusive gateway), `p` (parallel gateway), `rule`
(business rule task), `call` (call activity), `wait` (intermediate timer) or `timer` (timer at the edge of a step),
followed by nothing, a digit or `_`; any other id is a step. A way is a chain of nodes whose last flow may have a
condition or be the default:

    "start > apply > x", "x > apply if outcome('apply') == 'again'", "x > end else"
"""

import re
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import pytest

from workflows.definition import Definition, DefinitionError, read_definition

SEAT = "学校"
KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "rule": "businessRuleTask",
    "call": "callActivity",
    "wait": "intermediateCatchEvent",
    "timer": "boundaryEvent",
}


def a_process(key, *ways, more="", **nodes):
    """Return a BPMN file; `nodes` gives attributes by node id, for a step also its seat and how it has `named`
    outcomes of its own, `more` is extra XML.

    A timer stands `at` a step, `interrupting` or not, and has a `duration` (P10D if nothing is said), `working_days`
    or `on`.
    """
    flows = [flow for way in ways for flow in _flows(way)]
    ids = list(dict.fromkeys(node for source, target, _ in flows for node in (source, target)))
    defaults = {source: f"{source}-{target}" for source, target, condition in flows if condition == "else"}
    lanes = {node: nodes.get(node, {}).get("seat", SEAT) for node in ids if kind(node) == "userTask"}
    return bpmn(
        f'<bpmn:process id="{key}" name="{key}" isExecutable="true">'
        + _lane_set(lanes)
        + "".join("\n" + _node(node, nodes.get(node, {}), defaults.get(node)) for node in ids)
        + "".join("\n" + _flow(*flow) for flow in flows)
        + "\n"
        + more
        + "</bpmn:process>"
    )


def bpmn(content):
    """Return a BPMN file with this content of its root."""
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xj="urn:xueji:bpmn"'
        f' targetNamespace="urn:test">{content}</bpmn:definitions>'
    ).encode()


def a_table(key, fact, output, rules, policy="FIRST", *, kind="number"):
    """Return a DMN file with a table from one text fact to one result, `rules` being {cell: result}."""
    rows = "".join(
        f'<rule id="{key}_{row}"><inputEntry id="{key}_i{row}"><text>{escape(cell)}</text></inputEntry>'
        f'<outputEntry id="{key}_o{row}"><text>{value}</text></outputEntry></rule>'
        for row, (cell, value) in enumerate(rules.items())
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
        f'<decision id="{key}" name="{key}"><decisionTable id="{key}_t" hitPolicy="{policy}">'
        f'<input id="{key}_i"><inputExpression id="{key}_e" typeRef="string"><text>{fact}</text></inputExpression>'
        f'</input><output id="{key}_o" name="{output}" typeRef="{kind}"/>{rows}</decisionTable></decision>'
        "</definitions>"
    ).encode()


def holding(file, element, content):
    """Return the file with more content in the element that has this id."""
    return re.sub(rf'( id="{element}"[^>]*>)'.encode(), rb"\1" + content.encode(), file, count=1)


def a_definition(*ways, files=None, **nodes) -> Definition:
    """Return the definition of a process "main" drawn like this, with further files where it needs them."""
    return read_definition({"main.bpmn": a_process("main", *ways, **nodes), **(files or {})}, "main")


def refusal(files, process="main"):
    """Return what the refusal of these files says."""
    with pytest.raises(DefinitionError) as refused:
        read_definition(files, process)
    return str(refused.value)


def kind(node):
    """Return the BPMN element that a node with this id is."""
    found = re.match(r"(start|end|x|p|rule|call|wait|timer)(?:\d|_|$)", node)
    return KINDS[found[1]] if found else "userTask"


def _flows(way):
    """Yield (source, target, condition) for each flow of a way; the condition belongs to the first."""
    chain, _, condition = re.sub(r" else$", " if else", way).partition(" if ")
    nodes = chain.split(" > ")
    for source, target in pairwise(nodes):
        yield source, target, condition
        condition = ""


def _flow(source, target, condition):
    expression = ""
    if condition not in {"", "else"}:
        formal = 'xsi:type="bpmn:tFormalExpression"'
        expression = f"<bpmn:conditionExpression {formal}>{escape(condition)}</bpmn:conditionExpression>"
    attributes = _attributes({"id": f"{source}-{target}", "sourceRef": source, "targetRef": target})
    return f"<bpmn:sequenceFlow{attributes}>{expression}</bpmn:sequenceFlow>"


def _lane_set(lanes):
    seats = "".join(
        f'<bpmn:lane id="lane_{number}" name="{seat}">'
        + "".join(
            f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node, its in lanes.items() if its == seat
        )
        + "</bpmn:lane>"
        for number, seat in enumerate(dict.fromkeys(lanes.values()))
    )
    return f'<bpmn:laneSet id="lanes">{seats}</bpmn:laneSet>' if seats else ""


def _node(node, given, default):
    tag = kind(node)
    attributes = {"id": node, "name": node} | ({"default": default} if default else {})
    extension = ""
    if tag == "callActivity":
        attributes |= given
    elif tag == "businessRuleTask":
        extension = f"<xj:decision{_attributes(given)}/>"
    elif tag == "userTask":
        said = {name: value for name, value in given.items() if name not in {"seat", "named"}}
        extension = f"<xj:step{_attributes({'role': 'registrar'} | said)}/>"
        for outcome, name in given.get("named", {}).items():
            extension += f"<xj:outcome{_attributes({'id': outcome, 'name': name})}/>"
    elif tag in {"intermediateCatchEvent", "boundaryEvent"}:
        return _timer(tag, attributes, given)
    inside = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return f"<bpmn:{tag}{_attributes(attributes)}>{inside}</bpmn:{tag}>"


def _timer(tag, attributes, given):
    edge = {"at": "attachedToRef", "interrupting": "cancelActivity"}
    attributes |= {edge[name]: value for name, value in given.items() if name in edge}
    ours = {name: value for name, value in given.items() if name in {"working_days", "on"}}
    extension = (
        f"<bpmn:extensionElements><xj:timer{_attributes(ours)}/></bpmn:extensionElements>" if ours else ""
    )
    duration = given.get("duration", None if ours else "P10D")
    inside = "" if duration is None else f"<bpmn:timeDuration>{escape(duration)}</bpmn:timeDuration>"
    definition = f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"
    return f"<bpmn:{tag}{_attributes(attributes)}>{extension}{definition}</bpmn:{tag}>"


def _attributes(given):
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items())
