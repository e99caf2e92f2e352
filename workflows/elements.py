"""What a BPMN file may hold: elements, and in each the attributes and elements that the engine runs or people read."""

from collections.abc import Mapping
from typing import NamedTuple

from workflows.diagram import Kind

_PREFIXES = {
    "http://www.omg.org/spec/BPMN/20100524/MODEL": "",
    "http://www.omg.org/spec/BPMN/20100524/DI": "bpmndi:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "urn:xueji:bpmn": "xj:",
}


class Allowed(NamedTuple):
    """What an element may hold; None: anything, because the engine does not look inside."""

    attributes: frozenset[str] | None
    children: frozenset[str] | None


def _allow(attributes: str, children: str) -> Allowed:
    return Allowed(frozenset(attributes.split()), frozenset(children.split()))


_NOTES = "documentation textAnnotation association"
_WAYS = "incoming outgoing documentation"
_TIMER = "timerEventDefinition extensionElements"
ALLOWED: Mapping[str, Allowed] = {
    "definitions": Allowed(None, frozenset({"process", "collaboration", "bpmndi:BPMNDiagram"})),
    "bpmndi:BPMNDiagram": Allowed(None, None),
    "documentation": Allowed(None, None),
    "textAnnotation": Allowed(None, None),
    "association": Allowed(None, None),
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
    Kind.WAIT: _allow("id name", f"{_WAYS} {_TIMER}"),
    Kind.BOUNDARY: _allow("id name attachedToRef cancelActivity", f"outgoing documentation {_TIMER}"),
    "timerEventDefinition": _allow("id", "timeDuration"),
    "timeDuration": _allow("id xsi:type", ""),
    "extensionElements": _allow("", "xj:step xj:outcome xj:decision xj:timer"),
    "xj:step": _allow("role form due skip_when outcomes mode bulk separate_from blocking", ""),
    "xj:outcome": _allow("id name", ""),
    "xj:decision": _allow("ref", ""),
    "xj:timer": _allow("working_days on", ""),
}


def name_of(tag: str | bytes) -> str:
    """Return the name as people write it: BPMN's own without a prefix, ours as xj:…, unknown ones in full."""
    namespace, _, local = str(tag).removeprefix("{").rpartition("}")
    return _PREFIXES.get(namespace, f"{{{namespace}}}" if namespace else "") + local
