"""The processes that one version runs: the one that cases take, and under the path of each call the one it calls."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workflows.diagram import MAX_NODES, DefinitionError, Kind, Node, Process


class Scope(NamedTuple):
    """A process where it is called: `path` is what stands before the ids of its nodes ("call/")."""

    path: str
    process: Process

    def of_kind(self, *kinds: Kind) -> Iterator[Node]:
        """Yield its nodes of these kinds."""
        return (node for node in self.process.nodes.values() if node.kind in kinds)


def scopes_of(processes: Mapping[str, Process], key: str) -> list[Scope]:
    """Return the process and every process it calls, once for each call; raise DefinitionError if they never end."""
    scopes: list[Scope] = []
    nodes = 0
    for scope in _called(processes, key, "", ()):
        nodes += len(scope.process.nodes)
        if nodes > MAX_NODES:
            reason = f"more than {MAX_NODES} nodes, each called process counted once for each call"
            raise DefinitionError(processes[key].place, reason)
        scopes.append(scope)
    return scopes


def _called(
    processes: Mapping[str, Process], key: str, path: str, callers: tuple[str, ...]
) -> Iterator[Scope]:
    scope = Scope(path, processes[key])
    yield scope
    callers = (*callers, key)
    for node in scope.of_kind(Kind.CALL):
        if node.called not in processes:
            raise DefinitionError(node.place, f"it calls '{node.called}', and no file has such a process")
        if node.called in callers:
            raise DefinitionError(node.place, f"it calls '{node.called}', which leads back here")
        yield from _called(processes, node.called, f"{path}{node.id}/", callers)
