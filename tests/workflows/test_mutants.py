"""A table has a mutant for each row that could be lost, each condition, and each bound that could be elsewhere."""

import pytest

from tests.workflows.shipped_tables import TABLES
from tests.workflows.tables import a_table
from workflows.mutants import mutants_of

MOVED = {
    ("number", "< 3"): ["< 2", "< 4"],
    ("number", ">= 3.5"): [">= 2.5", ">= 4.5"],
    ("integer", "not([0..1])"): ["not([-1..1])", "not([1..1])", "not([0..0])", "not([0..2])"],
    ("integer", "(1..3)"): ["(0..3)", "(2..3)", "(1..2)", "(1..4)"],
    ("integer", "[1..1]"): ["[0..1]", "[1..2]"],
    ("integer", "7, > 9"): ["7, > 8", "7, > 10"],
    ("date", '>= date("2016-02-29")'): ['>= date("2016-02-28")', '>= date("2016-03-01")'],
    ("string", '"a","b"'): [],
    ("number", "null"): [],
    ("boolean", "true"): [],
}


@pytest.mark.parametrize(("kind", "cell"), MOVED)
def test_each_bound_is_moved_by_one_either_way_but_not_past_the_other(kind, cell):
    mutants = [*mutants_of(a_table([("x", kind)], [[cell, '"a"']]))]
    moved = [f"x: {text}" for text in MOVED[kind, cell]]
    assert [mutant.change for mutant in mutants] == ["deleted", "x: -", *moved]


def test_a_mutant_differs_in_its_rule_alone():
    table = a_table([("x", "integer"), ("y", "integer")], [["< 3", "1", '"a"'], ["5", "", '"b"']])
    said = {
        (mutant.rule.id, mutant.change): [
            [hit.rule_id for hit in mutant.table.hits({"x": x, "y": y})]
            for x, y in ((2, 1), (2, 2), (3, 1), (5, 1))
        ]
        for mutant in mutants_of(table)
    }
    assert said == {
        ("r1", "deleted"): [[], [], [], ["r2"]],
        ("r1", "x: -"): [["r1"], [], ["r1"], ["r1", "r2"]],
        ("r1", "x: < 2"): [[], [], [], ["r2"]],
        ("r1", "x: < 4"): [["r1"], [], ["r1"], ["r2"]],
        ("r1", "y: -"): [["r1"], ["r1"], [], ["r2"]],
        ("r2", "deleted"): [["r1"], [], [], []],
        ("r2", "x: -"): [["r1", "r2"], ["r2"], ["r2"], ["r2"]],
    }


def test_a_unique_table_whose_rules_overlap_could_not_be_read():
    rules = [["< 3", '"a"'], [">= 3", '"b"']]
    readable = {
        (mutant.rule.id, mutant.change): mutant.is_readable
        for mutant in mutants_of(a_table([("x", "integer")], rules, policy="UNIQUE"))
    }
    assert readable == {
        ("r1", "deleted"): True,
        ("r1", "x: -"): False,
        ("r1", "x: < 2"): True,
        ("r1", "x: < 4"): False,
        ("r2", "deleted"): True,
        ("r2", "x: -"): False,
        ("r2", "x: >= 2"): False,
        ("r2", "x: >= 4"): True,
    }


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.id)
def test_every_mutant_of_a_table_that_ships_has_a_name_of_its_own(table):
    names = [(mutant.rule.id, mutant.change) for mutant in mutants_of(table)]
    assert len(names) == len(set(names))
    assert {rule.id for rule in table.rules} == {rule for rule, _ in names}
