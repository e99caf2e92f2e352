"""Two rules overlap exactly where some case matches both; a UNIQUE table with such rules is refused."""

from itertools import product

import pytest
from hypothesis import given

from tests.workflows.random_cells import DOMAIN, columns, text_of
from tests.workflows.tables import a_file, a_table, refusal, rows
from workflows.dmn import read_decisions


@pytest.mark.parametrize(
    ("kind", "one", "other", "overlap"),
    [
        ("number", "< 3", ">= 3", False),
        ("number", "<= 3", ">= 3", True),
        ("number", "(1..2)", "[1..1]", False),
        ("number", "(1..2)", "1.5", True),
        ("number", "> 1", "< 2", True),
        ("number", "< 3", "< 3", True),
        ("number", "> 3", "not(3)", True),
        ("integer", "> 1", "< 2", False),
        ("integer", "> 1", "< 3", True),
        ("number", "not(3)", "[3..3]", False),
        ("string", '"a"', 'not("a")', False),
        ("string", 'not("a")', 'not("b")', True),
        ("string", "null", "not(null)", False),
        ("string", "-", "null", True),
        ("string", "-", '"a"', True),
        ("boolean", "not(true)", "false", True),
        ("boolean", "not(true)", "not(false)", False),
        ("date", '> date("2026-01-01")', '< date("2026-01-02")', False),
        ("date", '> date("2026-01-01")', '< date("2026-01-03")', True),
        ("date", '< date("0001-01-01")', "-", False),
    ],
)
def test_an_overlap_in_a_unique_table_is_refused_by_name(kind, one, other, overlap):
    file = a_file([("x", kind)], [[one, '"x"'], [other, '"y"']], policy="UNIQUE")
    if overlap:
        assert "table 't': rule 1 (r1) and rule 2 (r2) overlap, but the table is UNIQUE" in refusal(file)
    else:
        assert read_decisions(file, "t.dmn")


def test_rules_that_differ_in_one_column_do_not_overlap():
    a_table(
        [("x", "string"), ("y", "number")],
        [['"a"', "1", ""], ['"a"', "2", ""], ['"b"', "1", ""]],
        policy="UNIQUE",
    )


def test_inputs_that_share_a_fact_leave_the_overlap_to_the_evaluation():
    table = a_table(
        [("x", "number"), ("x > 2", "boolean")], [["< 2", "", ""], ["", "true", ""]], policy="UNIQUE"
    )
    assert [rows(table, x=value) for value in (1, 2, 3)] == [[1], [], [2]]


@given(columns(rules=2), columns(rules=2))
def test_an_overlap_is_reported_exactly_when_some_case_matches_both_rules(x, y):
    inputs = [("x", x[0]), ("y", y[0])]
    rules = [[text_of(left), text_of(right), ""] for left, right in zip(x[1], y[1], strict=True)]
    table = a_table(inputs, rules)
    cases = ({"x": one, "y": other} for one, other in product(DOMAIN[x[0]], DOMAIN[y[0]]))
    assert bool(list(table.overlaps())) == any(len(table.hits(facts)) == 2 for facts in cases)
