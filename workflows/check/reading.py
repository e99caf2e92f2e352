"""The files of a process, read as far as they can be; every element that cannot is a finding of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflows.check.report import Code, Finding
from workflows.decisions import DecisionError, DecisionTable
from workflows.definition import Definition, DefinitionError, read_definition, read_files
from workflows.diagram import Node, Place, Process
from workflows.dmn import read_decisions
from workflows.scopes import scopes_of
from workflows.values import ExpressionError
from workflows.xml import XmlError, line_of, read_xml

_LANE = "{http://www.omg.org/spec/BPMN/20100524/MODEL}lane"
_CODES: Mapping[type, Code] = {
    XmlError: Code.UNREADABLE,
    ExpressionError: Code.EXPRESSION,
    DecisionError: Code.TABLE,
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of a diagram (泳道), named by the seat whose steps stand in it."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sources:
    """A process and its tables, whose elements can be found again in their files."""

    definition: Definition
    nodes: Mapping[str, Node]
    """By id, in a called process behind those of the call activities ("call/in_county")."""
    scopes: Mapping[str, Process]
    """The process that is run under each path: "" and, for a call, "call/"."""
    lanes: tuple[Lane, ...]
    """Those of all its diagrams."""

    def find(self, code: Code, path: str, message: str) -> Finding:
        """Return a finding on a node of the diagram."""
        place = self.nodes[path].place
        return Finding(code, place.source, place.line, place.element, message)


class Tables:
    """The readable tables of the files, each with the lines of its elements."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.tables: dict[str, DecisionTable] = {}
        self.files = [name for name in files if name.endswith(".dmn")]
        self._files: dict[str, str] = {}
        self._lines: dict[str, dict[str, int | None]] = {}
        for name in self.files:
            self._read(name, files[name])

    def find(self, code: Code, table: str, element: str | None, message: str) -> Finding:
        """Return a finding on an element of a table, or the table itself."""
        file = self._files[table]
        line = self._lines[file].get(element or table)
        return Finding(code, file, line, element or table, f"table '{table}': {message}")

    def _read(self, name: str, data: bytes) -> None:
        try:
            tables = read_decisions(data, name)
        except (DecisionError, XmlError):
            return
        self.tables |= tables
        self._files |= dict.fromkeys(tables, name)
        elements = (element for element in read_xml(data, name).iter() if element.get("id"))
        self._lines[name] = {str(one.get("id")): line_of(one) for one in elements}


def read(files: Mapping[str, bytes], process: str | None) -> tuple[Sources | None, list[Finding]]:
    """Return what was read, or why it cannot be; without `process` it is the one that no other calls."""
    try:
        processes, _ = read_files(files)
        main = process or _main(processes)
        definition = read_definition(files, main)
    except DefinitionError as error:
        return None, [_finding(one) for one in (error, *error.others) if isinstance(one, DefinitionError)]
    scopes = dict(scopes_of(processes, main))
    nodes = {path + node.id: node for path, scope in scopes.items() for node in scope.nodes.values()}
    drawn = dict.fromkeys(scope.place.source for scope in scopes.values())
    lanes = tuple(lane for source in drawn for lane in _lanes(files[source], source))
    return Sources(definition, nodes, scopes, lanes), []


def _lanes(data: bytes, source: str) -> Iterator[Lane]:
    for lane in read_xml(data, source).iter(_LANE):
        place = Place(source, line_of(lane), lane.get("id") or lane.get("name"))
        yield Lane(lane.get("name", "").strip(), place)


def _main(processes: Mapping[str, Process]) -> str:
    called = {node.called for process in processes.values() for node in process.nodes.values()}
    main = [key for key in processes if key not in called]
    if len(main) > 1:
        second = processes[main[1]]
        raise DefinitionError(second.place, f"no process calls it, nor '{main[0]}'; check one at a time")
    return main[0] if main else min(processes, default="")


def _finding(error: DefinitionError) -> Finding:
    code = _CODES.get(type(error.__cause__), Code.DIAGRAM)
    place = error.place
    return Finding(code, place.source, place.line, place.element, error.reason)
