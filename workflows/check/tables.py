"""Decision tables: facts and values that there are, rows that answer, messages in both languages."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from workflows.check.coverage import TooManyValuesError, gap, unreachable
from workflows.check.reading import Tables
from workflows.check.report import Code, Finding, Severity
from workflows.check.texts import CHINESE, ENGLISH, faults
from workflows.check.usage import misuses, unknown_value
from workflows.check.vocabulary import Asked, Fact, Vocabulary
from workflows.check.words import COLUMN_TYPES
from workflows.decisions import DecisionTable, HitPolicy, Input, Rule
from workflows.refusals import did_you_mean
from workflows.values import ValueType


def check_tables(
    tables: Tables, vocabulary: Vocabulary, rules: Collection[str], results: Mapping[str, Fact]
) -> Iterator[Finding]:
    """Yield what is wrong with the tables that the application asks, and with the `rules` that a diagram asks.

    `results` are the outputs of the rules, which a later one may read.
    """
    for key, asked in vocabulary.asked.items():
        if key not in tables.tables:
            message = f"no file has a decision '{key}'"
            yield Finding(Code.TABLE_MISSING, ", ".join(tables.files), None, key, message)
            continue
        check = _Check(tables, key, asked.facts, asked.placeholders)
        yield from (*check.findings(), *check.answers(asked))
    for key in rules:
        if key in tables.tables:
            yield from _Check(tables, key, {**vocabulary.facts, **results}).findings()


class _Check:
    """One table, and the facts that it is asked with."""

    def __init__(
        self,
        tables: Tables,
        key: str,
        facts: Mapping[str, Fact],
        placeholders: frozenset[str] = frozenset(),
    ) -> None:
        self.tables = tables
        self.table: DecisionTable = tables.tables[key]
        self.facts = dict(facts)
        self.placeholders = placeholders

    def findings(self) -> Iterator[Finding]:
        words = [*self.columns(), *self.outputs()]
        yield from words
        yield from self.messages()
        yield from self.unfounded()
        if not words and self.table.hit_policy is HitPolicy.FIRST:
            yield from self.dead_rows()

    def find(self, code: Code, element: str | None, message: str) -> Finding:
        return self.tables.find(code, self.table.id, element, message)

    def columns(self) -> Iterator[Finding]:
        for index, column in enumerate(self.table.inputs):
            unknown = sorted(column.expression.names - self.facts.keys())
            for name in unknown:
                said = f"there is no fact '{name}' here{did_you_mean(name, self.facts)}"
                yield self.find(Code.NAME_UNKNOWN, None, f"column '{column.name}': {said}")
            if not unknown:
                yield from self.column(index, column)

    def column(self, index: int, column: Input) -> Iterator[Finding]:
        fact = self.facts.get(column.expression.text)
        if fact is None:
            for code, said in misuses(column.expression, COLUMN_TYPES[column.type], self.facts, {}):
                yield self.find(code, None, f"column '{column.name}': {said}")
        elif not _goes_with(fact, column):
            said = f"'{column.expression.text}' is a {fact.type}, not of type {column.type}"
            yield self.find(Code.TYPE_WRONG, None, f"column '{column.name}': {said}")
        elif fact.words:
            yield from self.cells(index, column, fact)

    def cells(self, index: int, column: Input, fact: Fact) -> Iterator[Finding]:
        for rule in self.table.rules:
            literals = rule.cells[index].literals if index in rule.cells else ()
            for literal in literals:
                if literal is not None and literal not in fact.words:
                    said = unknown_value(f"'{column.expression.text}'", literal, fact.words)
                    yield self.find(Code.VALUE_UNKNOWN, rule.id, f"{rule}: {said}")

    def outputs(self) -> Iterator[Finding]:
        for rule in self.table.rules:
            for column in self.table.outputs:
                expression = rule.outputs[column.name]
                if expression.names:
                    for code, said in misuses(expression, COLUMN_TYPES[column.type], self.facts, {}):
                        yield self.find(code, rule.id, f"{rule}, column '{column.name}': {said}")

    def messages(self) -> Iterator[Finding]:
        """Look for texts of which only one language is there."""
        names = [column.name for column in self.table.outputs]
        for stem in {name[:-3] for name in names if name.endswith((CHINESE, ENGLISH))}:
            for name in (stem + CHINESE, stem + ENGLISH):
                if name not in names:
                    yield self.find(Code.NOT_TRANSLATED, None, f"there is no column '{name}'")
                    continue
                for rule in self.table.rules:
                    yield from self.message(rule, name)

    def unfounded(self) -> Iterator[Finding]:
        for rule in self.table.rules:
            if not rule.annotation:
                finding = self.find(Code.NO_SOURCE, rule.id, f"{rule} does not name its source")
                yield replace(finding, severity=Severity.WARNING)

    def message(self, rule: Rule, column: str) -> Iterator[Finding]:
        expression = rule.outputs[column]
        if not expression.names:
            for code, said in faults(column, str(expression.evaluate({}) or ""), self.placeholders):
                yield self.find(code, rule.id, f"{rule}: {said}")

    def dead_rows(self) -> Iterator[Finding]:
        try:
            dead = unreachable(self.table, self.facts)
        except TooManyValuesError as error:
            yield self.find(Code.GAVE_UP, None, str(error))
            return
        for rule in dead:
            yield self.find(Code.UNREACHABLE, rule.id, f"{rule} never answers, for earlier ones do")

    def answers(self, asked: Asked) -> Iterator[Finding]:
        """Look for what the application reads of the answer."""
        known = {column.name for column in self.table.outputs}
        if self.table.hit_policy is HitPolicy.COLLECT and not asked.many:
            yield self.find(Code.TABLE, None, "it is COLLECT, and one answer is needed; take UNIQUE or FIRST")
        for name, fact in asked.outputs.items():
            if name not in known:
                yield self.find(Code.OUTPUT_MISSING, None, f"there is no output column '{name}'")
                continue
            for rule in self.table.rules:
                expression = rule.outputs[name]
                value = None if expression.names else expression.evaluate({})
                if not expression.names and fact.words and value not in fact.words:
                    said = unknown_value(f"'{name}'", value, fact.words)
                    yield self.find(Code.VALUE_UNKNOWN, rule.id, f"{rule}: {said}")
        if asked.must_answer:
            yield from self.gaps()

    def gaps(self) -> Iterator[Finding]:
        try:
            values = gap(self.table, self.facts)
        except TooManyValuesError as error:
            yield self.find(Code.GAVE_UP, None, str(error))
            return
        if values is not None:
            told = ", ".join(f"{name} = {value!r}" for name, value in values.items())
            yield self.find(Code.GAP, None, f"no row answers where {told}")


def _goes_with(fact: Fact, column: Input) -> bool:
    """Whether a cell of the column can match the fact, or an element of it."""
    if fact.type is ValueType.LIST:
        return all(column.type.fits(word) for word in fact.words)
    return fact.type in (COLUMN_TYPES[column.type], ValueType.ANY)
