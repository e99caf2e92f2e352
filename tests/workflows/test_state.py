"""The bytes of a state come back as they were, or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.state import State, StateError, Tokens, dump_state, load_state

FINGERPRINT = b"a version of a process"

ids = st.text("abc_学", min_size=1, max_size=5)
numbers = st.integers(1, 10**6)
scalars = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text() | st.dates()
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5)


def several(items):
    return st.lists(items, max_size=3).map(sorted).map(tuple)


tokens = st.recursive(
    st.builds(
        Tokens,
        several(st.tuples(ids, numbers)),
        several(st.tuples(ids, ids)),
        armed=several(st.tuples(ids, numbers)),
    ),
    lambda inner: st.builds(Tokens, calls=several(st.tuples(ids, inner))),
    max_leaves=4,
)
states = st.builds(
    State,
    tokens,
    st.dictionaries(ids, numbers, max_size=3),
    st.dictionaries(ids, ids, max_size=3),
    st.dictionaries(ids, values, max_size=3),
)


@given(states)
def test_a_state_comes_back_as_it_was(state):
    assert load_state(dump_state(state, FINGERPRINT), FINGERPRINT) == state


@pytest.mark.parametrize(
    "value", [True, 1, Decimal("1.50"), "1.50", date(2026, 9, 1), "2026-09-01", None, (1, (2,))]
)
def test_a_result_keeps_its_type(value):
    back = load_state(dump_state(State(Tokens(), results={"x": value}), FINGERPRINT), FINGERPRINT).results[
        "x"
    ]
    assert (type(back), repr(back)) == (type(value), repr(value))


def test_the_order_in_which_steps_were_decided_leaves_no_trace():
    one = State(Tokens(), {"a": 1, "b": 2}, {"a": "approve", "b": "again"}, {"x": 1, "y": 2})
    other = State(Tokens(), {"b": 2, "a": 1}, {"b": "again", "a": "approve"}, {"y": 2, "x": 1})
    assert dump_state(one, FINGERPRINT) == dump_state(other, FINGERPRINT)


@given(states, st.data())
def test_a_state_with_one_byte_changed_is_refused(state, data):
    good = dump_state(state, FINGERPRINT)
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    with pytest.raises(StateError):
        load_state(bad, FINGERPRINT)


@given(st.binary(max_size=100))
def test_garbage_is_refused(garbage):
    with pytest.raises(StateError):
        load_state(garbage, FINGERPRINT)


def test_a_state_of_another_version_of_the_process_is_refused():
    with pytest.raises(StateError):
        load_state(dump_state(State(Tokens()), FINGERPRINT), b"another version of it")
