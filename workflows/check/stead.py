"""Does a person answer for every step that a timer takes away? No time that passes approves anything (domain 3.0.4)."""

from collections.abc import Iterator

from workflows.check.reading import Sources
from workflows.check.report import Decision
from workflows.diagram import Kind, reached


class Stead:
    """Knows who answers for a step: somebody in its seat (岗位), or in a step that nothing but a timer leads to."""

    def __init__(self, sources: Sources) -> None:
        self.steps = sources.definition.steps
        self.timers = sources.definition.timers
        self.stand_ins = self.steps.keys() - set(_without_timers(sources, ""))

    def after(self, unanswered: frozenset[str], entry: Decision) -> frozenset[str]:
        """Return the timers for whose step nobody has answered, once this has happened too."""
        name = entry.task.rpartition(":")[0]
        if entry.outcome is None:
            return unanswered | {name} if self.timers[name].interrupting else unanswered
        if name in self.stand_ins:
            return frozenset()
        return frozenset(timer for timer in unanswered if self._seat(timer) != self.steps[name].seat)

    def _seat(self, timer: str) -> str | None:
        step = self.timers[timer].step
        return None if step is None else self.steps[step].seat


def _without_timers(sources: Sources, path: str) -> Iterator[str]:
    """Yield the steps that are reached though no timer at the edge of a step fires."""
    process = sources.scopes[path]
    begins = next(node.id for node in process.nodes.values() if node.kind is Kind.START)
    for name in reached(begins, process.following()):
        if process.nodes[name].kind is Kind.STEP:
            yield path + name
        elif process.nodes[name].kind is Kind.CALL:
            yield from _without_timers(sources, f"{path}{name}/")
