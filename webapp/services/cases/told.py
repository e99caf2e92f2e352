"""A refusal as it is kept, so that it can be said later in the language of whoever reads it: its name and its facts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from models import enums
from webapp.errors import Refusal
from webapp.services.changes.eligibility import FailedRule, NotEligible


def kept(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as JSON holds it; broken rules with their wording and source."""
    facts = {name: _kept(fact) for name, fact in refusal.facts.items()}
    rules = refusal.failed if isinstance(refusal, NotEligible) else ()
    return {"name": type(refusal).__name__, "facts": facts, "rules": [asdict(rule) for rule in rules]}


def told(stored: Mapping[str, Any]) -> Refusal:
    """Return the refusal that was kept; the plain one if a later release no longer knows its name."""
    kinds = {kind.__name__: kind for kind in _kinds(Refusal)}
    refusal = Refusal.__new__(kinds.get(stored["name"], Refusal))
    Refusal.__init__(refusal, **{name: _told(fact) for name, fact in stored["facts"].items()})
    return refusal


def broken_rules(stored: Mapping[str, Any]) -> list[FailedRule]:
    """Return the rules that a kept refusal names."""
    return [FailedRule(**rule) for rule in stored["rules"]]


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def _kept(fact: object) -> object:
    if isinstance(fact, StrEnum) and hasattr(enums, type(fact).__name__):
        return {type(fact).__name__: fact.value}
    if isinstance(fact, datetime):
        return {"moment": fact.isoformat()}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, tuple):
        return [_kept(part) for part in fact]
    return fact if isinstance(fact, int | str | None) else str(fact)


def _told(fact: object) -> object:
    if isinstance(fact, list):
        return tuple(_told(part) for part in fact)
    if not isinstance(fact, dict):
        return fact
    [(kind, value)] = fact.items()
    if kind == "moment":
        return datetime.fromisoformat(value)
    if kind == "day":
        return date.fromisoformat(value)
    return cast(type[StrEnum], getattr(enums, kind))(value)
