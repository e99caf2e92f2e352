"""What the engine remembers of a case between two decisions, and its compact, versioned bytes.

The state is a cache of `engine.fold`: bytes that do not fit are refused, and the caller folds the decisions.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from workflows.values import Value

_VERSION = b"3"
_SEAL_BYTES = 8


class StateError(Exception):
    """The bytes are not a state of this version of the process; fold the case's decisions instead."""


@dataclass(frozen=True, order=True)
class Tokens:
    """Where the tokens of one running process stand, by node id and in sorted order."""

    open: tuple[tuple[str, int], ...] = ()
    """Steps that wait for a decision, each with its occurrence."""
    arrived: tuple[tuple[str, str], ...] = ()
    """Parallel gateways that wait, each with the node that a token came from."""
    calls: tuple[tuple[str, "Tokens"], ...] = ()
    """Call activities under way, each with the tokens of the process it called."""
    armed: tuple[tuple[str, int], ...] = ()
    """Timers that have not fired yet, each with its occurrence; a boundary event's is that of its step."""

    def each(self, path: str = "") -> Iterator[tuple[str, "Tokens"]]:
        """Yield the tokens of this process and of those it calls, each with its path ("", "call/")."""
        yield path, self
        for call, inner in self.calls:
            yield from inner.each(f"{path}{call}/")


@dataclass(frozen=True)
class State:
    """A case between two decisions; it names steps, outcomes and results of rules, never a person."""

    tokens: Tokens
    reached: Mapping[str, int] = field(default_factory=dict)
    """How often each step and each intermediate timer event was reached, by id."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """How the steps that expressions ask for were last decided, by step id."""
    results: Mapping[str, Value] = field(default_factory=dict)
    """What the decision tables answered, by output name."""
    signed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Which signatures an open step has that more have to sign, by key of the step ("a:1")."""


def dump_state(state: State, fingerprint: bytes) -> bytes:
    """Return the state as sealed bytes; equal states of one definition give equal bytes."""
    results = {name: _pack(value) for name, value in state.results.items()}
    content = [
        _pack_tokens(state.tokens),
        dict(state.reached),
        dict(state.outcomes),
        results,
        dict(state.signed),
    ]
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return _VERSION + _seal(body, fingerprint) + body


def load_state(data: bytes, fingerprint: bytes) -> State:
    """Return the state that dump_state wrote for the same definition; raise StateError for others."""
    body = data[1 + _SEAL_BYTES :]
    if data != _VERSION + _seal(body, fingerprint) + body:
        raise StateError("these bytes are not a state of this version of the process")
    tokens, reached, outcomes, results, signed = json.loads(body)
    results = {name: _unpack(value) for name, value in results.items()}
    signed = {key: tuple(signatures) for key, signatures in signed.items()}
    return State(_unpack_tokens(tokens), reached, outcomes, results, signed)


def _seal(body: bytes, fingerprint: bytes) -> bytes:
    """Tell garbage and the states of other definitions from ours, so that nothing else needs checking."""
    return blake2b(body, digest_size=_SEAL_BYTES, key=fingerprint).digest()


def _pack_tokens(tokens: Tokens) -> list[Any]:
    calls = [[call, _pack_tokens(inner)] for call, inner in tokens.calls]
    return [tokens.open, tokens.arrived, calls, tokens.armed]


def _unpack_tokens(packed: list[Any]) -> Tokens:
    waiting, arrived, calls, armed = packed
    return Tokens(
        open=tuple(map(tuple, waiting)),
        arrived=tuple(map(tuple, arrived)),
        calls=tuple((call, _unpack_tokens(inner)) for call, inner in calls),
        armed=tuple(map(tuple, armed)),
    )


def _pack(value: Value) -> Any:  # noqa: ANN401
    match value:
        case tuple():
            return [_pack(item) for item in value]
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case _:
            return value


def _unpack(packed: Any) -> Value:  # noqa: ANN401
    match packed:
        case list():
            return tuple(_unpack(item) for item in packed)
        case {"decimal": text}:
            return Decimal(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case _:
            return packed  # type: ignore[no-any-return]
