"""One process as plain data (nodes joined by flows), and the rules that every diagram keeps."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from workflows.expressions import Expression
from workflows.refusals import GatheredError, Refusals

MAX_NODES = 500

# XML and tables say the line in words.
_LINE = re.compile(r"\bline ([0-9]+)")
_LINE_FIRST = re.compile(r"^line [0-9]+: ")


class Kind(StrEnum):
    """The BPMN elements that a token can reach, by their name in the file."""

    START = "startEvent"
    END = "endEvent"
    STEP = "userTask"
    RULE = "businessRuleTask"
    CHOICE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    CALL = "callActivity"
    WAIT = "intermediateCatchEvent"
    BOUNDARY = "boundaryEvent"


TIMER_EVENTS = frozenset({Kind.WAIT, Kind.BOUNDARY})


@dataclass(frozen=True)
class Place:
    """Where something stands: the file, the line, and the id of the nearest element that has one."""

    source: str
    line: int | None = None
    element: str | None = None

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line is not None else ""
        return f"{self.source}{line}" + (f": {self.element}" if self.element else "")


class DefinitionError(GatheredError):
    """The diagram cannot be used; the message names the file, the line, the element and what is wrong."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason

    @classmethod
    def of_file(cls, source: str, error: Exception) -> "DefinitionError":
        """Return the refusal of a file for an error whose message begins with the file's name, and its others."""
        reason = str(error).removeprefix(source).lstrip(":, ")
        line = _LINE.search(reason)
        at = int(line[1]) if line else getattr(error, "line", None)
        refusal = cls(Place(source, at, getattr(error, "element", None)), _LINE_FIRST.sub("", reason))
        refusal.others = tuple(cls.of_file(source, other) for other in getattr(error, "others", ()))
        for one in (refusal, *refusal.others):
            one.__cause__ = error
        return refusal


@dataclass(frozen=True)
class Node:
    """An event, task or gateway; `extension` holds the attributes of the xj:… element it carries, `outcomes` what
    those are called that the diagram names itself.

    Of timer events: `duration` is the text of their timeDuration. A boundary event is `attached_to` a node, from
    which it takes the token away if it is `interrupting`.
    """

    id: str
    kind: Kind
    name: str
    place: Place
    lane: str = ""
    documentation: str = ""
    extension: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    called: str = ""
    default: str | None = None
    duration: str | None = None
    attached_to: str = ""
    interrupting: bool = True

    @property
    def decisions(self) -> tuple[str, ...]:
        """Return the ids of the decision tables that a business rule task asks, one after the other."""
        return tuple(self.extension.get("ref", "").split())


@dataclass(frozen=True)
class Flow:
    """A sequence flow between two nodes, taken under a condition where it leaves an exclusive gateway."""

    id: str
    source: str
    target: str
    condition: Expression | None
    place: Place


