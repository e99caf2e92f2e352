"""A cell of a decision table matches what it says; a cell outside the language is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.random_cells import DOMAIN, FORMS, columns, text_of
from tests.workflows.tables import a_file, a_table, refusal, rows


@pytest.mark.parametrize(
    ("kind", "cell", "matching", "others"),
    [
        ("string", "", ["a", None, ("a", "b"), ()], []),
        ("string", "-", ["a", None], []),
        ("string", '"a"', ["a", ("b", "a")], ["b", None, (), ("b",)]),
        ("string", '"a","b"', ["a", "b", ("c", "b")], ["c", None]),
        ("string", '"a, b" , ")"', ["a, b", ")"], ["a", "b"]),
        ("string", 'not("a","b")', ["c", (), ("c", "d")], ["a", "b", None, ("c", "b")]),
        ("string", 'not ( "a" )', ["b"], ["a", None]),
        ("string", "null", [None], ["a", ()]),
        ("string", 'null,"a"', [None, "a"], ["b"]),
        ("string", "not(null)", ["a", ("a",)], [None]),
        ("string", '"not(1)"', ["not(1)"], ["1"]),
        ("boolean", "true", [True], [False, None]),
        ("boolean", "true, false", [True, False], [None]),
        ("number", "3", [3, Decimal("3.0")], [4, None]),
        ("number", "-3.5", [Decimal("-3.5")], [3]),
        ("number", "< 3", [2, Decimal("2.9")], [3, None]),
        ("number", "<=3", [3], [4, None]),
        ("number", "> 3", [4], [3, None]),
        ("number", ">= 3.5", [Decimal("3.5")], [3, None]),
        ("number", "[1..3]", [1, 3], [0, 4, None]),
        ("number", "(1..3)", [2], [1, 3]),
        ("number", "]1..3]", [2, 3], [1]),
        ("number", "[1 .. 3[", [1, 2], [3]),
        ("number", "1,[3..4],> 8", [1, 3, 9], [2, 5, None]),
        ("number", "not(< 1, > 10)", [1, 10], [0, 11, None]),
        ("integer", "[-2..-1]", [-2], [0]),
        ("date", 'date("2026-03-01")', [date(2026, 3, 1)], [date(2026, 3, 2)]),
        ("date", '>= date("2026-03-01")', [date(2026, 3, 1)], [date(2026, 2, 28), None]),
        ("date", '[date("2026-01-01")..date( "2026-06-30" )]', [date(2026, 6, 30)], [date(2026, 7, 1)]),
    ],
)
def test_a_cell_matches_what_it_says(kind, cell, matching, others):
    table = a_table([("x", kind)], [[cell, '"yes"']])
    assert [value for value in [*matching, *others] if rows(table, x=value)] == matching


@pytest.mark.parametrize(
    ("kind", "cell", "named"),
    [
        ("string", "approve", "'approve' is not a list of literals"),
        ("string", "'a'", "\"'a'\" is not a list of literals"),
        ("string", '"a" "b"', "is not a list of literals"),
        ("string", '"a",', "'' is not a list of literals"),
        ("string", ',"a"', "is not a list of literals"),
        ("string", '-,"a"', "is not a list of literals"),
        ("string", 'not("a"', "is not a list of literals"),
        ("string", "not()", "is not a list of literals"),
        ("string", 'not("a"), not("b")', "is not a list of literals"),
        ("string", 'not(not("a"))', "is not a list of literals"),
        ("string", '"\\x41"', "x41"),
        ("string", "x > 3", "is not a list of literals"),
        ("string", "?", "is not a list of literals"),
        ("string", '= "a"', "is not a list of literals"),
        ("string", "__import__('os')", "is not a list of literals"),
        ("string", '"' + "a" * 300 + '"', "at most 200 characters"),
        ("string", ",".join(['"a"'] * 300), "at most 1,000 characters, this one has 1,199"),
        ("string", "12", "12 is not of type string"),
        ("string", '< "b"', '"b" has no order'),
        ("boolean", "< true", "true has no order"),
        ("boolean", "1", "1 is not of type boolean"),
        ("number", '"3"', '"3" is not of type number'),
        ("number", "true", "true is not of type number"),
        ("number", "> null", "null has no order"),
        ("number", "[3..1]", "no value lies in [3..1]"),
        ("number", "[3..3[", "no value lies in [3..3["),
        ("number", "[1..2", "is not a list of literals"),
        ("number", "1..2", "is not a list of literals"),
        ("number", "1e9", "is not a list of literals"),
        ("number", "9" * 13, "at most 12 digits"),
        ("integer", "3.5", "3.5 is not of type integer"),
        ("integer", "[1..3.5]", "3.5 is not of type integer"),
        ("date", '"2026-01-01"', '"2026-01-01" is not of type date'),
        ("date", 'date("2026-02-30")', "'2026-02-30' is not a day of the calendar"),
    ],
)
def test_a_cell_outside_the_language_is_refused_with_its_place(kind, cell, named):
    message = refusal(a_file([("x", kind)], [["-", '"ok"'], [cell, '"ok"']]))
    assert message.startswith("t.dmn: table 't': line 1, rule 2: column 'x': ")
    assert named in message


def matches(cell, value):
    """Say what the documentation of the language says about a cell, one value after the other."""
    negated, items = cell
    if value is None:
        return not items or (not negated and ("null", []) in items)
    values = value if isinstance(value, tuple) else (value,)
    said = [FORMS[form](one, *bounds) for form, bounds in items for one in values]
    return not items or any(said) != negated


@given(columns(), st.data())
def test_a_compiled_cell_agrees_with_a_plain_reading_of_it(column, data):
    kind, [cell] = column
    known = [value for value in DOMAIN[kind] if value is not None]
    value = data.draw(st.sampled_from(DOMAIN[kind]) | st.lists(st.sampled_from(known), max_size=3).map(tuple))
    table = a_table([("x", kind)], [[text_of(cell), ""]])
    assert bool(table.hits({"x": value})) == matches(cell, value)
