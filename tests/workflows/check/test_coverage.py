"""A gap is told exactly where some case has no answer, and a row is dead exactly where earlier ones always answer."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.random_cells import DOMAIN, columns, text_of
from tests.workflows.tables import a_table
from workflows.check import Fact
from workflows.check.coverage import TooManyValuesError, gap, unreachable
from workflows.values import ValueType

pytestmark = pytest.mark.slow

TYPES = {"number": ValueType.NUMBER, "integer": ValueType.NUMBER, "date": ValueType.DATE}
TYPES |= {"string": ValueType.STRING, "boolean": ValueType.BOOLEAN}


@st.composite
def tables(draw, policy):
    x, y = draw(columns(rules=4)), draw(columns(rules=4))
    rules = [[text_of(left), text_of(right), ""] for left, right in zip(x[1], y[1], strict=True)]
    table = a_table([("x", x[0]), ("y", y[0])], rules, policy=policy)
    facts = {"x": Fact(TYPES[x[0]], unknown=True), "y": Fact(TYPES[y[0]], unknown=True)}
    cases = [{"x": one, "y": other} for one, other in product(DOMAIN[x[0]], DOMAIN[y[0]])]
    return table, facts, cases


@given(tables("COLLECT"))
def test_a_gap_is_told_exactly_when_some_case_has_no_answer(drawn):
    table, facts, cases = drawn
    told = gap(table, facts)
    assert (told is not None) == any(not table.hits(case) for case in cases)
    if told is not None:
        assert not table.hits(told)


@given(tables("FIRST"))
def test_a_row_is_dead_exactly_when_it_never_answers(drawn):
    table, facts, cases = drawn
    answering = {hit.row for case in cases for hit in table.hits(case)}
    assert [rule.row for rule in unreachable(table, facts)] == [
        row for row in range(1, 5) if row not in answering
    ]


@pytest.mark.parametrize(
    ("fact", "cells", "missing"),
    [
        (Fact(ValueType.STRING, ("a", "b")), ['"a"'], "b"),
        (Fact(ValueType.STRING, ("a", "b")), ['"a"', '"b"'], "none at all"),
        (Fact(ValueType.STRING, ("a",), unknown=True), ['"a"'], None),
        (Fact(ValueType.LIST, members=("a", "b")), ['"a"', '"b"'], ()),
        (Fact(ValueType.LIST, values=(("a",), ("b", "a"))), ['"a"'], "none at all"),
    ],
)
def test_only_values_that_a_fact_can_have_are_missed(fact, cells, missing):
    table = a_table([("x", "string")], [[cell, ""] for cell in cells])
    told = gap(table, {"x": fact})
    assert told == (None if missing == "none at all" else {"x": missing})


def test_of_inputs_that_share_a_fact_no_gap_is_claimed():
    table = a_table([("x", "number"), ("x > 2", "boolean")], [["<= 2", "", ""], ["", "true", ""]])
    assert gap(table, {"x": Fact(ValueType.NUMBER)}) is None


def test_a_table_of_too_many_combinations_is_given_up():
    wide = 24
    rules = [["true" if column == row else "-" for column in range(wide)] + [""] for row in range(wide)]
    table = a_table([(f"x{n}", "boolean") for n in range(wide)], [*rules, ["-"] * wide + [""]])
    with pytest.raises(TooManyValuesError):
        gap(table, {f"x{n}": Fact(ValueType.BOOLEAN) for n in range(wide)})
