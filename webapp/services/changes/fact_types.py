"""How facts are declared: their types, what is said of each, and which of them are read together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflows.check import Fact
from workflows.values import ValueType

STRING, NUMBER, BOOLEAN = Fact(ValueType.STRING), Fact(ValueType.NUMBER), Fact(ValueType.BOOLEAN)
DATE, LIST = Fact(ValueType.DATE), Fact(ValueType.LIST)
MAYBE_NUMBER = Fact(ValueType.NUMBER, unknown=True)


@dataclass(frozen=True, slots=True)
class Described:
    """A fact: its type and values, what it means, its unit.

    Its source is where it is taken from, then the section of the domain analysis and the rules that ask for it.
    """

    fact: Fact
    meaning: str
    source: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that are read together, and what reads them, as Markdown tells it."""

    title: str
    read_by: str
    facts: Mapping[str, Described]

    @property
    def types(self) -> dict[str, Fact]:
        """Return their types by name, in order."""
        return {name: described.fact for name, described in self.facts.items()}


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What the conditions of one kind and its list of papers read of its application, beside what all kinds' do."""

    conditions: Mapping[str, Described]
    papers: Mapping[str, Described]


def one_of(values: Iterable[str], *, unknown: bool = False) -> Fact:
    """Return a fact that is one of these words, or if it may be `unknown` none."""
    return Fact(ValueType.STRING, words(values), unknown=unknown)


def words(values: Iterable[str]) -> tuple[str, ...]:
    """Return enums as the plain words that tables compare with."""
    return tuple(str(word) for word in values)
