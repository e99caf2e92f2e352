"""A decision table answers as its hit policy says, or says why it cannot judge a case."""

from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.tables import a_table, rows
from workflows.decisions import DecisionError, listening


@pytest.mark.parametrize(
    ("policy", "x", "expected"),
    [("UNIQUE", 9, [3]), ("FIRST", 2, [1]), ("COLLECT", 2, [1, 2]), ("COLLECT", 7, [])],
)
def test_the_hit_policy_says_how_many_rules_answer(policy, x, expected):
    cells = [["< 3"], ["[2..5]" if policy != "UNIQUE" else "[3..5]"], ["9"]]
    table = a_table([("x", "number")], [[*cell, '"yes"'] for cell in cells], policy=policy)
    assert rows(table, x=x) == expected


def test_a_collecting_table_has_no_single_answer():
    with pytest.raises(DecisionError, match="table 't': COLLECT has many answers"):
        a_table([("x", "number")], [["1", '"yes"']]).decide({"x": 1})


def test_two_rules_of_a_unique_table_that_a_list_matches_are_named():
    table = a_table([("packs", "string")], [['"a"', '"x"'], ['"b"', '"y"']], policy="UNIQUE")
    with pytest.raises(DecisionError, match=r"table 't': rule 1 \(r1\) and rule 2 \(r2\) both match"):
        table.hits({"packs": ("a", "b")})


def test_an_output_is_a_literal_a_fact_an_expression_or_none():
    outputs = [("a", "string"), ("b", "number"), ("c", "date"), ("d", "boolean"), ("e", "integer")]
    table = a_table(
        [], [["'ok'", "limit", 'date("2026-01-01") + limit', "limit > 3", "null"]], outputs=outputs
    )
    assert table.hits({"limit": 5})[0].outputs == {
        "a": "ok",
        "b": 5,
        "c": date(2026, 1, 6),
        "d": True,
        "e": None,
    }


def test_an_empty_output_is_none():
    assert a_table([], [[""]], policy="FIRST").decide({}) == {"verdict": None}


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, "table 't': column 'grade': unknown name grade"),
        ({"grade": "7"}, "table 't': column 'grade': '7' is not of type integer"),
        ({"grade": (7, Decimal("7.5"))}, "Decimal('7.5') is not of type integer"),
        ({"grade": True}, "True is not of type integer"),
        ({"grade": 7}, "table 't': rule 1 (r1): column 'days': unknown name limit"),
        ({"grade": 7, "limit": "ten"}, "column 'days': 'ten' is not of type number"),
    ],
)
def test_facts_that_a_table_cannot_judge_are_named(facts, named):
    table = a_table([("grade", "integer")], [["7", "limit"]], outputs=[("days", "number")])
    with pytest.raises(DecisionError) as refused:
        table.hits(facts)
    assert named in str(refused.value)


def test_whoever_listens_is_told_which_rules_answered_and_only_then():
    table = a_table([("x", "number")], [["< 3", '"a"'], ["< 5", '"b"']])
    told = []
    with listening(lambda asked, rules, facts: told.append((asked.id, [rule.id for rule in rules], facts))):
        table.hits({"x": 2})
        table.hits({"x": 7})
        with pytest.raises(DecisionError):
            table.hits({})
    table.hits({"x": 4})
    assert told == [("t", ["r1", "r2"], {"x": 2}), ("t", [], {"x": 7})]
