"""An expression has the value and the type that a reader expects, or says why it has none."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.expressions import check_types, compile_expression
from workflows.values import ExpressionError, ValueType, type_of

FACTS = {
    "same_county": True,
    "grade": 7,
    "score": Decimal("59.5"),
    "stage": "compulsory",
    "applied_on": date(2026, 3, 1),
    "packs": ("k12-henan-hs", "k12-national-2013"),
    "unknown": None,
}
TYPES = {
    "same_county": ValueType.BOOLEAN,
    "grade": ValueType.NUMBER,
    "score": ValueType.NUMBER,
    "stage": ValueType.STRING,
    "applied_on": ValueType.DATE,
    "packs": ValueType.LIST,
    "unknown": ValueType.NONE,
    "whatever": ValueType.ANY,
}
OUTCOMES = {"in_county": "approve"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("none", None),
        ("10", 10),
        ("59.50", Decimal("59.5")),
        ("0.1 + 0.2", Decimal("0.3")),
        ("123456789012.125", Decimal("123456789012.125")),
        ("-grade", -7),
        ("'转学'", "转学"),
        (' "a b" ', "a b"),
        ('date("2026-02-28") + 1', date(2026, 3, 1)),
        ("applied_on - 1", date(2026, 2, 28)),
        ('applied_on - date("2026-01-01")', 59),
        ("grade + 1 - 2", 6),
        ("score + 0.5", 60),
        ("score > 59 and score < 60", True),
        ("grade == 7.0", True),
        ("grade != 7", False),
        ("grade <= 6", False),
        ('applied_on >= date("2026-03-01")', True),
        ('stage in ["compulsory", "senior_high"]', True),
        ('stage not in ["compulsory", "senior_high"]', False),
        ("grade in [1, score, 7]", True),
        ("grade not in [-7, 8]", True),
        ('"k12-henan-hs" in packs', True),
        ('"voc-fujian" not in packs', True),
        ("not same_county", False),
        ("true or false and false", True),
        ("(true or false) and false", False),
        ("same_county\n  and\tgrade == 7", True),
        ("unknown == none", True),
        ("unknown != 3", True),
        ("unknown != none and unknown > 3", False),
        ('unknown in ["a", none]', True),
        ('outcome("in_county") == "approve"', True),
        ('outcome("in_city") == none', True),
        ('outcome("in_city") == "approve"', False),
    ],
)
def test_an_expression_has_the_value_a_reader_expects(text, value):
    result = compile_expression(text).evaluate(FACTS, OUTCOMES)
    assert result == value
    assert type_of(result) == type_of(value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nobody > 1", "unknown name nobody"),
        ("unknown > 1", "'>' does not go with none and number"),
        ("1 <= unknown", "'<=' does not go with number and none"),
        ("unknown + 1", "'+' does not go with none and number"),
        ("not unknown", "'not' does not go with none"),
        ("true and unknown", "'and' does not go with none"),
        ("grade or true", "'or' does not go with number"),
        ('grade == "7"', "'==' does not go with number and string"),
        ("same_county == 1", "'==' does not go with boolean and number"),
        ("grade in packs", "'==' does not go with number and string"),
        ("stage in unknown", "'in' does not go with string and none"),
        ('"comp" in stage', "'in' does not go with string and string"),
        ('stage < "x"', "'<' does not go with string and string"),
        ("stage + stage", "'+' does not go with string and string"),
        ("-stage", "'-' does not go with string"),
        ("grade - applied_on", "'-' does not go with number and date"),
        ("applied_on + score", "'+' cannot be computed"),
        ("applied_on + 999999999999", "'+' cannot be computed"),
        ("odd > 1", "a float is not a value"),
        ("moment > applied_on", "a datetime is not a value"),
        ("nothing > 1", "'>' cannot be computed"),
    ],
)
def test_facts_that_an_expression_cannot_judge_are_an_error_that_quotes_it(text, named):
    facts = FACTS | {"odd": 1.5, "moment": datetime(2026, 1, 1), "nothing": Decimal("NaN")}  # noqa: DTZ001
    with pytest.raises(ExpressionError) as refusal:
        compile_expression(text).evaluate(facts)
    assert named in str(refusal.value)
    assert str(refusal.value).endswith(f", in: {text}")


def test_what_is_not_needed_for_the_answer_is_not_asked():
    assert compile_expression("same_county or nobody").evaluate(FACTS) is True
    assert compile_expression("not same_county and nobody").evaluate(FACTS) is False


def test_an_expression_tells_which_facts_and_which_outcomes_it_reads():
    expression = compile_expression(
        'outcome("in_city") == verdict and date("2026-01-01") < day or true and x in [y]'
    )
    assert expression.names == {"verdict", "day", "x", "y"}
    assert expression.outcomes == {"in_city"}


def test_the_same_text_is_compiled_once():
    assert compile_expression("grade + 1") is compile_expression("grade + 1")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("grade > 3 and same_county", "boolean"),
        ("grade + score", "number"),
        ("applied_on - applied_on", "number"),
        ("applied_on - grade", "date"),
        ("applied_on - whatever", "any"),
        ("whatever + whatever", "any"),
        ("whatever > 3", "boolean"),
        ("packs", "list"),
        ("unknown", "none"),
        ("stage == none", "boolean"),
        ('stage in ["a", none, whatever]', "boolean"),
        ('outcome("in_county")', "string"),
        ('date("2026-01-01")', "date"),
    ],
)
def test_the_type_of_an_expression_is_known_before_any_case(text, kind):
    assert check_types(compile_expression(text), TYPES) == kind


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nobody == 1", "unknown name nobody"),
        ("true or nobody", "unknown name nobody"),
        ('grade == "7"', "'==' does not go with number and string"),
        ('grade in [7, "8"]', "'==' does not go with number and string"),
        ("true or grade", "'or' does not go with number"),
        ("not grade", "'not' does not go with number"),
        ("whatever + stage", "'+' does not go with any and string"),
        ("packs > 1", "'>' does not go with list and number"),
        ('outcome("in_county") == 1', "'==' does not go with string and number"),
    ],
)
def test_operands_that_cannot_fit_are_refused_before_any_case(text, named):
    with pytest.raises(ExpressionError) as refusal:
        check_types(compile_expression(text), TYPES)
    assert named in str(refusal.value)


ATOMS = ["true", "none", "3", '"a"', "grade", "stage", "same_county", "unknown", "applied_on"]
ATOMS += ['date("2026-01-01")', 'outcome("in_county")', "(stage in packs)"]
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["==", "!=", "<", ">=", "+", "-", "and", "or"]), inner
        )
        | st.builds("({} {} [{}, {}])".format, inner, st.sampled_from(["in", "not in"]), inner, inner)
        | st.builds("({} {})".format, st.sampled_from(["not", "-"]), inner)
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
def test_what_the_check_accepts_can_be_evaluated_and_has_the_type_it_said(text):
    expression = compile_expression(text)
    try:
        kind = check_types(expression, TYPES)
    except ExpressionError:
        return
    assert type_of(expression.evaluate(FACTS, OUTCOMES)) == kind
