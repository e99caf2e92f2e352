"""Reads a BPMN file into a Process; whatever the engine does not run is refused by name.

Our own part of a file (`xmlns:xj="urn:xueji:bpmn"`) stands in the `extensionElements` of a task:

- a user task has `<xj:step role="registrar" form="review" due="10" skip_when="same_authority"
  outcomes="approve" mode="single" bulk="true" separate_from="in_registrar" blocking="true"/>`;
- a business rule task has `<xj:decision ref="transfer_levels step_limits"/>`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, cast

from lxml import etree

from workflows.diagram import DefinitionError, Flow, Kind, Node, Place, Process
from workflows.expressions import Expression, compile_expression
from workflows.refusals import Refusals, did_you_mean
from workflows.values import ExpressionError
from workflows.xml import XmlError, read_xml

_PREFIXES = {
    "http://www.omg.org/spec/BPMN/20100524/MODEL": "",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "urn:xueji:bpmn": "xj:",
}

# Ids become parts of task keys ("call/in_county:1") and of addresses; SpiffWorkflow keeps Start and End.
_ID = re.compile(r"(?!(Start|End)\Z)[A-Za-z_][A-Za-z0-9_-]{0,63}\Z")


class _Allowed(NamedTuple):
    """What an element may hold; None: anything, because the engine does not look inside."""

    attributes: frozenset[str] | None
    children: frozenset[str] | None


def _allow(attributes: str, children: str) -> _Allowed:
    return _Allowed(frozenset(attributes.split()), frozenset(children.split()))


_NOTES = "documentation textAnnotation association"
_WAYS = "incoming outgoing documentation"
_ALLOWED = {
    "definitions": _Allowed(None, frozenset({"process", "collaboration", "bpmndi:BPMNDiagram"})),
    "bpmndi:BPMNDiagram": _Allowed(None, None),
    "documentation": _Allowed(None, None),
    "textAnnotation": _Allowed(None, None),
    "association": _Allowed(None, None),
    "collaboration": _allow("id name", f"participant {_NOTES}"),
    "participant": _allow("id name processRef", "documentation"),
    "process": _allow(
        "id name isExecutable processType isClosed",
        f"laneSet sequenceFlow {' '.join(Kind)} {_NOTES}",
    ),
    "laneSet": _allow("id name", "lane documentation"),
    "lane": _allow("id name", "flowNodeRef documentation"),
    "flowNodeRef": _allow("", ""),
    "incoming": _allow("", ""),
    "outgoing": _allow("", ""),
    "sequenceFlow": _allow("id name sourceRef targetRef", "conditionExpression documentation"),
    "conditionExpression": _allow("id xsi:type", ""),
    Kind.START: _allow("id name", _WAYS),
    Kind.END: _allow("id name", _WAYS),
    Kind.STEP: _allow("id name", f"{_WAYS} extensionElements"),
    Kind.RULE: _allow("id name", f"{_WAYS} extensionElements"),
    Kind.CHOICE: _allow("id name default gatewayDirection", _WAYS),
    Kind.PARALLEL: _allow("id name gatewayDirection", _WAYS),
    Kind.CALL: _allow("id name calledElement", _WAYS),
    "extensionElements": _allow("", "xj:step xj:decision"),
    "xj:step": _allow("role form due skip_when outcomes mode bulk separate_from blocking", ""),
    "xj:decision": _allow("ref", ""),
}
_EXTENSIONS = {Kind.STEP: "xj:step", Kind.RULE: "xj:decision"}


def read_process(data: bytes, source: str) -> Process:
    """Return the one process of a BPMN file; raise DefinitionError naming file, line and element."""
    try:
        root = read_xml(data, source)
    except XmlError as error:
        raise DefinitionError.of_file(source, error) from error
    return _Reader(source).process(root)


def compile_at(place: Place, text: str) -> Expression:
    """Return the compiled expression; raise DefinitionError at this place if it is not of our language."""
    try:
        return compile_expression(text.strip())
    except ExpressionError as error:
        raise DefinitionError(place, str(error)) from error


def _name(tag: str | bytes) -> str:
    """Return the name as people write it: BPMN's own without a prefix, ours as xj:…, unknown ones in full."""
    namespace, _, local = str(tag).removeprefix("{").rpartition("}")
    return _PREFIXES.get(namespace, f"{{{namespace}}}" if namespace else "") + local


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if _name(child.tag) == name]


def _documentation(element: etree._Element) -> str:
    return "\n".join((child.text or "").strip() for child in _children(element, "documentation"))


