"""The cases that can be, as few as tell apart whatever a diagram and its tables tell apart.

The values of every fact that is asked for (all of them, or, of numbers and the like, those on both sides of every
literal) are combined; what `Vocabulary.possible` excludes or what takes another process is left out, and of
combinations that go the same ways one is kept.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, combinations
from typing import TypeAlias

from workflows.cells import ColumnType, witnesses
from workflows.check.alike import Alike, Answers, Facts
from workflows.check.reading import Sources
from workflows.check.report import CaseClass
from workflows.check.vocabulary import Fact, Vocabulary
from workflows.check.words import rules_asked
from workflows.decisions import DecisionTable
from workflows.expressions import Expression, compile_expression
from workflows.grammar import parse
from workflows.values import Value, ValueType

# Almost twice what the processes that ship need; about 10 µs each.
MAX_COMBINATIONS = 100_000
# Rows of tables that are looked at for all the cases together: almost three times what those that ship need.
MAX_ROWS = 500_000
MAX_MEMBERS = 12

_Condition: TypeAlias = tuple[frozenset[str], Callable[[Facts], bool]]
"""The names that a condition is about, and whether it holds."""

_COLUMN_TYPES = {
    ValueType.STRING: ColumnType.STRING,
    ValueType.NUMBER: ColumnType.NUMBER,
    ValueType.BOOLEAN: ColumnType.BOOLEAN,
    ValueType.DATE: ColumnType.DATE,
}


class TooManyCasesError(Exception):
    """The cases cannot be looked at one by one; the message says why."""


def classes(sources: Sources, vocabulary: Vocabulary) -> list[CaseClass]:
    """Return a case of every class; raise TooManyCasesError, or DecisionError if the governing table errs."""
    asking = Asking(sources, vocabulary)
    found: dict[object, Facts] = {}
    for facts in asking.cases():
        found.setdefault(asking.told_apart(facts), facts)
    return [CaseClass(asking.name(facts), facts) for facts in found.values()]


class Asking:
    """What a diagram asks of the facts."""

    def __init__(self, sources: Sources, vocabulary: Vocabulary) -> None:
        self.definition = sources.definition
        self.known = dict(vocabulary.facts)
        self.conditions = list(_conditions(sources))
        self.rules = [self.definition.decisions[ref] for ref in rules_asked(sources)]
        self.seats = {step.seat for step in self.definition.steps.values()}
        self.governing = self.definition.decisions.get(vocabulary.governing or "")
        self.possible = [compile_expression(text) for text in vocabulary.possible]
        steps, timers = self.definition.steps.values(), self.definition.timers.values()
        limits = [
            one for one in (*(step.due for step in steps), *(timer.expression for timer in timers)) if one
        ]
        names = {name for one in (*self.conditions, *limits) for name in one.names}
        self.direct = (names & self.known.keys()) - {"seats"}
        self.seats |= {seat for one in self.conditions for seat in _seats_named(one, self.known)}
        self.answers = Answers(self._tables())
        self.told_apart = Alike(sources, self.rules, self.answers).way
        self.read = self.direct | {"seats"} | self._of_tables()
        self.varied = self._connected(self.read)
        self.spoken_of = self._of_tables().union(*[one.names for one in self.possible])

    def cases(self) -> Iterator[Facts]:
        """Yield every combination that can be and that takes this process."""
        values = {
            name: self.values(name) for name in sorted(self.varied & self.known.keys(), key=self._order)
        }
        conditions = [(one.names, _remembered(one)) for one in self.possible]
        if self.governing is not None:
            conditions.append((self.governing.names, self.takes))
        rows = sum(len(table.rules) for table in self._tables())
        for number, facts in enumerate(_combinations(values, conditions)):
            if number * rows > MAX_ROWS:
                raise TooManyCasesError("the tables have too many rows to be asked about every case")
            yield facts

    def _order(self, name: str) -> tuple[bool, bool, int]:
        """Let what chooses the process stand first, which excludes most, and last what nothing else goes with."""
        governing = self.governing is not None and name in self.governing.names
        return not governing, name not in self.spoken_of, list(self.known).index(name)

    def takes(self, facts: Facts) -> bool:
        """Whether a case with these facts takes this process."""
        if self.governing is None:
            return True
        chosen = self.answers.of(self.governing, facts)
        return chosen is not None and chosen.get("process") == self.definition.key

    def name(self, facts: Facts) -> str:
        """Return the facts that the diagram and its tables ask for, in words."""
        told = (
            (name, " ".join(map(str, value)) if isinstance(value, tuple) else value)
            for name, value in facts.items()
        )
        return ", ".join(f"{name}={value}" for name, value in told if name in self.read)

    def values(self, name: str) -> list[Value]:
        """Return the values of a fact that stand for all."""
        if name == "process":
            return [self.definition.key]
        fact = self.known[name]
        unknown: list[Value] = [None] if fact.unknown else []
        if fact.values:
            merged = self._merged(name, fact.values) if fact.type is ValueType.LIST else fact.values
            return [*merged, *unknown]
        if fact.type is ValueType.LIST:
            return [*self._lists(name, fact), *unknown]
        return self._witnesses(name, fact)

    def _merged(self, name: str, lists: Iterable[Value]) -> Iterable[Value]:
        """Return one of the lists that nothing tells apart: for lineages of rule packs, most of which ask no more here.

        A member that no table and no condition names is only what `possible` says of it.
        """
        if name == "seats":
            return lists
        named = set(self._literals(name, besides_possible=True))
        said = [one.text for one in self.possible if name in one.names]
        kept: dict[object, Value] = {}
        for one in lists:
            members = one if isinstance(one, tuple) else ()
            others = (str(member) for member in members if member not in named)
            allowed = {
                text.replace(f'"{other}"', "") for other in others for text in said if f'"{other}"' in text
            }
            kept.setdefault((tuple(filter(named.__contains__, members)), frozenset(allowed)), one)
        return kept.values()

    def _lists(self, name: str, fact: Fact) -> list[Value]:
        members = [one for one in fact.members if name != "seats" or one in self.seats]
        if len(members) > MAX_MEMBERS:
            raise TooManyCasesError(f"'{name}' can be too many lists")
        return list(chain.from_iterable(combinations(members, size) for size in range(len(members), -1, -1)))

    def _witnesses(self, name: str, fact: Fact) -> list[Value]:
        kind = _COLUMN_TYPES[fact.type]
        literals = set() if kind is ColumnType.BOOLEAN else set(self._literals(name))
        values = witnesses(kind, {literal for literal in literals if kind.fits(literal)})
        return values if fact.unknown else [value for value in values if value is not None]

    def _literals(self, name: str, *, besides_possible: bool = False) -> Iterator[Value]:
        columns = [(table, *column) for table in self._tables() for column in enumerate(table.inputs)]
        for table, index, column in columns:
            if column.expression.text == name:
                cells = [rule.cells[index] for rule in table.rules if index in rule.cells]
                yield from (literal for cell in cells for literal in cell.literals)
        computed = [column.expression for _, _, column in columns if column.expression.text != name]
        possible = () if besides_possible else self.possible
        for expression in (*self.conditions, *possible, *computed):
            if name in expression.names:
                yield from _literals(name, expression, self.known)

    def _tables(self) -> list[DecisionTable]:
        return [*self.rules, *([self.governing] if self.governing else [])]

    def _of_tables(self) -> set[str]:
        return {name for table in self._tables() for name in table.names} & self.known.keys()

    def _connected(self, names: Iterable[str]) -> set[str]:
        """Return the names with those that `possible` says something about together with them."""
        found = set(names)
        while more := [one for one in self.possible if one.names & found and not one.names <= found]:
            found = found.union(*[one.names for one in more])
        return found


def _conditions(sources: Sources) -> Iterator[Expression]:
    steps = sources.definition.steps.values()
    yield from (step.skip_when for step in steps if step.skip_when is not None)
    for process in sources.scopes.values():
        yield from (flow.condition for flow in process.flows if flow.condition is not None)


def _seats_named(condition: Expression, known: Mapping[str, Fact]) -> Iterator[str]:
    """Yield the seats that a condition names: `'县级' in seats`."""
    if "seats" in condition.names:
        yield from (str(seat) for seat in _literals("seats", condition, known))


def _literals(name: str, expression: Expression, known: Mapping[str, Fact]) -> Iterator[Value]:
    """Yield what a fact is compared with; raise TooManyCasesError where it is reckoned with in another way."""
    tree = parse(expression.text.strip())
    uses = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))
    for sides in map(_sides, ast.walk(tree)):
        mine = [side for side in sides if isinstance(side, ast.Name) and side.id == name]
        uses -= len(mine)
        for side in sides if mine else ():
            yield from _values(side, name, expression, known)
    if uses:
        raise TooManyCasesError(f"the values of '{name}' cannot be told apart, in: {expression.text}")


def _sides(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Compare(left, _, [ast.List(choices)]):
            return [left, *choices]
        case ast.Compare(left, _, [right]):
            return [left, right]
    return []


def _values(side: ast.expr, name: str, expression: Expression, known: Mapping[str, Fact]) -> Iterable[Value]:
    if isinstance(side, ast.Name) and side.id == name:
        return []
    if isinstance(side, ast.Name) and side.id in known and known[side.id].words:
        return known[side.id].words
    other = compile_expression(ast.unparse(side))
    if other.names or other.outcomes:
        raise TooManyCasesError(f"'{name}' and '{other.text}' cannot be told apart, in: {expression.text}")
    return [other.evaluate({})]


def _combinations(values: Mapping[str, list[Value]], conditions: Iterable[_Condition]) -> Iterator[Facts]:
    """Yield the combinations of values for which everything holds that is only about these names."""
    names = list(values)
    position = {name: index for index, name in enumerate(names)}
    checks: list[list[Callable[[Facts], bool]]] = [[] for _ in names]
    for about, holds in conditions:
        if about and about <= position.keys():
            checks[max(position[name] for name in about)].append(holds)
    looks = 0

    def fill(index: int, facts: dict[str, Value]) -> Iterator[Facts]:
        nonlocal looks
        if index == len(names):
            yield dict(facts)
            return
        for value in values[names[index]]:
            looks += 1
            if looks > MAX_COMBINATIONS:
                raise TooManyCasesError("the facts have too many combinations")
            facts[names[index]] = value
            if all(holds(facts) for holds in checks[index]):
                yield from fill(index + 1, facts)

    return fill(0, {})


def _remembered(condition: Expression) -> Callable[[Facts], bool]:
    """Return a function that says whether it holds, and evaluates it once for the same values of what it reads."""
    names = sorted(condition.names)
    known: dict[tuple[Value, ...], bool] = {}

    def holds(facts: Facts) -> bool:
        values = tuple(facts[name] for name in names)
        if values not in known:
            known[values] = condition.evaluate(facts) is True
        return known[values]

    return holds
