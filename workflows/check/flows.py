"""Which flows of a diagram does no case take?

Asked of what cases were seen to remember (facts, results of tables, outcomes of steps), not of the engine: what only
seems to be taken is not told of, what is taken never is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from workflows.check.reading import Sources
from workflows.diagram import Flow, Kind, Node, Process
from workflows.values import ExpressionError, Value

# A tenth of a second or so; a diagram that needs more is told nothing of its flows.
MAX_ASKED = 50_000

Memory: TypeAlias = tuple[Mapping[str, Value], Mapping[str, str]]
"""The names that a case knows at some moment, and the outcomes by step id."""


class Flows:
    """The flows out of gateways and boundary events that no case is known to take yet."""

    def __init__(self, sources: Sources) -> None:
        self.scopes = sources.scopes
        self.untaken: dict[str, Flow] = {}
        self.leaving: defaultdict[str, list[Flow]] = defaultdict(list)
        for path, process in self.scopes.items():
            for flow in process.flows:
                self.leaving[path + flow.source].append(flow)
                if process.nodes[flow.source].kind in {Kind.CHOICE, Kind.BOUNDARY}:
                    self.untaken[path + flow.id] = flow
        self.asked = len(self.untaken)
        self.left = MAX_ASKED

    def see(self, memories: Collection[Memory], fired: Collection[str]) -> None:
        """Take note of the flows on which cases with these memories go, in which these timers fired."""
        self.left -= self.asked * len(memories)
        if self.untaken and self.left >= 0:
            for path, process in self.scopes.items():
                starts = [node.id for node in process.nodes.values() if _begins(node, path, fired)]
                self._go_through(path, process, starts, [_of_process(memory, path) for memory in memories])

    def dead(self) -> list[Flow]:
        """Return the flows that no case takes; none where there was too much to ask."""
        return list(self.untaken.values()) if self.left >= 0 else []

    def _go_through(
        self, path: str, process: Process, ahead: list[str], memories: Collection[Memory]
    ) -> None:
        seen: set[str] = set()
        while ahead:
            node = process.nodes[ahead.pop()]
            flows = self.leaving[path + node.id]
            for flow in _chosen(flows, memories) if node.kind is Kind.CHOICE else flows:
                self.untaken.pop(path + flow.id, None)
                if flow.target not in seen:
                    seen.add(flow.target)
                    ahead.append(flow.target)


def _begins(node: Node, path: str, fired: Collection[str]) -> bool:
    return node.kind is Kind.START or (node.kind is Kind.BOUNDARY and path + node.id in fired)


def _of_process(memory: Memory, path: str) -> Memory:
    names, outcomes = memory
    return names, {step.removeprefix(path): said for step, said in outcomes.items() if step.startswith(path)}


def _chosen(flows: Collection[Flow], memories: Collection[Memory]) -> Iterator[Flow]:
    """Yield the flows that the engine chooses: with each memory the first whose condition holds, else the default."""
    default = next((flow for flow in flows if flow.condition is None), None)
    for memory in memories:
        try:
            holding = (flow for flow in flows if flow.condition and flow.condition.evaluate(*memory) is True)
            if (flow := next(holding, default)) is not None:
                yield flow
        except ExpressionError:
            continue  # with this memory no case stands here, or it is told that it is stuck
