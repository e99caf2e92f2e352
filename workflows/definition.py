"""One version of a process, read from its BPMN and DMN files: what the engine needs to run cases of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from workflows.bpmn import read_process
from workflows.decisions import DecisionError, DecisionTable, HitPolicy
from workflows.diagram import TIMER_EVENTS, DefinitionError, Kind, Node, Place, Process
from workflows.dmn import read_decisions
from workflows.expressions import Expression
from workflows.refusals import Refusals
from workflows.scopes import Scope, scopes_of
from workflows.specs import compile_process
from workflows.steps import Step, read_step
from workflows.timers import Timer, read_timer
from workflows.xml import XmlError

__all__ = ["Definition", "DefinitionError", "Step", "Timer", "read_definition"]


@dataclass(frozen=True, eq=False)
class Definition:
    """A version of a process; immutable, so threads may share it. `specs` and below are the engine's own.

    Equal to itself alone, so that what was computed with it can be remembered by it.
    """

    key: str
    name: str
    steps: Mapping[str, Step]
    """By id, from the start on, those of a called process where it is called."""
    timers: Mapping[str, Timer]
    decisions: Mapping[str, DecisionTable]
    specs: Mapping[str, BpmnProcessSpec] = field(repr=False)
    asked: frozenset[str] = field(repr=False)
    """The steps whose outcome some expression asks for."""
    attached: Mapping[str, tuple[Timer, ...]] = field(repr=False)
    """The timers at the edge of each step that has any."""
    fingerprint: bytes = field(repr=False)
    """Changes with the files, so that a state of another version is known as such."""


def read_definition(files: Mapping[str, bytes], process: str) -> Definition:
    """Return the definition of the process with this id, from *.bpmn and *.dmn files by name.

    Raises DefinitionError, naming file, line and element, for whatever the engine would not run as drawn.
    """
    processes, decisions = read_files(files)
    if process not in processes:
        raise DefinitionError(Place(", ".join(files)), f"no process has the id '{process}'")
    scopes = scopes_of(processes, process)
    read, timers = _read_nodes(scopes, decisions)
    steps = _kept_apart({step: read[step] for step in _walk(processes, process, "")})
    asked = _check_references(scopes, steps, timers)
    return Definition(
        key=process,
        name=processes[process].name,
        steps=MappingProxyType(steps),
        timers=MappingProxyType(timers),
        decisions=MappingProxyType(decisions),
        specs={key: compile_process(processes[key]) for key in {scope.process.id for scope in scopes}},
        asked=asked,
        attached=_attached(timers.values()),
        fingerprint=_fingerprint(files, process),
    )


def read_files(files: Mapping[str, bytes]) -> tuple[dict[str, Process], dict[str, DecisionTable]]:
    """Return the processes and decision tables of *.bpmn and *.dmn files by id; raise DefinitionError.

    Each file is read by itself: the error's `others` tell what is wrong in the other elements and files.
    """
    processes: dict[str, Process] = {}
    decisions: dict[str, DecisionTable] = {}
    refusals = Refusals(DefinitionError)
    with refusals.gathered():
        processes = _read_processes(files)
    with refusals.gathered():
        decisions = _read_decisions(files)
    refusals.refuse()
    return processes, decisions


def _read_processes(files: Mapping[str, bytes]) -> dict[str, Process]:
    processes: dict[str, Process] = {}
    refusals = Refusals(DefinitionError)
    for name, data in files.items():
        with refusals.gathered():
            if not name.endswith((".bpmn", ".dmn")):
                raise DefinitionError(Place(name), "neither a .bpmn nor a .dmn file")
            if name.endswith(".bpmn"):
                process = read_process(data, name)
                if process.id in processes:
                    raise DefinitionError(process.place, f"{processes[process.id].place} has the same id")
                processes[process.id] = process
    refusals.refuse()
    return processes


def _read_decisions(files: Mapping[str, bytes]) -> dict[str, DecisionTable]:
    decisions: dict[str, DecisionTable] = {}
    refusals = Refusals(DefinitionError)
    for name, data in files.items():
        if name.endswith(".dmn"):
            with refusals.gathered():
                tables = _read_tables(name, data)
                if twice := tables.keys() & decisions.keys():
                    raise DefinitionError(Place(name), f"another file has a decision '{min(twice)}' too")
                decisions |= tables
    refusals.refuse()
    return decisions


def _read_tables(name: str, data: bytes) -> dict[str, DecisionTable]:
    try:
        return read_decisions(data, name)
    except (DecisionError, XmlError) as error:
        raise DefinitionError.of_file(name, error) from error


def _read_nodes(
    scopes: list[Scope], decisions: Mapping[str, DecisionTable]
) -> tuple[dict[str, Step], dict[str, Timer]]:
    """Return steps and timers by id; whether every rule node names a table that gives one answer is looked at too."""
    steps: dict[str, Step] = {}
    timers: dict[str, Timer] = {}
    refusals = Refusals(DefinitionError)
    for scope in scopes:
        for node in scope.process.nodes.values():
            with refusals.gathered():
                if node.kind is Kind.STEP:
                    step = read_step(node, scope.path)
                    steps[step.id] = step
                elif node.kind in TIMER_EVENTS:
                    timer = read_timer(node, scope.path)
                    timers[timer.id] = timer
                elif node.kind is Kind.RULE:
                    _check_rule(node, decisions)
    refusals.refuse()
    return steps, timers


def _attached(timers: Iterable[Timer]) -> dict[str, tuple[Timer, ...]]:
    found: dict[str, tuple[Timer, ...]] = {}
    for timer in timers:
        if timer.step is not None:
            found[timer.step] = (*found.get(timer.step, ()), timer)
    return found


def _walk(processes: Mapping[str, Process], key: str, path: str) -> Iterator[str]:
    """Yield the ids of the steps in the order of the diagrams."""
    for node in processes[key].walk():
        if node.kind is Kind.STEP:
            yield path + node.id
        elif node.kind is Kind.CALL:
            yield from _walk(processes, node.called, f"{path}{node.id}/")


def _check_rule(node: Node, decisions: Mapping[str, DecisionTable]) -> None:
    if not node.decisions:
        raise DefinitionError(node.place, "it asks no decision; name one in ref")
    for ref in node.decisions:
        if ref not in decisions:
            raise DefinitionError(node.place, f"no file has a decision '{ref}'")
        if decisions[ref].hit_policy is HitPolicy.COLLECT:
            wanted = "use one that is UNIQUE or FIRST"
            raise DefinitionError(node.place, f"the decision '{ref}' is COLLECT; {wanted}")


def _kept_apart(steps: Mapping[str, Step]) -> dict[str, Step]:
    """Let each of two steps that are separate know it: an earlier one may be asked for anew after the later one."""
    naming = {step: tuple(one.id for one in steps.values() if step in one.separate_from) for step in steps}
    return {
        step.id: replace(step, apart=tuple(dict.fromkeys((*step.separate_from, *naming[step.id]))))
        for step in steps.values()
    }


def _check_references(
    scopes: list[Scope], steps: Mapping[str, Step], timers: Mapping[str, Timer]
) -> frozenset[str]:
    """Return the steps whose outcome some expression asks for; raise DefinitionError for what names no step."""
    found: set[str] = set()
    refusals = Refusals(DefinitionError)
    for scope in scopes:
        for node in scope.of_kind(Kind.STEP):
            with refusals.gathered():
                _check_separation(node, steps[scope.path + node.id], steps)
        for node in scope.of_kind(Kind.BOUNDARY):
            with refusals.gathered():
                _check_attached(node, steps[scope.path + node.attached_to])
        for expression, place in _expressions(scope, steps, timers):
            with refusals.gathered():
                found |= _asked(expression, place, scope, steps)
    refusals.refuse()
    return frozenset(found)


def _check_separation(node: Node, step: Step, steps: Mapping[str, Step]) -> None:
    for other in step.separate_from:
        if other not in steps or other == step.id:
            raise DefinitionError(node.place, f"separate_from names '{other}', which is no other step")


def _check_attached(node: Node, step: Step) -> None:
    if not step.blocking:
        raise DefinitionError(node.place, f"'{node.attached_to}' is a filing (备案), which nobody waits for")


def _asked(expression: Expression, place: Place, scope: Scope, steps: Mapping[str, Step]) -> set[str]:
    """Return the steps whose outcome the expression asks for; there is none to ask of a filing."""
    for asked in expression.outcomes:
        step = steps.get(scope.path + asked)
        if step is None or not step.blocking:
            raise DefinitionError(place, f"outcome('{asked}') names no step that somebody decides")
    return {scope.path + asked for asked in expression.outcomes}


def _expressions(
    scope: Scope, steps: Mapping[str, Step], timers: Mapping[str, Timer]
) -> Iterator[tuple[Expression, Place]]:
    for flow in scope.process.flows:
        if flow.condition is not None:
            yield flow.condition, flow.place
    for node in scope.of_kind(Kind.STEP):
        step = steps[scope.path + node.id]
        yield from ((e, node.place) for e in (step.due, step.skip_when) if e is not None)
    for node in scope.of_kind(*TIMER_EVENTS):
        expression = timers[scope.path + node.id].expression
        if expression is not None:
            yield expression, node.place


def _fingerprint(files: Mapping[str, bytes], process: str) -> bytes:
    digest = blake2b(process.encode(), digest_size=16)
    for name in sorted(files):
        digest.update(blake2b(name.encode()).digest() + blake2b(files[name]).digest())
    return digest.digest()
