"""Reads a BPMN file into a Process; whatever the engine does not run is refused by name.

Our own part of a file (`xmlns:xj="urn:xueji:bpmn"`) stands in the `extensionElements` of a task:

- a user task has `<xj:step role="registrar" form="review" due="10" skip_when="same_authority"
  outcomes="approve" mode="single" bulk="true" separate_from="in_registrar" blocking="true"/>`, and behind it for each
  outcome of its own `<xj:outcome id="part_time" name="改为半工半读"/>`;
- a business rule task has `<xj:decision ref="transfer_levels step_limits"/>`;
- a timer event that has no `timeDuration` has `<xj:timer working_days="limit - 1"/>` or, at the edge of a user task,
  `<xj:timer on="last_day"/>`.
"""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from workflows.diagram import TIMER_EVENTS, DefinitionError, Flow, Kind, Node, Place, Process
from workflows.elements import ALLOWED, name_of
from workflows.expressions import Expression, compile_expression
from workflows.refusals import Refusals, did_you_mean
from workflows.values import ExpressionError
from workflows.xml import XmlError, read_xml

# Ids become parts of task keys ("call/in_county:1") and of addresses; SpiffWorkflow keeps Start and End.
_ID = re.compile(r"(?!(Start|End)\Z)[A-Za-z_][A-Za-z0-9_-]{0,63}\Z")

_STEP, _OUTCOME, _TIMER = "xj:step", "xj:outcome", "xj:timer"
_EXTENSIONS = {Kind.STEP: _STEP, Kind.RULE: "xj:decision", **dict.fromkeys(TIMER_EVENTS, _TIMER)}


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


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if name_of(child.tag) == name]


def _documentation(element: etree._Element) -> str:
    return "\n".join((child.text or "").strip() for child in _children(element, "documentation"))


class _Reader:
    """Knows the file it reads, so that every refusal can name it."""

    def __init__(self, source: str) -> None:
        self.source = source

    def process(self, root: etree._Element) -> Process:
        if name_of(root.tag) != "definitions":
            raise self.error(root, f"<{name_of(root.tag)}> is not a BPMN file; its root is <definitions>")
        self.check_file(root)
        element = self.only(root, "process")
        if element.get("isExecutable") != "true":
            raise self.error(element, 'the process is not marked isExecutable="true"')
        lanes = dict(self.lanes(element))
        refusals = Refusals(DefinitionError)
        nodes, flows = [], []
        for child in element:
            with refusals.gathered():
                if name_of(child.tag) in set(Kind):
                    nodes.append(self.node(child, lanes))
                elif name_of(child.tag) == "sequenceFlow":
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
        name = name_of(element.tag)
        attributes, children = ALLOWED[name]
        refusals = Refusals(DefinitionError)
        for attribute in map(name_of, element.attrib):
            with refusals.gathered():
                if attributes is not None and attribute not in attributes:
                    problem = f"the attribute '{attribute}' of <{name}> is not supported"
                    raise self.error(element, problem + did_you_mean(attribute, attributes))
        for child in element if children is not None else ():
            with refusals.gathered():
                if name_of(child.tag) not in (children or ()):
                    raise self.error(child, f"<{name_of(child.tag)}> is not supported in <{name}>")
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
            raise self.error(element, f"<{name_of(element.tag)}> has one <{name}>, not {len(found)}")
        return found[0]

    def identifier(self, element: etree._Element) -> str:
        identifier = element.get("id", "")
        if not _ID.match(identifier):
            rule = "it starts with a letter, goes on with letters, digits, - or _, and is not Start or End"
            raise self.error(element, f"'{identifier}' cannot be the id of <{name_of(element.tag)}>: {rule}")
        return identifier

    def lanes(self, process: etree._Element) -> Iterator[tuple[str, str]]:
        """Yield (node id, seat 岗位) for every node that stands in a lane."""
        seen = set()
        nodes = {child.get("id") for child in process if name_of(child.tag) in set(Kind)}
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
        kind = Kind(name_of(element.tag))
        identifier = self.identifier(element)
        return Node(
            id=identifier,
            kind=kind,
            name=element.get("name", ""),
            place=self.place(element),
            lane=lanes.get(identifier, ""),
            documentation=_documentation(element),
            extension=self.extension(element, _EXTENSIONS[kind]) if kind in _EXTENSIONS else {},
            outcomes=self.outcomes(element),
            called=element.get("calledElement", ""),
            default=element.get("default"),
            duration=self.duration(element) if kind in TIMER_EVENTS else None,
            attached_to=element.get("attachedToRef", ""),
            interrupting=self.interrupting(element),
        )

    def extension(self, element: etree._Element, wanted: str) -> dict[str, str]:
        """Return the attributes of the one xj:… element that a node of this kind carries, a timer event if it likes."""
        found = [
            child for child in self.extensions(element) if name_of(child.tag) != _OUTCOME or wanted != _STEP
        ]
        if not found and wanted == _TIMER:
            return {}
        if [name_of(child.tag) for child in found] != [wanted]:
            task = name_of(element.tag)
            raise self.error(element, f"<{task}> carries one <{wanted}> in its extensionElements")
        return {str(name): str(value) for name, value in found[0].attrib.items()}

    def extensions(self, element: etree._Element) -> list[etree._Element]:
        return [child for holder in _children(element, "extensionElements") for child in holder]

    def outcomes(self, element: etree._Element) -> dict[str, str]:
        """Return what a step's own outcomes are called, by id."""
        names: dict[str, str] = {}
        for outcome in self.extensions(element):
            if name_of(outcome.tag) == _OUTCOME:
                names[self.identifier(outcome)] = outcome.get("name", "").strip()
        return names

    def duration(self, element: etree._Element) -> str | None:
        definition = self.only(element, "timerEventDefinition")
        if not len(definition):
            return None
        return (self.only(definition, "timeDuration").text or "").strip()

    def interrupting(self, element: etree._Element) -> bool:
        text = element.get("cancelActivity", "true")
        if text not in {"true", "false"}:
            raise self.error(element, f"cancelActivity is 'true' or 'false', not '{text}'")
        return text == "true"

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
