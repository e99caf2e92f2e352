"""Does what an expression or a step refers to come before it?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from workflows.check.reading import Sources
from workflows.check.report import Code, Finding, Severity
from workflows.diagram import TIMER_EVENTS, Kind, Place, Process
from workflows.expressions import Expression

_Ways: TypeAlias = Mapping[str, frozenset[str]]


def check_order(sources: Sources) -> Iterator[Finding]:
    """Yield the steps that are to be separate from a later one, and who asks for an outcome that is not there yet."""
    for path, process in sources.scopes.items():
        ways = process.ways()
        yield from _separation(sources, path, process, ways)
        yield from _outcomes(sources, path, process, ways)


def _separation(sources: Sources, path: str, process: Process, ways: _Ways) -> Iterator[Finding]:
    steps = sources.definition.steps
    for node in process.nodes.values():
        for other in steps[path + node.id].separate_from if node.kind is Kind.STEP else ():
            first = other.removeprefix(path).partition("/")[0]
            if node.id not in ways[first] and path + node.id not in steps[other].separate_from:
                said = f"separate_from names '{other}', which never comes before"
                yield sources.find(Code.NOT_EARLIER, path + node.id, said)


def _outcomes(sources: Sources, path: str, process: Process, ways: _Ways) -> Iterator[Finding]:
    beside = [ways[node.id] for node in process.nodes.values() if node.kind is Kind.PARALLEL]
    for expression, node, place in _expressions(sources, path, process):
        for step in sorted(expression.outcomes):
            # In another branch it may have been decided by then.
            if node not in ways[step] and not any({node, step} <= behind for behind in beside):
                said = f"outcome('{step}') is asked for before that step can have been decided"
                finding = Finding(Code.NOT_DECIDED, place.source, place.line, place.element, said)
                yield replace(finding, severity=Severity.WARNING)


def _expressions(sources: Sources, path: str, process: Process) -> Iterator[tuple[Expression, str, Place]]:
    """Yield every expression with the node where it is asked and the place where it is written."""
    for flow in process.flows:
        if flow.condition is not None:
            yield flow.condition, flow.source, flow.place
    for node in process.nodes.values():
        if node.kind is Kind.STEP:
            step = sources.definition.steps[path + node.id]
            yield from ((one, node.id, node.place) for one in (step.due, step.skip_when) if one is not None)
        elif node.kind in TIMER_EVENTS:
            expression = sources.definition.timers[path + node.id].expression
            if expression is not None:
                yield expression, node.attached_to or node.id, node.place
