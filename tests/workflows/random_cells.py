"""Draws the cells of a decision table, for property tests."""

import operator
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

# A cell for the property tests is (negated, items); an item is a form of the language with its bounds. All
# bounds are steps 0 to 7 of a column; DOMAIN holds a value for each place that such bounds can tell apart.
FORMS = {
    "null": lambda value: value is None,
    "{}": operator.eq,
    "< {}": operator.lt,
    "<= {}": operator.le,
    "> {}": operator.gt,
    ">= {}": operator.ge,
    "[{}..{}]": lambda value, low, high: low <= value <= high,
    "({}..{}]": lambda value, low, high: low < value <= high,
    "[{}..{})": lambda value, low, high: low <= value < high,
    "]{}..{}[": lambda value, low, high: low < value < high,
}
STEPS = {
    "number": Decimal,
    "integer": lambda step: step,
    "date": lambda step: date(2026, 1, 1) + timedelta(days=step),
    "string": lambda step: "abcdefgh"[step],
    "boolean": lambda step: step > 3,
}
DOMAIN = {
    "number": [None, *[Decimal(half) / 2 for half in range(-1, 17)]],
    "integer": [None, *range(-1, 9)],
    "date": [None, *[STEPS["date"](step) for step in range(-1, 9)]],
    "string": [None, *"abcdefgh", "another"],
    "boolean": [None, True, False],
}


def spelled(value):
    if isinstance(value, bool):
        return str(value).lower()
    quoted = f'"{value}"'
    return {date: f"date({quoted})", str: quoted}.get(type(value), str(value))


@st.composite
def columns(draw, rules=1):
    """Draw the type of a column and the cells that some rules have in it."""
    kind = draw(st.sampled_from(list(STEPS)))
    forms = list(FORMS) if kind in {"number", "integer", "date"} else ["null", "{}"]
    bounds = st.tuples(st.integers(0, 5), st.integers(6, 7)).map(
        lambda steps: [STEPS[kind](step) for step in steps]
    )
    item = st.tuples(st.sampled_from(forms), bounds).map(
        lambda pair: (pair[0], pair[1][: pair[0].count("{}")])
    )
    cell = st.tuples(st.booleans(), st.lists(item, min_size=1, max_size=3)) | st.just((False, []))
    return kind, [draw(cell) for _ in range(rules)]


def text_of(cell):
    negated, items = cell
    text = ", ".join(form.format(*map(spelled, bounds)) for form, bounds in items)
    return f"not({text})" if negated else text
