"""The expression language has no words for harm: what else Python could read is refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.expressions import compile_expression
from workflows.grammar import MAX_DEPTH, MAX_LENGTH
from workflows.values import ExpressionError, ValueType, type_of


@pytest.mark.parametrize(
    ("text", "named"),
    [
        # Ways out of a sandbox.
        ("__import__('os')", "__import__"),
        ("().__class__", "'.__class__'"),
        ("''.__class__.__mro__", "'.__class__"),
        ("packs.count", "'.count'"),
        ("packs[0]", "packs[0] (Subscript)"),
        ("packs[0:1]", "':1]'"),
        ("print('x')", "print('x')"),
        ("outcome('a')('b')", "outcome('a')('b')"),
        ("date", "date is a function"),
        ("outcome(stage)", "outcome(stage)"),
        ("outcome('a', 'b')", "outcome('a', 'b')"),
        ("lambda: 1", "'lambda: 1'"),
        ("(x := 1)", "':= 1)'"),
        ("[x for x in packs]", "'for x in packs]'"),
        ("await x", "'await x'"),
        ("1 if x else 2", "'if x else 2'"),
        ("x is y", "'is y'"),
        ("x; y", "'; y'"),
        ("x @ y", "'@ y'"),
        ("~x", "'~x'"),
        ("+x", "UAdd"),
        ("*x", "'*x'"),
        ("x = 1", "'= 1'"),
        ("{1: 2}", "'{1: 2}'"),
        ("...", "'...'"),
        ("x # y", "'# y'"),
        ("x\\\n", "'\\\\\\n'"),
        # Bombs.
        ("'%1000000000d' % 1", "'% 1'"),
        ("10**10**10", "'**10**10'"),
        ('"a" * 10**9', "'* 10**9'"),
        ("9" * 13, "'9999999999999'"),
        ("[" * 100 + "]" * 100, f"more than {MAX_DEPTH} brackets"),
        ("(" * 21 + "1" + ")" * 21, f"more than {MAX_DEPTH} brackets"),
        ("[[[1]]]", "[[[1]]] (List)"),
        ("1 in [[1]]", "[1] (List)"),
        ("not " * 21 + "x", f"more than {MAX_DEPTH} operators"),
        ("-" * 499 + "1", f"more than {MAX_DEPTH} operators"),
        ("1" + "+1" * 200, f"more than {MAX_DEPTH} operators"),
        ("a" * (MAX_LENGTH + 1), "501 characters"),
        ("'" + "a" * 201 + "'", "at most 200 characters"),
        # Text that is not just text.
        ('f"{x}"', "'\"{x}\"'"),
        ("f'{x:>{y}}'", "\"'{x:>{y}}'\""),
        ("b'x'", "\"'x'\" at column 2"),
        (r"'\x41'", "\\x41"),
        ("'a' 'b'", "\"'a' 'b'\""),
        ("'''a'''", "\"'''a'''\""),
        ("'a", '"\'a" at column 1'),
        ("'a\nb'", r"a\nb"),
        ("'ok\u202e'", r"ok\u202e"),
        ("'\ud800'", r"\ud800"),
        # Names and numbers that look like others.
        ("аpprove", "'аpprove'"),
        ("ﬁle", "'ﬁle'"),
        ("__dunder__", "'__dunder__'"),
        ("Grade", "'Grade'"),
        ("年级", "'年级'"),
        ("x\u3000== 1", r"'\u3000== 1'"),
        ("x\x00", r"'\x00'"),
        ("x == “a”", "'“a”'"),
        ("１２", "'１２'"),
        ("0x10", "'0x10'"),
        ("1e5", "'1e5'"),
        ("1_000", "'1_000'"),
        ("1j", "'1j'"),
        ("1.", "'1.'"),
        (".5", "'.5'"),
        ("1.2345", "'1.2345'"),
        ("1or 2", "'1or 2'"),
        ("012", "'012'"),
        ("date('2026-02-29')", "'2026-02-29' is not a day of the calendar"),
        ("date('20260101')", "'20260101' is not a day written like"),
        ("date('2026-W01-1')", "'2026-W01-1' is not a day written like"),
        ("date('2026-01-01 ')", "'2026-01-01 ' is not a day written like"),
        # Grammar.
        ("", "cannot be empty"),
        (" \n", "cannot be empty"),
        ("x y", "cannot be read"),
        ("x and", "cannot be read"),
        ("(x", "a bracket is not closed"),
        ("  x)", "cannot be read at column 4"),
        ("(x]", "cannot be read"),
        ("a < b < c", "chain"),
        ("x in []", "[] (List)"),
        ("x in (1, 2)", "(1, 2) (Tuple)"),
        ("x == [1]", "[1] (List)"),
        ("()", "() (Tuple)"),
    ],
)
def test_whatever_else_python_could_read_is_refused_by_name(text, named):
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(text)
    assert named in str(refusal.value)


KEYWORDS = ["and", "or", "not", "in", "is", "lambda", "if", "for"]
NAMES = ["true", "none", "__x", "县", "ﬁ", "grade", "stage", "date"]
SIGNS = ["==", "!=", ">=", "**", ":=", '"""', *"<+-*%()[]{},.:=#\\;\"'\n\x00\ud800"]
LITERALS = ['"a"', "'b'", 'f"{x}"', 'b"c"', "1", "2.5", "1e9", "0x1", 'outcome("s")', 'date("2026-01-01")']
TOKENS = st.lists(st.sampled_from([*KEYWORDS, *NAMES, *SIGNS, *LITERALS]), max_size=30)


@given(st.text() | TOKENS.map(" ".join) | TOKENS.map("".join))
def test_any_text_has_a_value_or_is_refused(text):
    try:
        value = compile_expression(text).evaluate({"grade": 7, "stage": "compulsory"})
    except ExpressionError:
        return
    assert type_of(value) in ValueType
