"""The processes that come with the application: diagrams (BPMN) and the decision tables (DMN) that they share."""

from collections.abc import Mapping
from importlib.resources import files

_HERE = files("workflows")


def shipped_processes() -> Mapping[str, Mapping[str, bytes]]:
    """Return the files of each shipped process by file name, under the id of the process.

    A process `x` is drawn in `processes/x.bpmn`; every table goes with every process, so that a case keeps the
    rules that it was started under.
    """
    tables = _read("rules", ".dmn")
    diagrams = _read("processes", ".bpmn")
    return {name.removesuffix(".bpmn"): {name: diagram, **tables} for name, diagram in diagrams.items()}


def _read(folder: str, suffix: str) -> dict[str, bytes]:
    found = sorted(_HERE.joinpath(folder).iterdir(), key=lambda file: file.name)
    return {file.name: file.read_bytes() for file in found if file.name.endswith(suffix)}