@dataclass(frozen=True)
class Process:
    """One process of a file; raises DefinitionError when its nodes and flows do not fit together."""

    id: str
    name: str
    place: Place
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]

    def __post_init__(self) -> None:
        if len(self.nodes) > MAX_NODES:
            raise DefinitionError(self.place, f"{len(self.nodes)} nodes; at most {MAX_NODES} are run")
        self._check_events()
        leaving, entering = self._flows_by_node()
        refusals = Refusals(DefinitionError)
        for node in self.nodes.values():
            with refusals.gathered():
                _check_ways(node, len(leaving[node.id]), entering[node.id])
            with refusals.gathered():
                _check_default(node, leaving[node.id])
            with refusals.gathered():
                _check_attached(node, self.nodes)
            for flow in leaving[node.id]:
                with refusals.gathered():
                    _check_condition(flow, node, alone=len(leaving[node.id]) == 1)
        refusals.refuse()

    def following(self) -> defaultdict[str, set[str]]:
        """Return the nodes that the flows of each node lead to."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for flow in self.flows:
            found[flow.source].add(flow.target)
        return found

    def ways(self) -> Mapping[str, frozenset[str]]:
        """Return the nodes that flows and timers lead to from each node, however far."""
        ahead = self.following()
        for node in self.nodes.values():
            if node.kind is Kind.BOUNDARY:
                ahead[node.attached_to].add(node.id)
        return {node: reached(node, ahead) for node in self.nodes}

    def walk(self) -> list[Node]:
        """Return the nodes from the start on, each before all that it leads to; those of a loop as in the file."""
        ways = self.ways()
        return sorted(self.nodes.values(), key=lambda node: len(ways[node.id] | {node.id}), reverse=True)

    def _check_events(self) -> None:
        kinds = Counter(node.kind for node in self.nodes.values())
        if kinds[Kind.START] != 1:
            raise DefinitionError(self.place, f"a process has one start event, not {kinds[Kind.START]}")
        if not kinds[Kind.END]:
            raise DefinitionError(self.place, "a process has at least one end event")

    def _flows_by_node(self) -> tuple[Mapping[str, list[Flow]], Mapping[str, int]]:
        """Return the flows that leave each node and the number that enter it."""
        leaving: defaultdict[str, list[Flow]] = defaultdict(list)
        entering: Counter[str] = Counter()
        pairs: set[tuple[str, str]] = set()
        refusals = Refusals(DefinitionError)
        for flow in self.flows:
            with refusals.gathered():
                _check_ends(flow, self.nodes, pairs)
            pairs.add((flow.source, flow.target))
            leaving[flow.source].append(flow)
            entering[flow.target] += 1
        refusals.refuse()
        return leaving, entering


def reached(node: str, following: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the nodes that are reached from one, itself only if a way leads back."""
    found: set[str] = set()
    ahead = [node]
    while ahead:
        new = following.get(ahead.pop(), set()) - found
        found |= new
        ahead += new
    return frozenset(found)


def _check_ends(flow: Flow, nodes: Collection[str], pairs: Collection[tuple[str, str]]) -> None:
    for end in (flow.source, flow.target):
        if end not in nodes:
            raise DefinitionError(flow.place, f"the flow joins '{end}', no node of this process")
    # A token that waits at a join is known by the node it came from.
    if (flow.source, flow.target) in pairs:
        raise DefinitionError(flow.place, f"a second flow from '{flow.source}' to '{flow.target}'")


def _check_ways(node: Node, leaving: int, entering: int) -> None:
    if node.kind is Kind.START and entering:
        raise DefinitionError(node.place, "a flow leads back to the start event; lead it to the first step")
    if node.kind is Kind.BOUNDARY and entering:
        raise DefinitionError(
            node.place, "a flow leads to this boundary event; only its timer makes it happen"
        )
    if node.kind not in {Kind.START, Kind.BOUNDARY} and not entering:
        raise DefinitionError(node.place, "no flow leads here")
    if node.kind is Kind.END and leaving:
        raise DefinitionError(node.place, "a flow leaves this end event")
    if node.kind is not Kind.END and not leaving:
        raise DefinitionError(node.place, "no flow leads on from here; lead one to an end event")
    if leaving > 1 and node.kind not in {Kind.CHOICE, Kind.PARALLEL}:
        raise DefinitionError(node.place, f"{leaving} flows leave; only a gateway may split the way")


def _check_default(node: Node, leaving: Sequence[Flow]) -> None:
    if node.default is not None and node.default not in {flow.id for flow in leaving}:
        raise DefinitionError(node.place, f"the default flow '{node.default}' does not leave this gateway")


def _check_attached(node: Node, nodes: Mapping[str, Node]) -> None:
    if node.kind is not Kind.BOUNDARY:
        return
    holder = nodes.get(node.attached_to)
    if holder is None or holder.kind is not Kind.STEP:
        reason = f"it is attached to '{node.attached_to}', which is no user task of this process"
        raise DefinitionError(node.place, reason)


def _check_condition(flow: Flow, node: Node, *, alone: bool) -> None:
    default = flow.id == node.default
    if flow.condition is not None and node.kind is not Kind.CHOICE:
        raise DefinitionError(flow.place, "only a flow out of an exclusive gateway may have a condition")
    if flow.condition is not None and default:
        raise DefinitionError(flow.place, "the default flow may not have a condition")
    if flow.condition is None and node.kind is Kind.CHOICE and not (alone or default):
        reason = f"the flow has no condition and is not the default of the gateway '{node.id}'"
        raise DefinitionError(flow.place, reason)
