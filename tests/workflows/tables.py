"""Writes DMN files of one table, and says what becomes of them."""

from xml.sax.saxutils import escape

import pytest

from workflows.decisions import DecisionError
from workflows.dmn import read_decisions


def a_file(inputs, rules, *, outputs=(("verdict", "string"),), policy="COLLECT"):
    """Write a DMN file of one table `t`: inputs as (expression, type), rules as lists of cells, outputs last."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}" typeRef="{kind}"><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for n, (text, kind) in enumerate(inputs)
    )
    columns += "".join(f'<output id="o_{name}" name="{name}" typeRef="{kind}" />' for name, kind in outputs)
    rows = ""
    for row, cells in enumerate(rules, 1):
        entries = ["inputEntry"] * len(inputs) + ["outputEntry"] * (len(cells) - len(inputs))
        texts = (
            f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in zip(entries, cells, strict=True)
        )
        rows += f'<rule id="r{row}">{"".join(texts)}</rule>'
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="t" name="T">'
        f'<decisionTable hitPolicy="{policy}">{columns}{rows}</decisionTable></decision></definitions>'
    ).encode()


def a_table(*args, **settings):
    return read_decisions(a_file(*args, **settings), "t.dmn")["t"]


def refusal(data):
    with pytest.raises(DecisionError) as refused:
        read_decisions(data, "t.dmn")
    return str(refused.value)


def rows(table, **facts):
    return [hit.row for hit in table.hits(facts)]
