"""Mutants of a decision table (变异): it with one row or condition less, or with one bound elsewhere.

Where examples try every row on both sides of its bounds, one of them fails by each mutant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from workflows.cells import Cell, compile_cell, with_a_bound_moved
from workflows.decisions import DecisionTable, HitPolicy, Rule

DELETED = "deleted"
ANYTHING = "-"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A table that differs in one rule from the one it stands for; `change` says how, as `age: < 15`."""

    table: DecisionTable
    rule: Rule
    change: str

    @property
    def is_readable(self) -> bool:
        """Whether it can be read at all: rules of a UNIQUE table may not overlap."""
        is_unique = self.table.hit_policy is HitPolicy.UNIQUE
        return self.change == DELETED or not is_unique or next(self.table.overlaps(), None) is None


def mutants_of(table: DecisionTable) -> Iterator[Mutant]:
    """Yield for each rule the table without it, with each condition dropped, and with each bound moved by one."""
    for rule in table.rules:
        yield Mutant(
            replace(table, rules=tuple(each for each in table.rules if each is not rule)), rule, DELETED
        )
        for index, cell in rule.cells.items():
            column = table.inputs[index]
            others = {other: kept for other, kept in rule.cells.items() if other != index}
            yield _changed(table, rule, others, f"{column.expression.text}: {ANYTHING}")
            for text in with_a_bound_moved(cell.text, column.type):
                moved = compile_cell(text, column.type)
                assert moved is not None, "it has a bound"
                yield _changed(table, rule, {**rule.cells, index: moved}, f"{column.expression.text}: {text}")


def _changed(table: DecisionTable, rule: Rule, cells: Mapping[int, Cell], change: str) -> Mutant:
    other = replace(rule, cells=cells)
    return Mutant(
        replace(table, rules=tuple(other if each is rule else each for each in table.rules)), rule, change
    )
