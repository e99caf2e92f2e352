"""Where the tokens of a case stand, but for how often they have been there."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from workflows.state import Tokens

Places: TypeAlias = tuple[object, ...]
_Place = TypeVar("_Place", bound=Hashable)


def places(tokens: Tokens) -> Places:
    """Return what tells these tokens from others."""
    steps = tuple(sorted(step for step, _ in tokens.open))
    timers = tuple(sorted(timer for timer, _ in tokens.armed))
    return (steps, tokens.arrived, tuple((call, places(inner)) for call, inner in tokens.calls), timers)


def size(tokens: Tokens) -> int:
    """Return the number of tokens, timers included."""
    own = len(tokens.open) + len(tokens.arrived) + len(tokens.armed)
    return own + sum(1 + size(inner) for _, inner in tokens.calls)


def doubled(tokens: Tokens) -> Iterator[str]:
    """Yield the nodes where two tokens stand at once."""
    for path, own in tokens.each():
        yield from (path + node for node in _twice([node for node, _ in (*own.open, *own.armed)]))
        yield from (path + gateway for gateway, _ in _twice(own.arrived))
        yield from (path + call for call in _twice([call for call, _ in own.calls]))


def waiting(tokens: Tokens) -> Iterator[str]:
    """Yield the steps and, after them, the timers that are waited for."""
    for path, own in tokens.each():
        yield from (path + step for step, _ in own.open)
    for path, own in tokens.each():
        yield from (path + timer for timer, _ in own.armed)


def _twice(nodes: Sequence[_Place]) -> Iterator[_Place]:
    return (node for node, number in Counter(nodes).items() if number > 1)
