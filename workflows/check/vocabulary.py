"""The words that a diagram and its tables may use; whoever runs the processes says which there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from workflows.values import Value, ValueType


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a fact: its type, and where they are closed, all its values.

    A list has as `values` the tuples that it can be, or as `members` what may be in it. `unknown`: it may be none.
    """

    type: ValueType
    values: tuple[Value, ...] = ()
    members: tuple[Value, ...] = ()
    unknown: bool = False

    @property
    def words(self) -> frozenset[Value]:
        """Return what an expression or a cell can compare the fact with; empty: anything of its type."""
        if self.type is ValueType.LIST:
            lists = [value for value in self.values if isinstance(value, tuple)]
            return frozenset(self.members).union(*lists)
        return frozenset(self.values)


@dataclass(frozen=True, slots=True)
class Manner:
    """How steps are taken: what may be filled in (forms), and what may be chosen (outcomes)."""

    forms: frozenset[str]
    outcomes: frozenset[str]

    def naming(self, outcomes: Iterable[str]) -> "Manner":
        """Return the same with outcomes that a step names itself."""
        return replace(self, outcomes=self.outcomes.union(outcomes))


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision table that the application asks itself: with which facts, and what it reads of the answer.

    Only one that takes `many` answers may be COLLECT; one that `must_answer` has a row for every case. In its texts
    the application puts something in the place of each of the `placeholders` ("case" for "{case}").
    """

    facts: Mapping[str, Fact]
    outputs: Mapping[str, Fact]
    must_answer: bool = False
    many: bool = False
    placeholders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Whatever there is to name: in diagrams, and in the tables that they or the application ask.

    Steps that somebody decides are taken in the manner of `deciding`, those only told of (备案) in that of `filing`.
    `actions` are words that mean the same in every step, so that no diagram may call an outcome of its own by one.
    `facts` are those of a case. `possible` are expressions that hold for the facts of every case; `governing` is
    the decision whose output `process` says which process a case takes, if one does.
    """

    seats: frozenset[str]
    roles: frozenset[str]
    deciding: Manner
    filing: Manner
    actions: frozenset[str]
    facts: Mapping[str, Fact]
    possible: tuple[str, ...] = ()
    asked: Mapping[str, Asked] = field(default_factory=dict)
    governing: str | None = None
