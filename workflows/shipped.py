"""The processes that come with the application: diagrams (BPMN) and the decision tables (DMN) that they share."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from workflows.bpmn import read_process
from workflows.diagram import Kind

_HERE = files("workflows")


@cache
def shipped_processes() -> Mapping[str, Mapping[str, bytes]]:
    """Return the files of each shipped process by file name, under the id of the process.

    A process `x` is drawn in `processes/x.bpmn`, what several processes call in `processes/shared`; every table goes
    with every process, so that a case keeps the rules that it was started under.
    """
    tables = _read("rules", ".dmn")
    shared = _read("processes/shared", ".bpmn")
    return {
        name.removesuffix(".bpmn"): {name: diagram, **dict(_called(diagram, name, shared)), **tables}
        for name, diagram in _read("processes", ".bpmn").items()
    }


def _called(diagram: bytes, name: str, shared: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the shared diagrams that a diagram calls, and those that they call."""
    for node in read_process(diagram, name).nodes.values():
        if node.kind is Kind.CALL:
            called = f"{node.called}.bpmn"
            yield called, shared[called]
            yield from _called(shared[called], called, shared)


def _read(folder: str, suffix: str) -> dict[str, bytes]:
    found = sorted(_HERE.joinpath(folder).iterdir(), key=lambda file: file.name)
    return {file.name: file.read_bytes() for file in found if file.name.endswith(suffix)}