class _Reader:
    """Knows the file it reads, so that every refusal can name it."""

    def __init__(self, source: str) -> None:
        self.source = source

    def process(self, root: etree._Element) -> Process:
        if _name(root.tag) != "definitions":
            raise self.error(root, f"<{_name(root.tag)}> is not a BPMN file; its root is <definitions>")
        self.check_file(root)
        element = self.only(root, "process")
        if element.get("isExecutable") != "true":
            raise self.error(element, 'the process is not marked isExecutable="true"')
        lanes = dict(self.lanes(element))
        refusals = Refusals(DefinitionError)
        nodes, flows = [], []
        for child in element:
            with refusals.gathered():
                if _name(child.tag) in set(Kind):
                    nodes.append(self.node(child, lanes))
                elif _name(child.tag) == "sequenceFlow":
                    flows.append(self.flow(child))
        refusals.refuse()
        return Process(
            id=self.identifier(element),
            name=element.get("name", ""),
            place=self.place(element),
            nodes={node.id: node for node in nodes},
            flows=tuple(flows),
        )

    def place(self, element: etree._Element) -> Place:
        named = element
        while named.get("id") is None and (parent := named.getparent()) is not None:
            named = parent
        return Place(self.source, cast("int | None", element.sourceline), named.get("id"))

    def error(self, element: etree._Element, reason: str) -> DefinitionError:
        return DefinitionError(self.place(element), reason)

    def check_file(self, root: etree._Element) -> None:
        refusals = Refusals(DefinitionError)
        for check in (self.check_allowed, self.check_ids, self.check_participants):
            with refusals.gathered():
                check(root)
        refusals.refuse()

    def check_allowed(self, element: etree._Element) -> None:
        name = _name(element.tag)
        attributes, children = _ALLOWED[name]
        refusals = Refusals(DefinitionError)
        for attribute in map(_name, element.attrib):
            with refusals.gathered():
                if attributes is not None and attribute not in attributes:
                    problem = f"the attribute '{attribute}' of <{name}> is not supported"
                    raise self.error(element, problem + did_you_mean(attribute, attributes))
        for child in element if children is not None else ():
            with refusals.gathered():
                if _name(child.tag) not in (children or ()):
                    raise self.error(child, f"<{_name(child.tag)}> is not supported in <{name}>")
                self.check_allowed(child)
        refusals.refuse()

    def check_ids(self, root: etree._Element) -> None:
        seen = set()
        refusals = Refusals(DefinitionError)
        for element in root.iter():
            identifier = element.get("id")
            with refusals.gathered():
                if identifier in seen:
                    raise self.error(element, f"a second element has the id '{identifier}'")
            if identifier is not None:
                seen.add(identifier)
        refusals.refuse()

    def check_participants(self, root: etree._Element) -> None:
        pools = [p for c in _children(root, "collaboration") for p in _children(c, "participant")]
        if len(pools) > 1:
            raise self.error(pools[1], "a second participant; draw one pool whose lanes are the seats")

    def only(self, element: etree._Element, name: str) -> etree._Element:
        found = _children(element, name)
        if len(found) != 1:
            raise self.error(element, f"<{_name(element.tag)}> has one <{name}>, not {len(found)}")
        return found[0]

    def identifier(self, element: etree._Element) -> str:
        identifier = element.get("id", "")
        if not _ID.match(identifier):
            rule = "it starts with a letter, goes on with letters, digits, - or _, and is not Start or End"
            raise self.error(element, f"'{identifier}' cannot be the id of <{_name(element.tag)}>: {rule}")
        return identifier

    def lanes(self, process: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield (node id, seat 岗位) for every node that stands in a lane."""
        seen = set()
        nodes = {child.get("id") for child in process if _name(child.tag) in set(Kind)}
        lanes = [lane for lane_set in _children(process, "laneSet") for lane in _children(lane_set, "lane")]
        for lane in lanes:
            for reference in _children(lane, "flowNodeRef"):
                node = (reference.text or "").strip()
                if node not in nodes or node in seen:
                    problem = "is no node of this process" if node not in nodes else "stands in two lanes"
                    raise self.error(reference, f"'{node}' {problem}")
                seen.add(node)
                yield node, lane.get("name", "").strip()

    def node(self, element: etree._Element, lanes: dict[str, str]) -> Node:
        kind = Kind(_name(element.tag))
        identifier = self.identifier(element)
        return Node(
            id=identifier,
            kind=kind,
            name=element.get("name", ""),
            place=self.place(element),
            lane=lanes.get(identifier, ""),
            documentation=_documentation(element),
            extension=self.extension(element, _EXTENSIONS[kind]) if kind in _EXTENSIONS else {},
            called=element.get("calledElement", ""),
            default=element.get("default"),
        )

    def extension(self, element: etree._Element, wanted: str) -> dict[str, str]:
        """Return the attributes of the one xj:… element that a task of this kind carries."""
        found = [child for holder in _children(element, "extensionElements") for child in holder]
        if [_name(child.tag) for child in found] != [wanted]:
            task = _name(element.tag)
            raise self.error(element, f"<{task}> carries one <{wanted}> in its extensionElements")
        return {str(name): str(value) for name, value in found[0].attrib.items()}

    def flow(self, element: etree._Element) -> Flow:
        conditions = _children(element, "conditionExpression")
        place = self.place(element)
        return Flow(
            id=self.identifier(element),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            condition=compile_at(place, conditions[0].text or "") if conditions else None,
            place=place,
        )
