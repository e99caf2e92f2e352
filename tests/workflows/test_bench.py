"""The bench of the engine runs, and finds states as small as they must be."""

from bench.cpu import measure


def test_a_case_of_a_hundred_decisions_has_a_state_below_three_kilobytes():
    figures = measure(rounds=1)
    assert 0 < figures["state_bytes"] < 3_000
    assert all(figure > 0 for figure in figures.values())
